using System.IO.Compression;
using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>
/// Layers: localstack's tests/aws/services/lambda_/test_lambda_api.snapshot.json, TestLambdaLayer (recorded on AWS 20-11-2023 and later), and
/// https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html for what processes find of them.
/// </summary>
public sealed class LayerTests
{
    private const string Root = "/2018-10-31/layers";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:layer:";
    private static readonly byte[] Code = FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n"));

    [Fact]
    public async Task Versions_are_numbered_on_and_a_function_keeps_one_that_is_deleted()
    {
        await using var cloud = await TestCloud.Start();
        var first = await Publish(cloud, "one", Code, ",\"CompatibleRuntimes\":[],\"LicenseInfo\":\"MIT\"");
        var second = await Publish(cloud, "one", Code);
        await cloud.CreateFunction("f", "provided.al2023", "any", Code, $"\"Layers\":[\"{Arn}one:1\"]");

        await cloud.Rest(HttpMethod.Delete, "lambda", Root + "/one/versions/1");
        await cloud.Rest(HttpMethod.Delete, "lambda", Root + "/one/versions/2");
        await cloud.Rest(HttpMethod.Delete, "lambda", Root + "/one/versions/2");
        var none = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/versions"));
        var third = await Publish(cloud, "one", Code);
        var function = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/f/configuration"));

        Assert.Equal((1, 2, 3), (Number(first), Number(second), Number(third)));
        Assert.Equal(Arn + "one:1", first.GetProperty("LayerVersionArn").GetString());
        Assert.Equal((Arn + "one", "", "MIT"), (Text(first, "LayerArn"), Text(first, "Description"), Text(first, "LicenseInfo")));
        Assert.Equal("[]", first.GetProperty("CompatibleRuntimes").GetRawText());
        Assert.False(second.TryGetProperty("CompatibleRuntimes", out _));
        Assert.Equal(Code.Length, first.GetProperty("Content").GetProperty("CodeSize").GetInt32());
        Assert.Equal(0, none.GetProperty("LayerVersions").GetArrayLength());
        Assert.Equal("[{\"Arn\":\"" + Arn + "one:1\",\"CodeSize\":" + Code.Length + "}]", function.GetProperty("Layers").GetRawText());
    }

    [Fact]
    public async Task Lists_have_the_latest_version_first_and_are_filtered()
    {
        await using var cloud = await TestCloud.Start();
        await Publish(cloud, "one", Code, ",\"CompatibleRuntimes\":[\"python3.12\"]");
        await Publish(cloud, "one", Code, ",\"CompatibleRuntimes\":[\"nodejs22.x\"]");
        await Publish(cloud, "two", Code);

        var all = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root));
        var python = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "?CompatibleRuntime=python3.12"));
        var versions = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/versions"));
        var byArn = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + $"?find=LayerVersion&Arn={Arn}one:2"));

        Assert.Equal(
            ["one", "two"],
            all.GetProperty("Layers").EnumerateArray().Select(layer => layer.GetProperty("LayerName").GetString())
        );
        var only = Assert.Single(python.GetProperty("Layers").EnumerateArray());
        Assert.Equal(1, Number(only.GetProperty("LatestMatchingVersion")));
        Assert.False(only.GetProperty("LatestMatchingVersion").TryGetProperty("Content", out _));
        Assert.Equal([2, 1], versions.GetProperty("LayerVersions").EnumerateArray().Select(Number));
        Assert.Equal(2, Number(byArn));
    }

    public static TheoryData<string, string, string, int, string> Refusals() =>
        new()
        {
            { "GET", Root + "/none/versions/1", "", 404, "The resource you requested does not exist." },
            { "GET", Root + "/one/versions/0", "", 400, "Layer Version Cannot be less than 1" },
            { "DELETE", Root + "/one/versions/-1", "", 400, "Layer Version Cannot be less than 1" },
            {
                "GET",
                Root + $"?find=LayerVersion&Arn={Arn}one",
                "",
                400,
                $"1 validation error detected: Value '{Arn}one' at 'arn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:lambda:"
            },
            { "GET", Root + $"?find=LayerVersion&Arn={Arn}one:9", "", 404, "The resource you requested does not exist." },
            {
                "GET",
                Root + "?CompatibleArchitecture=none",
                "",
                400,
                "1 validation error detected: Value 'none' at 'compatibleArchitecture' failed to satisfy constraint: Member must satisfy enum value set: [x86_64, arm64]"
            },
            { "GET", Root + "?CompatibleRuntime=none", "", 400, "Member must satisfy enum value set: [ruby3.5, ruby2.6, dotnetcore1.0," },
            {
                "POST",
                Root + "/two/versions",
                """{"CompatibleRuntimes":["a","nodejs16.x"],"CompatibleArchitectures":["b"],"Content":{"ZipFile":"UEs="}}""",
                400,
                "Value '[b]' at 'compatibleArchitectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64]]"
            },
            { "GET", Root + "/one/versions/1/policy", "", 404, "No policy is associated with the given resource." },
            { "GET", Root + "/one/versions/2/policy", "", 404, $"Layer version {Arn}one:2 does not exist." },
            {
                "POST",
                Root + "/one/versions/1/policy",
                """{"StatementId":"s","Action":"*","Principal":"*"}""",
                400,
                "Value '*' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: lambda:GetLayerVersion"
            },
            {
                "POST",
                Root + "/one/versions/1/policy?RevisionId=wrong",
                """{"StatementId":"s","Action":"lambda:GetLayerVersion","Principal":"*"}""",
                412,
                "Call the GetLayerPolicy API to retrieve the latest Revision Id"
            },
            { "DELETE", Root + "/one/versions/1/policy/none", "", 404, "Statement none is not found in resource policy." },
            {
                "PUT",
                "/2015-03-31/functions/f/configuration",
                $$"""{"Layers":["{{Arn}}one:1","{{Arn}}one:1"]}""",
                400,
                $"Two different versions of the same layer are not allowed to be referenced in the same function. {Arn}one:1 and {Arn}one:1 are versions of the same layer."
            },
            {
                "PUT",
                "/2015-03-31/functions/f/configuration",
                $$"""{"Layers":["{{Arn}}one:9"]}""",
                400,
                $"Layer version {Arn}one:9 does not exist."
            },
            {
                "PUT",
                "/2015-03-31/functions/f/configuration",
                $$"""{"Layers":["{{Arn}}one"]}""",
                400,
                $"Value '[{Arn}one]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 140"
            },
            {
                "PUT",
                "/2015-03-31/functions/f/configuration",
                """{"Layers":["arn:aws:lambda:eu-central-1:000000000000:layer:one:1"]}""",
                400,
                "Layers are not in the same region as the function. Layers are expected to be in region us-east-1."
            },
            {
                "PUT",
                "/2015-03-31/functions/f/configuration",
                $$"""{"Layers":["{{Arn}}a:1","{{Arn}}b:1","{{Arn}}c:1","{{Arn}}d:1","{{Arn}}e:1","{{Arn}}f:1"]}""",
                400,
                "Cannot reference more than 5 layers."
            },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task It_is_refused_in_AWS_words(string method, string path, string body, int status, string message)
    {
        await using var cloud = await TestCloud.Start();
        await Publish(cloud, "one", Code);
        await cloud.CreateFunction("f", "provided.al2023", "any", Code);

        var refused = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(new HttpMethod(method), "lambda", path, body));

        Assert.Equal(status, refused.Status);
        var document = JsonElement.Parse(refused.Body);
        Assert.Contains(message, (document.TryGetProperty("message", out var small) ? small : document.GetProperty("Message")).GetString());
    }

    [Fact]
    public async Task A_policy_has_a_revision_for_each_change()
    {
        await using var cloud = await TestCloud.Start();
        await Publish(cloud, "one", Code);
        const string policy = Root + "/one/versions/1/policy";

        var added = JsonElement.Parse(
            await cloud.Rest(
                HttpMethod.Post,
                "lambda",
                policy,
                """{"StatementId":"s1","Action":"lambda:GetLayerVersion","Principal":"*"}"""
            )
        );
        var first = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", policy));
        var twice = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(HttpMethod.Post, "lambda", policy, """{"StatementId":"s1","Action":"lambda:GetLayerVersion","Principal":"*"}""")
        );
        await cloud.Rest(
            HttpMethod.Post,
            "lambda",
            $"{policy}?RevisionId={Text(first, "RevisionId")}",
            """{"StatementId":"s2","Action":"lambda:GetLayerVersion","Principal":"123456789012"}"""
        );
        await cloud.Rest(HttpMethod.Delete, "lambda", policy + "/s1");
        var last = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", policy));

        Assert.Equal(
            $$"""{"Sid":"s1","Effect":"Allow","Principal":"*","Action":"lambda:GetLayerVersion","Resource":"{{Arn}}one:1"}""",
            Text(added, "Statement")
        );
        Assert.Equal(Text(added, "RevisionId"), Text(first, "RevisionId"));
        Assert.Equal(409, twice.Status);
        Assert.NotEqual(Text(first, "RevisionId"), Text(last, "RevisionId"));
        Assert.Equal(
            $$"""{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s2","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"lambda:GetLayerVersion","Resource":"{{Arn}}one:1"}]}""",
            Text(last, "Policy")
        );
    }

    [Fact]
    public async Task A_python_function_imports_from_its_layers_and_later_layers_win()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await Publish(cloud, "one", FunctionFixture.Zip(("python/greeting.py", "text = 'one'"), ("python/other.py", "text = 'other'")));
        await Publish(cloud, "two", FunctionFixture.Zip(("python/greeting.py", "text = 'two'")));
        await cloud.CreatePython(
            "f",
            "import greeting, other\ndef handler(event, context):\n    return greeting.text + ' ' + other.text\n",
            $"\"Layers\":[\"{Arn}one:1\",\"{Arn}two:1\"]"
        );

        Assert.Equal("\"two other\"", (await cloud.Invoke("f")).Payload);
    }

    [Fact]
    public async Task A_stack_makes_a_layer_with_its_permission_and_takes_them_away()
    {
        await using var cloud = await TestCloud.Start();
        using (var s3 = S3.S3Tests.Client(cloud))
        {
            await s3.PutBucketAsync("bucket");
            await s3.PutObjectAsync(
                new()
                {
                    BucketName = "bucket",
                    Key = "k",
                    InputStream = new MemoryStream(Code),
                }
            );
        }

        const string template = """
            Resources:
              Layer:
                Type: AWS::Lambda::LayerVersion
                Properties: { LayerName: one, Content: { S3Bucket: bucket, S3Key: k }, CompatibleRuntimes: [python3.12] }
              Permission:
                Type: AWS::Lambda::LayerVersionPermission
                Properties: { LayerVersionArn: !Ref Layer, Action: "lambda:GetLayerVersion", Principal: "*" }
            Outputs:
              Ref: { Value: !Ref Layer }
            """;
        await cloud.Query("cloudformation", "CreateStack", ("StackName", "s"), ("TemplateBody", template));
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        var stack = await cloud.Query("cloudformation", "DescribeStacks", ("StackName", "s"));
        var policy = await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/versions/1/policy");
        await cloud.Query("cloudformation", "DeleteStack", ("StackName", "s"));
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));

        Assert.Contains($"<OutputValue>{Arn}one:1</OutputValue>", stack);
        Assert.Contains("lambda:GetLayerVersion", policy);
        Assert.Equal("""{"LayerVersions":[]}""", await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/versions"));
    }

    /// <summary>The sentence as others met it on AWS, and https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB, with all layers.</summary>
    [Fact]
    public async Task A_function_and_its_layers_take_250_MB_together_at_most()
    {
        const string refusal =
            "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is ";
        await using var cloud = await TestCloud.Start();
        await Publish(cloud, "one", Zeros(131_072_000));
        await Publish(cloud, "two", Zeros(131_072_000));
        var both = $"\"Layers\":[\"{Arn}one:1\",\"{Arn}two:1\"]";

        var created = await Assert.ThrowsAsync<TestAwsException>(() => cloud.CreateFunction("f", "provided.al2023", "any", Code, both));
        await cloud.CreateFunction("f", "provided.al2023", "any", Code);
        var updated = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(HttpMethod.Put, "lambda", "/2015-03-31/functions/f/configuration", "{" + both + "}")
        );

        Assert.Contains($"{refusal}{262_144_000 + 17} bytes.", created.Body, StringComparison.Ordinal);
        Assert.Contains($"{refusal}{262_144_000 + 17} bytes.", updated.Body, StringComparison.Ordinal);
    }

    /// <summary>A package with one file of so many zeros.</summary>
    private static byte[] Zeros(int count)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var file = zip.CreateEntry("zeros", CompressionLevel.Fastest).Open();
            var some = new byte[1_024_000];
            for (var written = 0; written < count; written += some.Length)
            {
                file.Write(some);
            }
        }

        return buffer.ToArray();
    }

    private static async Task<JsonElement> Publish(TestCloud cloud, string name, byte[] zip, string settings = "") =>
        JsonElement.Parse(
            await cloud.Rest(
                HttpMethod.Post,
                "lambda",
                $"{Root}/{name}/versions",
                "{\"Content\":{\"ZipFile\":\"" + Convert.ToBase64String(zip) + "\"}" + settings + "}"
            )
        );

    private static int Number(JsonElement version) => version.GetProperty("Version").GetInt32();

    private static string? Text(JsonElement value, string member) => value.GetProperty(member).GetString();
}

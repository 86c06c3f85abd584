using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>
/// Provisioned concurrency and recursive loops: localstack's tests/aws/services/lambda_/test_lambda_api.snapshot.json,
/// TestLambdaProvisionedConcurrency (recorded on AWS 20-11-2023), and https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html.
/// </summary>
public sealed class ProvisionedConcurrencyTests
{
    private const string Path = "/2019-09-30/functions/one/provisioned-concurrency";
    private const string One = """{"ProvisionedConcurrentExecutions":1}""";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";
    private static readonly byte[] Code = FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n"));

    [Fact]
    public async Task A_version_is_provisioned_for_itself_or_for_its_alias()
    {
        await using var cloud = await Versioned();

        var made = JsonElement.Parse(await cloud.Rest(HttpMethod.Put, "lambda", Path + "?Qualifier=1", One));
        var alias = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Put, "lambda", Path + "?Qualifier=a", One));
        var early = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Path + "?Qualifier=1"));
        await cloud.Clock.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        var later = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Path + "?Qualifier=1"));
        var all = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Path + "?List=ALL"));
        await cloud.Rest(HttpMethod.Delete, "lambda", Path + "?Qualifier=1");
        var gone = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Get, "lambda", Path + "?Qualifier=1"));
        await cloud.Rest(HttpMethod.Put, "lambda", Path + "?Qualifier=a", One);
        var version = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Put, "lambda", Path + "?Qualifier=1", One));
        await cloud.Rest(HttpMethod.Delete, "lambda", "/2015-03-31/functions/one/aliases/a");

        Assert.Equal(("IN_PROGRESS", 1, 0), Shown(made));
        Assert.Equal(("IN_PROGRESS", 1, 0), Shown(early));
        Assert.Equal(("READY", 1, 1), Shown(later));
        Assert.Equal(
            Arn + "one:1",
            Assert.Single(all.GetProperty("ProvisionedConcurrencyConfigs").EnumerateArray()).GetProperty("FunctionArn").GetString()
        );
        Assert.Equal(
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
            JsonElement.Parse(alias.Body).GetProperty("message").GetString()
        );
        Assert.Equal("""{"Type":"User","message":"No Provisioned Concurrency Config found for this function"}""", gone.Body);
        Assert.Contains("Version is pointed by a Provisioned Concurrency alias", version.Body);
        Assert.Equal("""{"ProvisionedConcurrencyConfigs":[]}""", await cloud.Rest(HttpMethod.Get, "lambda", Path + "?List=ALL"));
    }

    [Theory]
    [InlineData("GET", "one", "1", "", 404, "No Provisioned Concurrency Config found for this function")]
    [InlineData("GET", "none", "no", "", 404, $"Cannot find alias arn: {Arn}none:no")]
    [InlineData("GET", "one", "10", "", 404, $"Function not found: {Arn}one:10")]
    [InlineData("GET", "one", "$LATEST", "", 400, "The function resource provided must be an alias or a published version.")]
    [InlineData("DELETE", "none", "1", "", 404, $"Function not found: {Arn}none:1")]
    [InlineData("PUT", "one", "$LATEST", One, 400, "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")]
    [InlineData("PUT", "one", "no", One, 404, $"Cannot find alias arn: {Arn}one:no")]
    [InlineData(
        "PUT",
        "one",
        "1",
        """{"ProvisionedConcurrentExecutions":0}""",
        400,
        "1 validation error detected: Value '0' at 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 1"
    )]
    [InlineData(
        "PUT",
        "one",
        "1",
        """{"ProvisionedConcurrentExecutions":1001}""",
        400,
        "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000]."
    )]
    [InlineData(
        "PUT",
        "one",
        "1",
        """{"ProvisionedConcurrentExecutions":1000}""",
        400,
        "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100]."
    )]
    public async Task It_is_refused_in_AWS_words(string method, string function, string qualifier, string body, int status, string message)
    {
        await using var cloud = await Versioned();

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(
                new HttpMethod(method),
                "lambda",
                $"/2019-09-30/functions/{function}/provisioned-concurrency?Qualifier={qualifier.Replace("$", "%24")}",
                body
            )
        );

        Assert.Equal(status, refused.Status);
        Assert.Contains(JsonEncodedText.Encode(message).ToString(), refused.Body);
    }

    [Fact]
    public async Task A_process_of_a_provisioned_version_knows_what_it_was_started_for()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "one",
            "import os\ndef handler(event, context):\n    return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']\n"
        );
        await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/one/versions", "{}");

        var before = await cloud.Invoke("one:1");
        await cloud.Rest(HttpMethod.Put, "lambda", Path + "?Qualifier=1", One);
        var after = await cloud.Invoke("one:1");

        Assert.Equal(("\"on-demand\"", "\"provisioned-concurrency\""), (before.Payload, after.Payload));
    }

    // https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html
    [Fact]
    public async Task A_function_that_calls_itself_is_ended_unless_it_may()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        const string path = "/2024-08-31/functions/one/recursion-config";

        Assert.Equal("""{"RecursiveLoop":"Terminate"}""", await cloud.Rest(HttpMethod.Get, "lambda", path));
        Assert.Equal("""{"RecursiveLoop":"Allow"}""", await cloud.Rest(HttpMethod.Put, "lambda", path, """{"RecursiveLoop":"Allow"}"""));
        Assert.Equal("""{"RecursiveLoop":"Allow"}""", await cloud.Rest(HttpMethod.Get, "lambda", path));
    }

    private static (string?, int, int) Shown(JsonElement config) =>
        (
            config.GetProperty("Status").GetString(),
            config.GetProperty("RequestedProvisionedConcurrentExecutions").GetInt32(),
            config.GetProperty("AvailableProvisionedConcurrentExecutions").GetInt32()
        );

    private static async Task<TestCloud> Versioned()
    {
        var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/one/versions", "{}");
        await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/one/aliases", """{"Name":"a","FunctionVersion":"1"}""");
        return cloud;
    }
}

using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>
/// How functions log, and what a revision is of: localstack's tests/aws/services/lambda_/test_lambda_api.snapshot.json, TestLoggingConfig (recorded on
/// AWS 17-04-2024), TestLambdaTags, TestLambdaPermissions and TestLambdaRevisions (20-11-2023).
/// </summary>
public sealed class FunctionSettingTests
{
    private const string Root = "/2015-03-31/functions";
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:one";
    private static readonly byte[] Code = FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n"));

    [Theory]
    [InlineData(
        """{"LogFormat":"JSON"}""",
        """{"LogFormat":"JSON","ApplicationLogLevel":"INFO","SystemLogLevel":"INFO","LogGroup":"/aws/lambda/one"}"""
    )]
    [InlineData(
        """{"LogFormat":"JSON","ApplicationLogLevel":"DEBUG"}""",
        """{"LogFormat":"JSON","ApplicationLogLevel":"DEBUG","SystemLogLevel":"INFO","LogGroup":"/aws/lambda/one"}"""
    )]
    [InlineData(
        """{"LogFormat":"JSON","SystemLogLevel":"DEBUG"}""",
        """{"LogFormat":"JSON","ApplicationLogLevel":"INFO","SystemLogLevel":"DEBUG","LogGroup":"/aws/lambda/one"}"""
    )]
    [InlineData("""{"LogGroup":"cool_lambda"}""", """{"LogFormat":"Text","LogGroup":"cool_lambda"}""")]
    public async Task Levels_begin_with_INFO(string config, string expected)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);

        var updated = await Configure(cloud, config);
        await cloud.Settled("one");
        var text = await Configure(cloud, """{"LogFormat":"Text"}""");

        Assert.Equal(expected, updated);
        Assert.Contains("\"LogFormat\":\"Text\"", text);
        Assert.DoesNotContain("Level", text);
    }

    // https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html,
    // https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html#python-logging-advanced
    [Fact]
    public async Task The_lines_of_a_function_that_logs_JSON_are_JSON()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "one",
            "import logging\ndef handler(event, context):\n    logging.getLogger().warning('late %s', 1)\n    logging.getLogger().info('no')\n",
            "\"LoggingConfig\":{\"LogFormat\":\"JSON\",\"ApplicationLogLevel\":\"WARN\"}"
        );

        await cloud.Invoke("one");
        var lines = (await cloud.LogMessages("one")).Select(line => JsonElement.Parse(line.Trim())).ToList();

        Assert.Equal(
            ["platform.initStart", "platform.start", null, "platform.report"],
            lines.Select(line => line.TryGetProperty("type", out var type) ? type.GetString() : null)
        );
        Assert.Equal(("late 1", "WARNING"), (lines[2].GetProperty("message").GetString(), lines[2].GetProperty("level").GetString()));
        Assert.Equal("success", lines[3].GetProperty("record").GetProperty("status").GetString());
        Assert.Equal(lines[1].GetProperty("record").GetProperty("requestId").GetString(), lines[2].GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task Tags_and_policies_are_revisions_too_each_of_what_they_belong_to()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Rest(HttpMethod.Post, "lambda", Root + "/one/versions", "{}");
        var before = (await Revision(cloud, ""), await Revision(cloud, "?Qualifier=1"));

        await cloud.Rest(HttpMethod.Post, "lambda", "/2017-03-31/tags/" + Function, """{"Tags":{"a":"b"}}""");
        var tagged = (await Revision(cloud, ""), await Revision(cloud, "?Qualifier=1"));
        const string statement = """{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"sns.amazonaws.com"}""";
        await cloud.Rest(HttpMethod.Post, "lambda", Root + "/one/policy?Qualifier=1", statement);
        var allowed = (await Revision(cloud, ""), await Revision(cloud, "?Qualifier=1"));
        var policy = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/policy?Qualifier=1"));

        Assert.NotEqual(before.Item1, tagged.Item1);
        Assert.Equal(before.Item2, tagged.Item2);
        Assert.Equal(tagged.Item1, allowed.Item1);
        Assert.NotEqual(tagged.Item2, allowed.Item2);
        Assert.Equal(allowed.Item2, policy.GetProperty("RevisionId").GetString());
    }

    [Theory]
    [InlineData("POST", Function, """{"Tags":{}}""", "An error occurred and the request cannot be processed.")]
    [InlineData(
        "DELETE",
        Function,
        "",
        "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"
    )]
    [InlineData(
        "POST",
        "arn:aws:something",
        """{"Tags":{"a":"b"}}""",
        "Value 'arn:aws:something' at 'resource' failed to satisfy constraint: Member must satisfy"
    )]
    public async Task Tags_are_refused_in_AWS_words(string method, string resource, string body, string message)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(new HttpMethod(method), "lambda", "/2017-03-31/tags/" + resource, body)
        );

        Assert.Contains(message, JsonElement.Parse(refused.Body).GetProperty("message").GetString());
    }

    private static async Task<string> Configure(TestCloud cloud, string config) =>
        JsonElement
            .Parse(await cloud.Rest(HttpMethod.Put, "lambda", Root + "/one/configuration", "{\"LoggingConfig\":" + config + "}"))
            .GetProperty("LoggingConfig")
            .GetRawText();

    private static async Task<string?> Revision(TestCloud cloud, string qualifier) =>
        JsonElement
            .Parse(await cloud.Rest(HttpMethod.Get, "lambda", Root + "/one/configuration" + qualifier))
            .GetProperty("RevisionId")
            .GetString();
}

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Refusals of aliases, concurrency, policies and code signing configurations, as they were recorded on AWS.</summary>
/// <remarks>
/// localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json: test_notfound_and_invalid_routingconfigs,
/// test_code_signing_not_found_excs.
/// </remarks>
public sealed class SettingRefusalTests
{
    private const string Root = "/2015-03-31/functions";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:";
    private static readonly byte[] Code = FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n"));

    [Theory]
    [InlineData(
        "POST",
        Root + "/one/aliases",
        """{"Name":"a","FunctionVersion":"$LATEST","RoutingConfig":{"AdditionalVersionWeights":{"1":0.5}}}""",
        "$LATEST is not supported for an alias pointing to more than 1 version"
    )]
    [InlineData(
        "POST",
        Root + "/one/aliases",
        """{"Name":"a","FunctionVersion":"$LATEST","RoutingConfig":{"AdditionalVersionWeights":{"2":2}}}""",
        "{2=2.0}"
    )]
    [InlineData(
        "POST",
        Root + "/one/aliases",
        """{"Name":"a","FunctionVersion":"$LATEST","RoutingConfig":{"AdditionalVersionWeights":{"1":0.1,"2":0.1}}}""",
        "Number of items in AdditionalVersionWeights cannot be greater than 1"
    )]
    [InlineData("POST", Root + "/none/aliases", """{"Name":"a","FunctionVersion":"1"}""", "Function not found: " + Arn + "none:1")]
    [InlineData(
        "PUT",
        "/2017-10-31/functions/none/concurrency",
        """{"ReservedConcurrentExecutions":1}""",
        "Function not found: " + Arn + "none:$LATEST"
    )]
    [InlineData(
        "GET",
        "/2020-04-22/code-signing-configs/arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-1",
        "",
        "The Lambda code signing configuration arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-1 can not be found."
    )]
    [InlineData(
        "PUT",
        "/2020-06-30/functions/none/code-signing-config",
        """{"CodeSigningConfigArn":"csc"}""",
        "Check that the provided configuration is not deleted: csc."
    )]
    [InlineData("DELETE", Root + "/none/policy/s", "", "No policy found for: " + Arn + "none")]
    [InlineData("DELETE", Root + "/one/policy/s", "", "No policy is associated with the given resource.")]
    [InlineData(
        "POST",
        Root + "/one/policy",
        """{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"invalid.nonaws.com"}""",
        "The provided principal was invalid."
    )]
    public async Task Settings_beside_a_function_are_refused_as_recorded(string method, string path, string body, string message)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Settled("one");
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(new HttpMethod(method), "lambda", path, body));
        Assert.Contains(message, refused.Body, StringComparison.Ordinal);
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html</summary>
    [Theory]
    [InlineData(0.0, "2")]
    [InlineData(0.24, "2")]
    [InlineData(0.25, "1")]
    [InlineData(0.99, "1")]
    public async Task An_alias_with_weights_leads_to_the_other_version_as_often_as_they_say(double lot, string version)
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Settled("one");
        await cloud.Rest(HttpMethod.Post, "lambda", Root + "/one/versions", "{}");
        await cloud.Rest(HttpMethod.Put, "lambda", Root + "/one/configuration", "{\"Timeout\":30}");
        await cloud.Settled("one");
        await cloud.Rest(HttpMethod.Post, "lambda", Root + "/one/versions", "{}");
        await cloud.Rest(
            HttpMethod.Post,
            "lambda",
            Root + "/one/aliases",
            """{"Name":"a","FunctionVersion":"1","RoutingConfig":{"AdditionalVersionWeights":{"2":0.25}}}"""
        );

        var function = cloud.Cloud.Functions.Get(new("000000000000", "us-east-1"), "one")!;

        Assert.Equal(version, function.Route("a", lot)!.Version);
    }
}

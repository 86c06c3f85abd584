using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Functions as configuration: what is taken, what is refused, versions, aliases, policies, resources of stacks.</summary>
public sealed class FunctionTests
{
    private static readonly byte[] Code = FunctionFixture.Zip(("bootstrap", "#!/bin/sh\nexit 1\n"));

    [Fact]
    public async Task A_function_is_created_listed_updated_published_and_deleted()
    {
        await using var cloud = await TestCloud.Start();
        var created = await cloud.CreateFunction("one", "provided.al2023", "any", Code, "\"Tags\":{\"a\":\"b\"}");
        Assert.Equal("Pending", created.GetProperty("State").GetString());
        Assert.Equal("arn:aws:lambda:us-east-1:000000000000:function:one", created.GetProperty("FunctionArn").GetString());

        var got = JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/one"));
        Assert.Equal("b", got.GetProperty("Tags").GetProperty("a").GetString());
        using var http = new HttpClient();
        Assert.Equal(Code, await http.GetByteArrayAsync(new Uri(got.GetProperty("Code").GetProperty("Location").GetString()!)));

        var updated = JsonElement.Parse(
            await cloud.Rest(HttpMethod.Put, "lambda", "/2015-03-31/functions/one/configuration", """{"Timeout":30}""")
        );
        Assert.Equal("InProgress", updated.GetProperty("LastUpdateStatus").GetString());
        await cloud.Settled("one");
        var stale = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(
                HttpMethod.Put,
                "lambda",
                "/2015-03-31/functions/one/configuration",
                $$"""{"Timeout":31,"RevisionId":"{{created.GetProperty("RevisionId").GetString()}}"}"""
            )
        );
        Assert.Equal(412, stale.Status);

        var published = JsonElement.Parse(await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/one/versions", "{}"));
        Assert.Equal(("1", 30), (published.GetProperty("Version").GetString(), published.GetProperty("Timeout").GetInt32()));
        var alias = JsonElement.Parse(
            await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions/one/aliases", """{"Name":"live","FunctionVersion":"1"}""")
        );
        Assert.EndsWith(":function:one:live", alias.GetProperty("AliasArn").GetString());
        Assert.Equal(
            "1",
            JsonElement
                .Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/one/configuration?Qualifier=live"))
                .GetProperty("Version")
                .GetString()
        );
        Assert.Equal(
            409,
            (
                await Assert.ThrowsAsync<TestAwsException>(() =>
                    cloud.Rest(HttpMethod.Delete, "lambda", "/2015-03-31/functions/one?Qualifier=1")
                )
            ).Status
        );
        Assert.Equal(
            2,
            JsonElement
                .Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/one/versions"))
                .GetProperty("Versions")
                .GetArrayLength()
        );

        Assert.Equal(
            409,
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.CreateFunction("one", "provided.al2023", "any", Code))).Status
        );
        await cloud.Rest(HttpMethod.Delete, "lambda", "/2015-03-31/functions/one");
        Assert.Equal(
            404,
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/one"))).Status
        );
        Assert.Empty(
            JsonElement.Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions")).GetProperty("Functions").EnumerateArray()
        );
    }

    [Theory]
    [InlineData("java21", "any", "", "java21")]
    [InlineData("provided.al2023", "any", "\"MemorySize\":127", "memorySize")]
    [InlineData("provided.al2023", "any", "\"Timeout\":901", "timeout")]
    [InlineData(
        "provided.al2023",
        "any",
        "\"Layers\":[\"arn:aws:lambda:us-east-1:000000000000:layer:x:1\"]",
        "Layer version arn:aws:lambda:us-east-1:000000000000:layer:x:1 does not exist."
    )]
    [InlineData("provided.al2023", "any", "\"VpcConfig\":{\"SubnetIds\":[\"subnet-1\"]}", "VpcConfig")]
    [InlineData("provided.al2023", "any", "\"FileSystemConfigs\":[]", "FileSystemConfigs")]
    [InlineData(
        "provided.al2023",
        "any",
        "\"Environment\":{\"Variables\":{\"AWS_REGION\":\"x\"}}",
        "Reserved keys used in this request: AWS_REGION"
    )]
    public async Task What_a_function_cannot_be_is_refused(string runtime, string handler, string settings, string reason)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.CreateFunction("refused", runtime, handler, Code, settings));

        Assert.Contains(reason, error.Body);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("a/../../outside")]
    public async Task A_package_cannot_write_outside_its_directory(string path)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.CreateFunction("refused", "provided.al2023", "any", FunctionFixture.Zip((path, "x")))
        );

        Assert.Contains("Could not unzip uploaded file", error.Body);
    }

    [Fact]
    public async Task A_role_that_lambda_cannot_assume_is_refused()
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(
                HttpMethod.Post,
                "lambda",
                "/2015-03-31/functions",
                $$$"""{"FunctionName":"x","Runtime":"provided.al2023","Handler":"any","Role":"arn:aws:iam::000000000000:role/none","Code":{"ZipFile":"{{{Convert.ToBase64String(Code)}}}"}}"""
            )
        );

        Assert.Contains("The role defined for the function cannot be assumed by Lambda.", error.Body);
    }

    [Fact]
    public async Task Reserved_concurrency_zero_throttles_every_invocation()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Rest(HttpMethod.Put, "lambda", "/2017-10-31/functions/one/concurrency", """{"ReservedConcurrentExecutions":0}""");

        var result = await cloud.Invoke("one");

        Assert.Equal(429, result.Status);
        Assert.Contains("ReservedFunctionConcurrentInvocationLimitExceeded", result.Payload);
    }

    [Fact]
    public async Task A_permission_is_a_statement_of_the_policy()
    {
        await using var cloud = await TestCloud.Start();
        await cloud.CreateFunction("one", "provided.al2023", "any", Code);
        await cloud.Rest(
            HttpMethod.Post,
            "lambda",
            "/2015-03-31/functions/one/policy",
            """{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"events.amazonaws.com","SourceArn":"arn:aws:events:us-east-1:000000000000:rule/r"}"""
        );

        var policy = JsonElement.Parse(
            JsonElement
                .Parse(await cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/one/policy"))
                .GetProperty("Policy")
                .GetString()!
        );
        Assert.Equal(
            """{"Sid":"s","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:000000000000:function:one","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:events:us-east-1:000000000000:rule/r"}}}""",
            policy.GetProperty("Statement")[0].GetRawText()
        );
        await cloud.Rest(HttpMethod.Delete, "lambda", "/2015-03-31/functions/one/policy/s");
        Assert.Equal(
            404,
            (
                await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Get, "lambda", "/2015-03-31/functions/one/policy"))
            ).Status
        );
    }

    [Fact]
    public async Task A_stack_brings_a_function_with_all_that_belongs_to_it()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        const string template = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
              Group:
                Type: AWS::Logs::LogGroup
                Properties: {LogGroupName: /aws/lambda/from-stack, RetentionInDays: "7"}
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: from-stack
                  Runtime: python3.12
                  Handler: index.handler
                  Role: !GetAtt Role.Arn
                  Timeout: "10"
                  Code:
                    ZipFile: |
                      def handler(event, context):
                          return "from a stack"
              Version:
                Type: AWS::Lambda::Version
                Properties: {FunctionName: !Ref Function}
              Alias:
                Type: AWS::Lambda::Alias
                Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: !GetAtt Version.Version}
              Permission:
                Type: AWS::Lambda::Permission
                Properties: {FunctionName: !GetAtt Function.Arn, Action: "lambda:InvokeFunction", Principal: sns.amazonaws.com}
              Queue:
                Type: AWS::SQS::Queue
              Mapping:
                Type: AWS::Lambda::EventSourceMapping
                Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Function, BatchSize: "5", Enabled: "false"}
              Config:
                Type: AWS::Lambda::EventInvokeConfig
                Properties: {FunctionName: !Ref Function, Qualifier: "$LATEST", MaximumRetryAttempts: "1"}
            Outputs:
              Alias: {Value: !Ref Alias}
            """;
        await cloud.Query(
            "cloudformation",
            "CreateStack",
            ("Version", "2010-05-15"),
            ("StackName", "functions"),
            ("TemplateBody", template),
            ("Capabilities.member.1", "CAPABILITY_IAM")
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(30));

        var stacks = await cloud.Query("cloudformation", "DescribeStacks", ("Version", "2010-05-15"), ("StackName", "functions"));
        Assert.True(
            stacks.Contains("CREATE_COMPLETE"),
            stacks + await cloud.Query("cloudformation", "DescribeStackEvents", ("Version", "2010-05-15"), ("StackName", "functions"))
        );
        Assert.Contains("function:from-stack:live", stacks);
        Assert.Equal("\"from a stack\"", (await cloud.Invoke("from-stack:live")).Payload);

        await cloud.Query("cloudformation", "DeleteStack", ("Version", "2010-05-15"), ("StackName", "functions"));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(30));
        Assert.Equal(404, (await cloud.Invoke("from-stack")).Status);
        Assert.Empty(await cloud.LogGroups());
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// AWS::Serverless-2016-10-31. Logical ids as https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
/// has them.
/// </summary>
public sealed partial class ServerlessTests : IAsyncLifetime
{
    private static readonly (string, string)[] Capabilities =
    [
        ("Capabilities.member.1", "CAPABILITY_AUTO_EXPAND"),
        ("Capabilities.member.2", "CAPABILITY_IAM"),
    ];

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_function_brings_its_role_events_version_and_alias()
    {
        const string template = """
            Transform: AWS::Serverless-2016-10-31
            Globals:
              Function: {Runtime: python3.12, Timeout: 9, Environment: {Variables: {AA: common, BB: common}}}
            Resources:
              Queue: {Type: AWS::SQS::Queue}
              Topic: {Type: AWS::SNS::Topic}
              Table:
                Type: AWS::Serverless::SimpleTable
                Properties: {PrimaryKey: {Name: key, Type: String}}
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: index.handler
                  InlineCode: |
                    import os
                    def handler(event, context):
                        return os.environ['AA'] + ' ' + os.environ['BB'] + ' ' + context.invoked_function_arn.split(':')[-1]
                  Environment: {Variables: {BB: own}}
                  AutoPublishAlias: live
                  Policies:
                    - AWSLambdaRole
                    - DynamoDBCrudPolicy: {TableName: !Ref Table}
                    - Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn}]
                  Events:
                    Jobs: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: 5}}
                    Daily: {Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}
                    Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(2 days), Input: '{}'}}
                    Told: {Type: SNS, Properties: {Topic: !Ref Topic}}
                    Seen: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}
            Outputs:
              Alias: {Value: !Ref F.Alias}
              Version: {Value: !Ref F.Version}
            """;

        var status = await stacks.Do("CreateStack", "s", template, Capabilities);

        Assert.True(status == "CREATE_COMPLETE", string.Join('\n', await stacks.Events("s")));
        var resources = (await stacks.Call("ListStackResources", ("StackName", "s")))
            .Descendants("member")
            .Select(one => $"{Digits().Replace(one.Element("LogicalResourceId")!.Value, "#")} {one.Element("ResourceType")!.Value}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "F AWS::Lambda::Function",
                "FAliaslive AWS::Lambda::Alias",
                "FDaily AWS::Events::Rule",
                "FDailyPermission AWS::Lambda::Permission",
                "FJobs AWS::Lambda::EventSourceMapping",
                "FLater AWS::Scheduler::Schedule",
                "FLaterRole AWS::IAM::Role",
                "FRole AWS::IAM::Role",
                "FSeen AWS::Events::Rule",
                "FSeenPermission AWS::Lambda::Permission",
                "FTold AWS::SNS::Subscription",
                "FToldPermission AWS::Lambda::Permission",
                "FVersion# AWS::Lambda::Version",
                "Queue AWS::SQS::Queue",
                "Table AWS::DynamoDB::Table",
                "Topic AWS::SNS::Topic",
            ],
            resources
        );
        var alias = await stacks.Output("s", "Alias");
        Assert.EndsWith(":live", alias);
        Assert.Equal(
            "\"common own live\"",
            await stacks.Cloud.Rest(HttpMethod.Post, "lambda", $"/2015-03-31/functions/{Uri.EscapeDataString(alias)}/invocations", "{}")
        );
        var processed = (await stacks.Call("GetTemplate", ("StackName", "s"))).Descendants("TemplateBody").Single().Value;
        var role = JsonElement.Parse(processed).GetProperty("Resources").GetProperty("FRole").GetProperty("Properties");
        Assert.Equal(
            [
                "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
                "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaRole",
            ],
            role.GetProperty("ManagedPolicyArns").EnumerateArray().Select(arn => arn.GetProperty("Fn::Sub").GetString())
        );
        Assert.Equal(
            ["FRolePolicy1", "FRolePolicy2"],
            role.GetProperty("Policies").EnumerateArray().Select(policy => policy.GetProperty("PolicyName").GetString())
        );
    }

    /// <summary>Both permissions since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html.</summary>
    [Fact]
    public async Task A_function_brings_its_URL_and_what_a_public_one_needs()
    {
        const string template = """
            Transform: AWS::Serverless-2016-10-31
            Globals:
              Function: {Runtime: python3.12, Handler: index.handler, InlineCode: 'def handler(event, context): return 1'}
            Resources:
              Public:
                Type: AWS::Serverless::Function
                Properties:
                  AutoPublishAlias: live
                  FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ['*'], MaxAge: 5}}
              Signed:
                Type: AWS::Serverless::Function
                Properties:
                  FunctionUrlConfig: {AuthType: AWS_IAM}
            Outputs:
              Url: {Value: !GetAtt PublicUrl.FunctionUrl}
              Of: {Value: !GetAtt PublicUrl.FunctionArn}
            """;

        var status = await stacks.Do("CreateStack", "s", template, Capabilities);

        Assert.True(status == "CREATE_COMPLETE", string.Join('\n', await stacks.Events("s")));
        Assert.Equal(
            [
                "PublicURLInvokeAllowPublicAccess AWS::Lambda::Permission",
                "PublicUrl AWS::Lambda::Url",
                "PublicUrlPublicPermissions AWS::Lambda::Permission",
                "SignedUrl AWS::Lambda::Url",
            ],
            (await stacks.Call("ListStackResources", ("StackName", "s")))
                .Descendants("member")
                .Select(one => $"{one.Element("LogicalResourceId")!.Value} {one.Element("ResourceType")!.Value}")
                .Where(one => one.Contains("Url", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
        );
        Assert.EndsWith(":live", await stacks.Output("s", "Of"));
        using var request = new HttpRequestMessage(HttpMethod.Get, stacks.Cloud.Endpoint);
        request.Headers.Host = new Uri(await stacks.Output("s", "Url")).Authority;
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        Assert.Equal("1", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html</summary>
    [Fact]
    public async Task A_layer_is_another_version_whenever_it_changes_and_the_earlier_ones_stay()
    {
        stacks.World.Objects["layer.zip"] = Lambda.FunctionFixture.Zip(("python/greeting.py", "text = 'one'"));
        const string template = """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              L:
                Type: AWS::Serverless::LayerVersion
                Properties: {LayerName: greetings, Description: one, ContentUri: s3://bucket/layer.zip, CompatibleRuntimes: [python3.12]}
            Outputs:
              Layer: {Value: !Ref L}
            """;
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, Capabilities));
        var first = await Layer();
        Assert.Equal(
            "UPDATE_COMPLETE",
            await stacks.Do("UpdateStack", "s", template.Replace("one", "two", StringComparison.Ordinal), Capabilities)
        );
        var second = await Layer();

        Assert.Matches("^L[0-9a-f]{10}$", first.Id);
        Assert.EndsWith(":layer:greetings:1", first.Arn, StringComparison.Ordinal);
        Assert.NotEqual(first.Id, second.Id);
        Assert.EndsWith(":layer:greetings:2", second.Arn, StringComparison.Ordinal);
        var versions = JsonElement.Parse(await stacks.Cloud.Rest(HttpMethod.Get, "lambda", "/2018-10-31/layers/greetings/versions"));
        Assert.Equal(2, versions.GetProperty("LayerVersions").GetArrayLength());

        async Task<(string Id, string Arn)> Layer()
        {
            var resource = Assert.Single((await stacks.Call("ListStackResources", ("StackName", "s"))).Descendants("member"));
            Assert.Equal("AWS::Lambda::LayerVersion", resource.Element("ResourceType")!.Value);
            return (resource.Element("LogicalResourceId")!.Value, resource.Element("PhysicalResourceId")!.Value);
        }
    }

    [Fact]
    public async Task A_state_machine_brings_its_role_and_what_starts_it()
    {
        const string template = """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Queue: {Type: AWS::SQS::Queue}
              M:
                Type: AWS::Serverless::StateMachine
                Properties:
                  Definition:
                    StartAt: Send
                    States:
                      Send: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {QueueUrl: !Ref Queue, MessageBody: sent}, End: true}
                  Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Queue.QueueName}}]
                  Events:
                    Seen: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}
            """;

        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, Capabilities));

        var resources = (await stacks.Call("ListStackResources", ("StackName", "s")))
            .Descendants("LogicalResourceId")
            .Select(one => one.Value);
        Assert.Equal(["M", "MRole", "MSeen", "MSeenRole", "Queue"], resources.Order(StringComparer.Ordinal));
        await stacks.Cloud.Json("events", "AWSEvents.PutEvents", """{"Entries":[{"Source":"shop","DetailType":"t","Detail":"{}"}]}""");
        var queue = (await stacks.Call("DescribeStackResource", ("StackName", "s"), ("LogicalResourceId", "Queue")))
            .Descendants("PhysicalResourceId")
            .Single()
            .Value;
        var received = await stacks.Cloud.Json("sqs", "AmazonSQS.ReceiveMessage", $$"""{"QueueUrl":"{{queue}}","WaitTimeSeconds":20}""");
        Assert.Equal("sent", received.GetProperty("Messages")[0].GetProperty("Body").GetString());
    }

    private const string Wrong =
        "ValidationError: Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [F] is invalid. ";

    [Theory]
    [InlineData(
        "CodeUri: ./src",
        Wrong + "'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."
    )]
    [InlineData("Handler: x", Wrong + "'InlineCode' or 'CodeUri' must be set.")]
    [InlineData(
        "InlineCode: x, FunctionUrlConfig: {Cors: {}}",
        Wrong + "AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE."
    )]
    [InlineData(
        "InlineCode: x, FunctionUrlConfig: {AuthType: NONE, Cors: {AllowAll: true}}",
        Wrong + "AllowAll is not a valid property for configuring Cors."
    )]
    [InlineData("InlineCode: x, Events: {E: {Type: SQS}}", Wrong + "Event with id [E] is invalid. Missing required property 'Queue'.")]
    [InlineData(
        "InlineCode: x, Events: {E: {Type: Api}}",
        "NotImplemented: The Disa emulator does not support the event type Api of a function of AWS::Serverless."
    )]
    [InlineData(
        "InlineCode: x, ProvisionedConcurrencyConfig: {}",
        "NotImplemented: The Disa emulator does not support the property ProvisionedConcurrencyConfig of a function of AWS::Serverless."
    )]
    public async Task What_a_function_is_refused_for(string properties, string error) =>
        Assert.Equal(
            error,
            await stacks.Refused(
                "CreateStack",
                [
                    ("StackName", "s"),
                    (
                        "TemplateBody",
                        $$"""
                        Transform: AWS::Serverless-2016-10-31
                        Resources:
                          F: {Type: AWS::Serverless::Function, Properties: { {{properties}} } }
                        """
                    ),
                    .. Capabilities,
                ]
            )
        );

    [Fact]
    public async Task Globals_are_a_section_with_the_transform_only() =>
        Assert.Equal(
            "ValidationError: Invalid template property or properties [Globals]",
            await stacks.Refused(
                "CreateStack",
                ("StackName", "s"),
                ("TemplateBody", "Globals: {Function: {Timeout: 3}}\nResources: {A: {Type: Test::Some::Thing}}")
            )
        );

    [GeneratedRegex("[0-9a-f]{10}")]
    private static partial Regex Digits();
}

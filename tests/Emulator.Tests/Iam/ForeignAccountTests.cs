using System.Text.Json;
using System.Text.Json.Nodes;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.Iam;

/// <summary>The root user of an account may do everything in it, and nothing in another whose resources do not say so themselves.</summary>
public sealed class ForeignAccountTests : IAsyncLifetime
{
    private const string Own = "000000000000";
    private const string Foreign = "111111111111";

    /// <summary>Members that name what is only read with the rights of someone else, or that name nothing of the caller's request.</summary>
    private static readonly HashSet<string> Exempt =
    [
        // A role reads it, and the queue's or stream's account decides about that role: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-cross-account-example.html
        "lambda:CreateEventSourceMapping.EventSourceArn",
        "lambda:ListEventSourceMappings.EventSourceArn",
        // Filters: what is listed are the caller's own mappings and rules.
        "lambda:ListEventSourceMappings.FunctionName",
        "eventbridge:ListRuleNamesByTarget.TargetArn",
        "kms:ListAliases.KeyId",
        // Nothing by itself: a grant is named by its token or its id, a queue by its name (see below), and this names a change set that is made.
        "kms:RetireGrant.KeyId",
        "sqs:GetQueueUrl.QueueOwnerAWSAccountId",
        "cloudformation:CreateChangeSet.ChangeSetName",
        // Policies of single resources and sources of vended logs are refused by name for every account.
        "cloudwatchlogs:PutResourcePolicy.resourceArn",
        "cloudwatchlogs:DescribeResourcePolicies.resourceArn",
        "cloudwatchlogs:DeleteResourcePolicy.resourceArn",
        "cloudwatchlogs:PutDeliverySource.resourceArn",
        // The right is to the role, the user or the group; the operation refuses a policy of another account.
        "iam:AttachRolePolicy.PolicyArn",
        "iam:AttachUserPolicy.PolicyArn",
        "iam:AttachGroupPolicy.PolicyArn",
        "iam:DetachRolePolicy.PolicyArn",
        "iam:DetachUserPolicy.PolicyArn",
        "iam:DetachGroupPolicy.PolicyArn",
    ];

    private static readonly Caller Root = new(Own, "us-east-1", Principal.Root("aws", Own), Own, Own, "request");

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.StartEnforcing();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task No_operation_reaches_what_another_account_owns()
    {
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}", Foreign))
            .GetProperty("KeyMetadata")
            .GetProperty("Arn")
            .GetString()!;
        var tried = 0;
        var open = new List<string>();
        foreach (var service in cloud.Cloud.Services.Services)
        {
            foreach (var operation in service.Operations.Values)
            {
                foreach (var member in operation.Request.Properties.Where(member => member.PropertyType == typeof(string)))
                {
                    var name = $"{service.SdkName}:{operation.Name}.{member.Name}";
                    if (Value(service.SdkName, member.Name, key) is not { } value || Exempt.Contains(name))
                    {
                        continue;
                    }

                    tried++;
                    var request = JsonSerializer.Deserialize(new JsonObject { [member.Name] = value }.ToJsonString(), operation.Request)!;
                    if (!Refuses(service, operation, request))
                    {
                        open.Add(name);
                    }
                }
            }
        }

        Assert.True(open.Count == 0, string.Join(", ", open));
        Assert.InRange(tried, 150, int.MaxValue);
    }

    [Theory]
    [InlineData("dynamodb", "BatchGetItem", """{"RequestItems":{"TABLE":{"Keys":[]}}}""")]
    [InlineData("dynamodb", "BatchWriteItem", """{"RequestItems":{"TABLE":[]}}""")]
    [InlineData("dynamodb", "TransactGetItems", """{"TransactItems":[{"Get":{"TableName":"TABLE","Key":{}}}]}""")]
    [InlineData("dynamodb", "TransactWriteItems", """{"TransactItems":[{"Put":{"TableName":"TABLE","Item":{}}}]}""")]
    [InlineData("sqs", "GetQueueUrl", """{"QueueName":"q","QueueOwnerAWSAccountId":"111111111111"}""")]
    [InlineData("eventbridge", "PutEvents", """{"Entries":[{"EventBusName":"arn:aws:events:us-east-1:111111111111:event-bus/b"}]}""")]
    [InlineData(
        "eventbridge",
        "PutTargets",
        """{"Rule":"r","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:q","RoleArn":"arn:aws:iam::111111111111:role/r"}]}"""
    )]
    [InlineData(
        "scheduler",
        "CreateSchedule",
        """{"Name":"s","Target":{"Arn":"arn:aws:sqs:us-east-1:000000000000:q","RoleArn":"arn:aws:iam::111111111111:role/r"}}"""
    )]
    public void Nor_does_a_member_further_inside(string service, string operation, string request)
    {
        var found = cloud.Cloud.Services.Find(service);
        var input = JsonSerializer.Deserialize(
            request.Replace("TABLE", $"arn:aws:dynamodb:us-east-1:{Foreign}:table/t", StringComparison.Ordinal),
            found.Find(operation).Request
        )!;

        Assert.True(Refuses(found, found.Find(operation), input));
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html: a customer managed policy is its account's.</summary>
    [Fact]
    public async Task A_managed_policy_of_another_account_is_neither_attached_nor_a_boundary()
    {
        const string all = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";
        var form = $"Action=CreatePolicy&Version=2010-05-08&PolicyName=theirs&PolicyDocument={Uri.EscapeDataString(all)}";
        Assert.Equal(200, (await cloud.Send(HttpMethod.Post, "iam", "/", form, "application/x-www-form-urlencoded", Foreign)).Status);
        await cloud.Query("iam", "CreateUser", ("UserName", "me"));
        var arn = $"arn:aws:iam::{Foreign}:policy/theirs";

        foreach (
            var (action, member) in ((string, string)[])
                [("AttachUserPolicy", "PolicyArn"), ("PutUserPermissionsBoundary", "PermissionsBoundary")]
        )
        {
            var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("iam", action, ("UserName", "me"), (member, arn)));
            Assert.Contains("<Code>NoSuchEntity</Code>", error.Body);
        }
    }

    /// <summary>
    /// "You must pass task tokens from principals within the same AWS account":
    /// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
    /// </summary>
    [Fact]
    public async Task A_task_token_is_for_its_own_account()
    {
        var queue = $"http://localhost/{Foreign}/tasks";
        Assert.Equal(200, (await Theirs("sqs", "AmazonSQS.CreateQueue", new { QueueName = "tasks" })).Status);
        await TheirRole("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}}""");
        var definition = """
            {"StartAt":"Wait","States":{"Wait":{"Type":"Task","End":true,"Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters":{"QueueUrl":"QUEUE","MessageBody.$":"$$.Task.Token"}}}}
            """.Replace("QUEUE", queue, StringComparison.Ordinal);
        var made = await Theirs(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            new
            {
                name = "m",
                roleArn = $"arn:aws:iam::{Foreign}:role/work",
                definition,
            }
        );
        var machine = JsonElement.Parse(made.Text).GetProperty("stateMachineArn").GetString();
        Assert.Equal(200, (await Theirs("states", "AWSStepFunctions.StartExecution", new { stateMachineArn = machine })).Status);
        var received = JsonElement.Parse(
            (await Theirs("sqs", "AmazonSQS.ReceiveMessage", new { QueueUrl = queue, WaitTimeSeconds = 20 })).Text
        );
        var answer = JsonSerializer.Serialize(
            new { taskToken = received.GetProperty("Messages")[0].GetProperty("Body").GetString(), output = "{}" }
        );

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("states", "AWSStepFunctions.SendTaskSuccess", answer));
        Assert.Contains("InvalidToken", error.Body);
        await cloud.Json("states", "AWSStepFunctions.SendTaskSuccess", answer, Foreign);
    }

    /// <summary>A type whose resources CloudFormation cannot name would be deployed with rights on everything, and past every resource's own policy.</summary>
    [Fact]
    public void Every_resource_type_says_what_its_steps_are_about()
    {
        using var properties = JsonDocument.Parse(
            """
            {"Bucket":"b","Queue":"q","Queues":["q"],"Topics":["arn:aws:sns:us-east-1:000000000000:t"],"TopicArn":"arn:aws:sns:us-east-1:000000000000:t","FunctionName":"f","AliasName":"alias/a",
            "TargetKeyId":"k","TargetFunctionArn":"f","RoleName":"r","Roles":["r"],"Name":"n","SecretId":"s","UserName":"u","GroupName":"g","LogGroupName":"l"}
            """
        );
        var silent = cloud
            .Cloud.ResourceTypes.Where(type => type.Actions is { Update.Length: > 0 })
            .Where(type =>
                Disa.Emulator.CloudFormation.ResourceArns.Of(
                    type.Type,
                    new ResourceRequest
                    {
                        Caller = Root,
                        StackId = "s",
                        StackName = "s",
                        LogicalId = "R",
                        Token = "t",
                        PhysicalId = "id",
                        Properties = properties.RootElement,
                    }
                ).Count == 0
            )
            .Select(type => type.Type);

        Assert.Empty(silent);
    }

    [Fact]
    public async Task A_workflow_can_be_described_started_and_replaced_by_its_own_account_only()
    {
        await TheirRole(null);
        var made = await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            JsonSerializer.Serialize(
                new
                {
                    name = "m",
                    roleArn = $"arn:aws:iam::{Foreign}:role/work",
                    definition = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""",
                }
            ),
            Foreign
        );
        var arn = made.GetProperty("stateMachineArn").GetString();
        foreach (var call in (string[])["DescribeStateMachine", "StartExecution", "ListExecutions", "DeleteStateMachine"])
        {
            var error = await Assert.ThrowsAsync<TestAwsException>(() =>
                cloud.Json("states", "AWSStepFunctions." + call, $$"""{"stateMachineArn":"{{arn}}"}""")
            );
            Assert.Contains("AccessDeniedException", error.Body);
        }

        await cloud.Json("states", "AWSStepFunctions.DescribeStateMachine", $$"""{"stateMachineArn":"{{arn}}"}""", Foreign);
    }

    /// <summary>CloudFormation has the rights of who calls it, and root's end at its account.</summary>
    [Theory]
    [InlineData(
        """{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":"arn:aws:lambda:us-east-1:111111111111:function:f","Action":"lambda:InvokeFunction","Principal":"*"}}"""
    )]
    [InlineData("""{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":"arn:aws:lambda:us-east-1:111111111111:function:f"}}""")]
    [InlineData(
        """{"Type":"AWS::Lambda::Alias","Properties":{"FunctionName":"arn:aws:lambda:us-east-1:111111111111:function:f","Name":"a","FunctionVersion":"1"}}"""
    )]
    [InlineData(
        """{"Type":"AWS::Lambda::EventInvokeConfig","Properties":{"FunctionName":"111111111111:function:f","Qualifier":"$LATEST"}}"""
    )]
    [InlineData("""{"Type":"AWS::SQS::QueuePolicy","Properties":{"PolicyDocument":{},"Queues":["http://localhost/111111111111/q"]}}""")]
    [InlineData("""{"Type":"AWS::SQS::QueueInlinePolicy","Properties":{"PolicyDocument":{},"Queue":"http://localhost/111111111111/q"}}""")]
    [InlineData(
        """{"Type":"AWS::SNS::TopicPolicy","Properties":{"PolicyDocument":{},"Topics":["arn:aws:sns:us-east-1:111111111111:t"]}}"""
    )]
    [InlineData(
        """{"Type":"AWS::SNS::Subscription","Properties":{"TopicArn":"arn:aws:sns:us-east-1:111111111111:t","Protocol":"email","Endpoint":"a@example.com"}}"""
    )]
    [InlineData("""{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":"theirs","PolicyDocument":{}}}""")]
    [InlineData(
        """{"Type":"AWS::Events::Rule","Properties":{"EventBusName":"arn:aws:events:us-east-1:111111111111:event-bus/b","Name":"r","EventPattern":{"source":["x"]}}}"""
    )]
    [InlineData(
        """{"Type":"AWS::KMS::Alias","Properties":{"AliasName":"alias/a","TargetKeyId":"arn:aws:kms:us-east-1:111111111111:key/k"}}"""
    )]
    public async Task A_stack_reaches_no_other_account(string resource)
    {
        Assert.Equal(200, (await cloud.Send(HttpMethod.Put, "s3", "/theirs", "", "application/xml", Foreign)).Status);
        await cloud.Query(
            "cloudformation",
            "CreateStack",
            ("StackName", "deputy"),
            ("OnFailure", "DO_NOTHING"),
            ("TemplateBody", $$$"""{"Resources":{"R":{{{resource}}}}}""")
        );
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));

        var events = await cloud.Query("cloudformation", "DescribeStackEvents", ("StackName", "deputy"));

        Assert.Contains("is not authorized to perform", events);
    }

    private Task<(int Status, string Text)> Theirs(string service, string target, object body) =>
        cloud.Send(
            HttpMethod.Post,
            service,
            "/",
            JsonSerializer.Serialize(body),
            "application/x-amz-json-1.0",
            Foreign,
            ("X-Amz-Target", target)
        );

    /// <summary>The other account's role for workflows.</summary>
    private async Task TheirRole(string? policy)
    {
        const string trust =
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}}""";
        List<string> forms = [$"Action=CreateRole&Version=2010-05-08&RoleName=work&AssumeRolePolicyDocument={Uri.EscapeDataString(trust)}"];
        if (policy is not null)
        {
            forms.Add(
                $"Action=PutRolePolicy&Version=2010-05-08&RoleName=work&PolicyName=may&PolicyDocument={Uri.EscapeDataString(policy)}"
            );
        }

        foreach (var form in forms)
        {
            Assert.Equal(200, (await cloud.Send(HttpMethod.Post, "iam", "/", form, "application/x-www-form-urlencoded", Foreign)).Status);
        }
    }

    private bool Refuses(AwsService service, Operation operation, object request)
    {
        try
        {
            service.Check(operation, request, Root, cloud.Cloud.Services.Rights!);
            return false;
        }
        catch (AwsException denied)
        {
            return denied.Message.Contains("is not authorized to perform", StringComparison.Ordinal);
        }
    }

    /// <summary>A resource of the other account, as the member names one; null for members that name none.</summary>
    private static string? Value(string service, string member, string key) =>
        (service, member.ToLowerInvariant()) switch
        {
            ("iam", "policyarn") => $"arn:aws:iam::{Foreign}:policy/p",
            ("sts", _) => null,
            (_, "rolearn" or "role") => $"arn:aws:iam::{Foreign}:role/r",
            ("kms", "keyid" or "targetkeyid" or "sourcekeyid" or "destinationkeyid") => key,
            ("sfn", "statemachinearn") => $"arn:aws:states:us-east-1:{Foreign}:stateMachine:m",
            ("sfn", "executionarn") => $"arn:aws:states:us-east-1:{Foreign}:execution:m:e",
            ("sfn", "resourcearn") => $"arn:aws:states:us-east-1:{Foreign}:stateMachine:m",
            ("sns", "topicarn" or "targetarn" or "resourcearn") => $"arn:aws:sns:us-east-1:{Foreign}:t",
            ("sns", "subscriptionarn") => $"arn:aws:sns:us-east-1:{Foreign}:t:6f3a",
            ("dynamodb" or "dynamodbstreams", "tablename") => $"arn:aws:dynamodb:us-east-1:{Foreign}:table/t",
            ("dynamodb", "resourcearn") => $"arn:aws:dynamodb:us-east-1:{Foreign}:table/t",
            ("dynamodbstreams", "streamarn") => $"arn:aws:dynamodb:us-east-1:{Foreign}:table/t/stream/2026-01-01T00:00:00.000",
            ("lambda", "functionname" or "resource") => $"arn:aws:lambda:us-east-1:{Foreign}:function:f",
            ("lambda", "codesigningconfigarn") => $"arn:aws:lambda:us-east-1:{Foreign}:code-signing-config:csc-1",
            ("lambda", "eventsourcearn") => $"arn:aws:sqs:us-east-1:{Foreign}:q",
            ("sqs", "queueurl") => $"http://localhost/{Foreign}/q",
            ("sqs", "sourcearn") => $"arn:aws:sqs:us-east-1:{Foreign}:q",
            ("sqs", "queueownerawsaccountid") => Foreign,
            ("cloudwatchlogs", "loggroupidentifier" or "resourceidentifier" or "resourcearn") =>
                $"arn:aws:logs:us-east-1:{Foreign}:log-group:g",
            ("eventbridge", "eventbusname") => $"arn:aws:events:us-east-1:{Foreign}:event-bus/b",
            ("eventbridge", "targetarn") => $"arn:aws:sqs:us-east-1:{Foreign}:q",
            ("eventbridge", "resourcearn") => $"arn:aws:events:us-east-1:{Foreign}:rule/r",
            ("scheduler", "resourcearn") => $"arn:aws:scheduler:us-east-1:{Foreign}:schedule-group/g",
            ("cloudwatch", "resourcearn") => $"arn:aws:cloudwatch:us-east-1:{Foreign}:alarm:a",
            ("secretsmanager", "secretid") => $"arn:aws:secretsmanager:us-east-1:{Foreign}:secret:s-abcdef",
            ("ssm", "name" or "path" or "resourceid") => $"arn:aws:ssm:us-east-1:{Foreign}:parameter/p",
            ("cloudformation", "stackname") => $"arn:aws:cloudformation:us-east-1:{Foreign}:stack/s/6f3a",
            ("cloudformation", "changesetname") => $"arn:aws:cloudformation:us-east-1:{Foreign}:changeSet/c/6f3a",
            _ => null,
        };
}

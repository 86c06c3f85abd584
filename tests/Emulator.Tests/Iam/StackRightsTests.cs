using System.Text.Json;
using System.Xml.Linq;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Tests.Iam;

/// <summary>CloudFormation acts with its caller's rights, and with no others.</summary>
public sealed class StackRightsTests : WithUser
{
    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html: the stack's resources are made with the caller's rights.</summary>
    [Fact]
    public async Task CloudFormation_may_what_its_caller_may()
    {
        var key = await user.GetCredentialsAsync();
        cloud.Secrets[key.AccessKey] = key.SecretKey;
        await Allow("cloudformation:*", "*");

        Assert.Contains("is not authorized to perform: sqs:CreateQueue", await Deploy("one"));

        await Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "queues"), ("PolicyDocument", Policy("Allow", "sqs:*", "*")));
        Assert.Contains("<StackStatus>CREATE_COMPLETE</StackStatus>", await Deploy("two"));

        async Task<string> Deploy(string stack)
        {
            var template = Uri.EscapeDataString("""{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}""");
            await cloud.Send(
                HttpMethod.Post,
                "cloudformation",
                "/",
                $"Action=CreateStack&StackName={stack}&OnFailure=DO_NOTHING&TemplateBody={template}",
                "application/x-www-form-urlencoded",
                key.AccessKey
            );
            Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
            return await cloud.Query("cloudformation", "DescribeStacks", ("StackName", stack))
                + await cloud.Query("cloudformation", "DescribeStackEvents", ("StackName", stack));
        }
    }

    // Recorded by LocalStack's suite: test_update_with_role_without_permissions.
    [Fact]
    public async Task A_stack_needs_a_role_that_CloudFormation_may_take()
    {
        const string role = "arn:aws:iam::000000000000:role/none";

        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query(
                "cloudformation",
                "CreateStack",
                ("StackName", "roled"),
                ("RoleARN", role),
                ("TemplateBody", """{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}""")
            )
        );

        Assert.Contains($"<Message>Role {role} is invalid or cannot be assumed</Message>", refused.Body, StringComparison.Ordinal);
    }

    /// <summary>The session's policy limits what CloudFormation does with it too: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session</summary>
    [Theory]
    [InlineData(
        "cloudformation:*",
        "is not authorized to perform: sqs:CreateQueue because no session policy allows the sqs:CreateQueue action"
    )]
    [InlineData("*", "CREATE_COMPLETE")]
    public async Task CloudFormation_may_not_more_than_its_callers_session(string actions, string outcome)
    {
        await Iam(
            "CreateRole",
            ("RoleName", "deployer"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}"""
            )
        );
        await Iam("PutRolePolicy", ("RoleName", "deployer"), ("PolicyName", "all"), ("PolicyDocument", Policy("Allow", "*", "*")));
        var session = new Disa.Emulator.Aws.Caller(
            Account,
            "us-east-1",
            Principal.Session("aws", Account, "deployer", "s"),
            "AROA:s",
            "",
            ""
        )
        {
            SessionPolicy = Policy("Allow", actions, "*"),
        };
        async Task<string> Call(string operation, object request) =>
            (
                await cloud.Cloud.Services.Call(
                    "cloudformation",
                    operation,
                    JsonSerializer.SerializeToElement(request),
                    session,
                    CancellationToken.None
                )
            ).GetRawText();
        await Call(
            "CreateStack",
            new
            {
                StackName = "limited",
                OnFailure = "DO_NOTHING",
                TemplateBody = """{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}""",
            }
        );
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        Assert.Contains(
            outcome,
            await Call("DescribeStacks", new { StackName = "limited" }) + await Call("DescribeStackEvents", new { StackName = "limited" }),
            StringComparison.Ordinal
        );
    }

    /// <summary>On AWS each handler calls its service with the caller's rights: what the direct call is refused, the stack is refused too.</summary>
    [Theory]
    [InlineData(
        "s3:PutBucketPolicy",
        """{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":"guarded","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::guarded/*"}]}}}"""
    )]
    [InlineData(
        "sqs:SetQueueAttributes",
        """{"Type":"AWS::SQS::QueuePolicy","Properties":{"Queues":["http://localhost/000000000000/guarded"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}]}}}"""
    )]
    [InlineData(
        "sns:SetTopicAttributes",
        """{"Type":"AWS::SNS::TopicPolicy","Properties":{"Topics":["arn:aws:sns:us-east-1:000000000000:guarded"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}}}"""
    )]
    [InlineData(
        "iam:PassRole",
        """{"Type":"AWS::Events::Rule","Properties":{"Name":"r","EventPattern":{"source":["x"]},"Targets":[{"Id":"1","Arn":"arn:aws:states:us-east-1:000000000000:stateMachine:m","RoleArn":"arn:aws:iam::000000000000:role/powerful"}]}}"""
    )]
    [InlineData(
        "dynamodb:CreateTable",
        """{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":"guarded","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}}"""
    )]
    [InlineData(
        "iam:PutRolePolicy",
        """{"Type":"AWS::IAM::Policy","Properties":{"PolicyName":"p","Roles":["powerful"],"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}}"""
    )]
    public async Task A_stack_does_not_what_its_caller_is_refused(string action, string resource)
    {
        await Iam(
            "CreateRole",
            ("RoleName", "powerful"),
            ("Path", "/admins/"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}}"""
            )
        );
        var deny =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/me"},"Action":"ACTION","Resource":"ARN"},{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"ACTION","Resource":"ARN"}]}""";
        string Guard(string all, string arn) =>
            deny.Replace("ACTION", all, StringComparison.Ordinal).Replace("ARN", arn, StringComparison.Ordinal);
        await cloud.Rest(HttpMethod.Put, "s3", "/guarded");
        await cloud.Rest(HttpMethod.Put, "s3", "/guarded?policy", Guard("s3:*", "arn:aws:s3:::guarded"));
        await cloud.Query(
            "sqs",
            "CreateQueue",
            ("QueueName", "guarded"),
            ("Attribute.1.Name", "Policy"),
            ("Attribute.1.Value", Guard("sqs:*", "arn:aws:sqs:us-east-1:000000000000:guarded"))
        );
        await cloud.Query("sns", "CreateTopic", ("Name", "guarded"));
        await cloud.Query(
            "sns",
            "SetTopicAttributes",
            ("TopicArn", "arn:aws:sns:us-east-1:000000000000:guarded"),
            ("AttributeName", "Policy"),
            ("AttributeValue", Guard("sns:SetTopicAttributes", "arn:aws:sns:us-east-1:000000000000:guarded"))
        );
        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "allow"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":["dynamodb:*"],"Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/guarded"},{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::000000000000:role/admins/*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}]}"""
            )
        );
        var me = new Caller(Account, "us-east-1", Principal.User(Account, "me", $"arn:aws:iam::{Account}:user/me"), "AIDA", "", "");
        async Task<string> Call(string operation, object request) =>
            (
                await cloud.Cloud.Services.Call(
                    "cloudformation",
                    operation,
                    JsonSerializer.SerializeToElement(request),
                    me,
                    CancellationToken.None
                )
            ).GetRawText();

        await Call(
            "CreateStack",
            new
            {
                StackName = "deputy",
                OnFailure = "DO_NOTHING",
                Capabilities = (string[])["CAPABILITY_NAMED_IAM"],
                TemplateBody = $$$"""{"Resources":{"R":{{{resource}}}}}""",
            }
        );
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));

        Assert.Contains(
            $"is not authorized to perform: {action}",
            await Call("DescribeStackEvents", new { StackName = "deputy" }),
            StringComparison.Ordinal
        );
    }
}

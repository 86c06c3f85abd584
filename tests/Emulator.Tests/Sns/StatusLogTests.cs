using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Sns;

/// <summary>The status of deliveries in CloudWatch Logs: https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html.</summary>
public sealed class StatusLogTests : WithTopics
{
    private const string Role = "arn:aws:iam::000000000000:role/sns-feedback";

    /// <summary>As recorded on AWS, 2021-07-26: dynatrace-oss/dynatrace-aws-log-forwarder, tests.</summary>
    [Fact]
    public async Task A_message_that_a_queue_has_is_written_as_a_success()
    {
        await MakeRole(cloud, "sns.amazonaws.com");
        var topic = await Topic("news", ("SQSSuccessFeedbackRoleArn", Role), ("SQSSuccessFeedbackSampleRate", "100"));
        var url = await Queue("q");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:q");
        var id = await Publish(topic, "Hello");
        var received = await Receive(url);

        var line = Assert.Single(await Lines("sns/us-east-1/000000000000/news"));
        Assert.Equal(["notification", "delivery", "status"], line.EnumerateObject().Select(member => member.Name));
        var notification = line.GetProperty("notification");
        Assert.Equal(["messageMD5Sum", "messageId", "topicArn", "timestamp"], notification.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes("Hello"))), Text(notification, "messageMD5Sum"));
        Assert.Equal((id, topic), (Text(notification, "messageId"), Text(notification, "topicArn")));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$", Text(notification, "timestamp"));
        var delivery = line.GetProperty("delivery");
        Assert.Equal(
            ["deliveryId", "destination", "providerResponse", "dwellTimeMs", "attempts", "statusCode"],
            delivery.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("arn:aws:sqs:us-east-1:000000000000:q", Text(delivery, "destination"));
        Assert.Equal((1, 200), (delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("statusCode").GetInt32()));
        Assert.Equal(received.MessageId, Text(JsonDocument.Parse(Text(delivery, "providerResponse")).RootElement, "sqsMessageId"));
        Assert.Equal("SUCCESS", Text(line, "status"));
        Assert.Empty(await Lines("sns/us-east-1/000000000000/news/Failure"));
    }

    /// <summary>As recorded on AWS, 2021-06-19 (a queue's refusal: "sqsRequestId":"Unrecoverable").</summary>
    [Fact]
    public async Task A_message_that_a_queue_refuses_is_written_as_a_failure()
    {
        await MakeRole(cloud, "sns.amazonaws.com");
        var topic = await Topic("news", ("SQSFailureFeedbackRoleArn", Role));
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:gone");
        await Publish(topic, "Hello");

        var line = Assert.Single(await Lines("sns/us-east-1/000000000000/news/Failure"));
        Assert.Equal("FAILURE", Text(line, "status"));
        var response = JsonDocument.Parse(Text(line.GetProperty("delivery"), "providerResponse")).RootElement;
        Assert.Equal(["ErrorCode", "ErrorMessage", "sqsRequestId"], response.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Unrecoverable", Text(response, "sqsRequestId"));
    }

    /// <summary>https://pastebin.com/aU9HDs49: "providerResponse": "OK", "attempts": 1, "statusCode": 200.</summary>
    [Fact]
    public async Task Each_try_to_post_a_message_is_written()
    {
        await MakeRole(cloud, "sns.amazonaws.com");
        using var endpoint = new Subscriber();
        var topic = await Topic(
            "news",
            ("HTTPSuccessFeedbackRoleArn", Role),
            ("HTTPSuccessFeedbackSampleRate", "100"),
            ("HTTPFailureFeedbackRoleArn", Role)
        );
        await Subscribe(topic, "http", endpoint.Url);
        await Open(Text((await endpoint.Next()).Json, "SubscribeURL"), "*/*");
        endpoint.Answers.Enqueue("503 Busy");
        await Publish(topic, "Hello");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(21));

        var failure = Assert.Single(await Lines("sns/us-east-1/000000000000/news/Failure")).GetProperty("delivery");
        Assert.Equal(
            ("Busy", 503, 1),
            (Text(failure, "providerResponse"), failure.GetProperty("statusCode").GetInt32(), Attempts(failure))
        );
        var success = Assert.Single(await Lines("sns/us-east-1/000000000000/news")).GetProperty("delivery");
        Assert.Equal(("OK", 200, 2), (Text(success, "providerResponse"), success.GetProperty("statusCode").GetInt32(), Attempts(success)));
        Assert.Equal(endpoint.Url, Text(success, "destination"));
        Assert.InRange(success.GetProperty("dwellTimeMs").GetInt64(), 20_000, 30_000);

        static int Attempts(JsonElement delivery) => delivery.GetProperty("attempts").GetInt32();
    }

    [Fact]
    public async Task A_function_that_got_a_message_is_written_with_its_request()
    {
        if (!FunctionFixture.HasPython)
        {
            Assert.Skip("python3 is not on PATH");
        }

        await MakeRole(cloud, "sns.amazonaws.com");
        await cloud.CreatePython("reader", "def handler(event, context):\n    print('GOT ' + context.aws_request_id)\n");
        var topic = await Topic("news", ("LambdaSuccessFeedbackRoleArn", Role), ("LambdaSuccessFeedbackSampleRate", "100"));
        await Subscribe(topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:reader");
        await Publish(topic, "Hello");

        var delivery = Assert.Single(await Lines("sns/us-east-1/000000000000/news")).GetProperty("delivery");
        Assert.Equal(202, delivery.GetProperty("statusCode").GetInt32());
        var id = Text(JsonDocument.Parse(Text(delivery, "providerResponse")).RootElement, "lambdaRequestId");
        Assert.Contains(await cloud.LogMessages("reader"), line => line.Contains("GOT " + id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_sample_rate_or_by_mail_no_success_is_written()
    {
        await MakeRole(cloud, "sns.amazonaws.com");
        var topic = await Topic("news", ("SQSSuccessFeedbackRoleArn", Role));
        await Queue("q");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:q");
        await Confirm(topic, "a@example.com");
        await Publish(topic, "Hello");
        Assert.Empty(await Lines("sns/us-east-1/000000000000/news"));
    }

    [Theory]
    [InlineData("SQSSuccessFeedbackSampleRate", "101", 400)]
    [InlineData("SQSSuccessFeedbackSampleRate", "half", 400)]
    [InlineData("HTTPFailureFeedbackRoleArn", "arn:aws:iam::000000000000:user/ann", 400)]
    [InlineData("FirehoseFailureFeedbackRoleArn", Role, 501)]
    [InlineData("ApplicationSuccessFeedbackSampleRate", "1", 501)]
    public async Task An_attribute_that_is_none_is_refused(string name, string value, int status)
    {
        var topic = await Topic("news");
        Assert.Equal(status, (await Assert.ThrowsAsync<TestAwsException>(() => SetAttribute(topic, name, value))).Status);
    }

    /// <summary>Roles are trusted and passed as anywhere: a line is written by a role that SNS may take and that may write it.</summary>
    [Fact]
    public async Task A_role_needs_to_trust_SNS_and_to_be_let_write()
    {
        await using var enforcing = await TestCloud.StartEnforcing();
        await enforcing.Query("sqs", "CreateQueue", ("QueueName", "q"));
        var topic = "arn:aws:sns:us-east-1:000000000000:news";
        await enforcing.Query("sns", "CreateTopic", ("Name", "news"));
        await enforcing.Query(
            "sns",
            "SetTopicAttributes",
            ("TopicArn", topic),
            ("AttributeName", "SQSFailureFeedbackRoleArn"),
            ("AttributeValue", Role)
        );

        await enforcing.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:gone")
        );
        await Fail();
        await MakeRole(enforcing, "lambda.amazonaws.com");
        await Fail();
        Assert.Empty(await Lines("sns/us-east-1/000000000000/news/Failure", enforcing));

        await enforcing.Query("iam", "DeleteRolePolicy", ("RoleName", "sns-feedback"), ("PolicyName", "write"));
        await enforcing.Query("iam", "DeleteRole", ("RoleName", "sns-feedback"));
        await MakeRole(enforcing, "sns.amazonaws.com");
        await Fail();
        Assert.Single(await Lines("sns/us-east-1/000000000000/news/Failure", enforcing));

        async Task Fail()
        {
            await enforcing.Query("sns", "Publish", ("TopicArn", topic), ("Message", "Hello"));
            Assert.True(await enforcing.Clock.Settle(Patience));
        }
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-sns-topic-loggingconfig.html.</summary>
    [Fact]
    public async Task A_template_sets_it_and_takes_it_away()
    {
        const string template = """
            Resources:
              Topic:
                Type: AWS::SNS::Topic
                Properties:
                  TopicName: news
                  DeliveryStatusLogging:
                    - { Protocol: http/s, FailureFeedbackRoleArn: "arn:aws:iam::000000000000:role/sns-feedback" }
                    - { Protocol: sqs, SuccessFeedbackRoleArn: "arn:aws:iam::000000000000:role/sns-feedback", SuccessFeedbackSampleRate: 50 }
            """;
        await cloud.Query("cloudformation", "CreateStack", ("StackName", "s"), ("TemplateBody", template));
        Assert.True(await cloud.Clock.Settle(Patience));
        var topic = "arn:aws:sns:us-east-1:000000000000:news";
        var set = Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
        Assert.Equal(
            (Role, Role, "50"),
            (set["HTTPFailureFeedbackRoleArn"], set["SQSSuccessFeedbackRoleArn"], set["SQSSuccessFeedbackSampleRate"])
        );

        await cloud.Query(
            "cloudformation",
            "UpdateStack",
            ("StackName", "s"),
            ("TemplateBody", template[..template.IndexOf("        - { Protocol: sqs", StringComparison.Ordinal)])
        );
        Assert.True(await cloud.Clock.Settle(Patience));
        set = Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
        Assert.Equal(["HTTPFailureFeedbackRoleArn"], set.Keys.Where(name => name.Contains("Feedback", StringComparison.Ordinal)));
    }

    private static async Task MakeRole(TestCloud of, string service)
    {
        await of.Query(
            "iam",
            "CreateRole",
            ("RoleName", "sns-feedback"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"SERVICE"},"Action":"sts:AssumeRole"}]}""".Replace(
                    "SERVICE",
                    service
                )
            )
        );
        await of.Query(
            "iam",
            "PutRolePolicy",
            ("RoleName", "sns-feedback"),
            ("PolicyName", "write"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"""
            )
        );
    }

    private Task<List<JsonElement>> Lines(string group) => Lines(group, cloud);

    private static async Task<List<JsonElement>> Lines(string group, TestCloud of)
    {
        Assert.True(await of.Clock.Settle(Patience));
        try
        {
            var answer = await of.Json("logs", "Logs_20140328.FilterLogEvents", $$"""{"logGroupName":"{{group}}"}""");
            return
            [
                .. answer
                    .GetProperty("events")
                    .EnumerateArray()
                    .Select(log => JsonDocument.Parse(log.GetProperty("message").GetString()!).RootElement),
            ];
        }
        catch (TestAwsException none) when (none.Body.Contains("ResourceNotFound", StringComparison.Ordinal))
        {
            return [];
        }
    }
}

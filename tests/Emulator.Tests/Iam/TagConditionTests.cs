namespace Disa.Emulator.Tests.Iam;

/// <summary>Conditions on tags: of the resource, and in the request.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html</remarks>
public sealed class TagConditionTests : IAsyncLifetime
{
    private TestCloud cloud = null!;
    private string key = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await cloud.Query("iam", "CreateUser", ("UserName", "u"));
        var made = await cloud.Query("iam", "CreateAccessKey", ("UserName", "u"));
        key = Between(made, "<AccessKeyId>");
        cloud.Secrets[key] = Between(made, "<SecretAccessKey>");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    /// <summary>Made by the account, used by a user who may what is tagged <c>team=a</c>.</summary>
    [Theory]
    [InlineData(
        "sqs",
        "AmazonSQS.CreateQueue",
        """{"QueueName":"n","tags":{"team":"TEAM"}}""",
        "AmazonSQS.GetQueueAttributes",
        """{"QueueUrl":"n"}"""
    )]
    [InlineData(
        "sqs",
        "AmazonSQS.CreateQueue",
        """{"QueueName":"n","tags":{"team":"TEAM"}}""",
        "AmazonSQS.SendMessage",
        """{"QueueUrl":"n","MessageBody":"x"}"""
    )]
    [InlineData(
        "events",
        "AWSEvents.PutRule",
        """{"Name":"n","EventPattern":"{\"source\":[\"s\"]}","Tags":[{"Key":"team","Value":"TEAM"}]}""",
        "AWSEvents.DescribeRule",
        """{"Name":"n"}"""
    )]
    [InlineData(
        "events",
        "AWSEvents.CreateEventBus",
        """{"Name":"n","Tags":[{"Key":"team","Value":"TEAM"}]}""",
        "AWSEvents.DescribeEventBus",
        """{"Name":"n"}"""
    )]
    [InlineData(
        "logs",
        "Logs_20140328.CreateLogGroup",
        """{"logGroupName":"n","tags":{"team":"TEAM"}}""",
        "Logs_20140328.DescribeLogStreams",
        """{"logGroupName":"n"}"""
    )]
    [InlineData(
        "logs",
        "Logs_20140328.CreateLogGroup",
        """{"logGroupName":"n","tags":{"team":"TEAM"}}""",
        "Logs_20140328.CreateLogStream",
        """{"logGroupName":"n","logStreamName":"s"}"""
    )]
    [InlineData(
        "monitoring",
        "GraniteServiceVersion20100801.PutMetricAlarm",
        """{"AlarmName":"n","Namespace":"n","MetricName":"m","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold","Tags":[{"Key":"team","Value":"TEAM"}]}""",
        "GraniteServiceVersion20100801.EnableAlarmActions",
        """{"AlarmNames":["n"]}"""
    )]
    public async Task What_is_tagged_so_may_be_used(string service, string create, string body, string use, string request)
    {
        await Allow("""{"StringEquals":{"aws:ResourceTag/team":"a"}}""");

        await cloud.Json(service, create, body.Replace("TEAM", "a", StringComparison.Ordinal));
        await cloud.Json(service, use, request, key);
        await cloud.Json(
            service,
            create,
            body.Replace("TEAM", "b", StringComparison.Ordinal).Replace("\"n\"", "\"other\"", StringComparison.Ordinal)
        );
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json(service, use, request.Replace("\"n\"", "\"other\"", StringComparison.Ordinal), key)
        );

        Assert.Contains("not authorized to perform", error.Body);
    }

    [Theory]
    [InlineData("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"n","tags":{"team":"TEAM"}}""")]
    [InlineData(
        "events",
        "AWSEvents.PutRule",
        """{"Name":"n","EventPattern":"{\"source\":[\"s\"]}","Tags":[{"Key":"team","Value":"TEAM"}]}"""
    )]
    [InlineData("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"n","tags":{"team":"TEAM"}}""")]
    [InlineData("kms", "TrentService.CreateKey", """{"Tags":[{"TagKey":"team","TagValue":"TEAM"}]}""")]
    public async Task Only_what_is_tagged_so_may_be_made(string service, string create, string body)
    {
        await Allow("""{"StringEquals":{"aws:RequestTag/team":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}""");

        await cloud.Json(service, create, body.Replace("TEAM", "a", StringComparison.Ordinal), key);
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json(service, create, body.Replace("TEAM", "b", StringComparison.Ordinal), key)
        );

        Assert.Contains("not authorized to perform", error.Body);
    }

    [Fact]
    public async Task A_topic_and_a_role_are_known_by_their_tags()
    {
        await Allow("""{"StringEquals":{"aws:ResourceTag/team":"a"}}""");
        await cloud.Query("sns", "CreateTopic", ("Name", "t"), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "a"));
        const string trust =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        await cloud.Query(
            "iam",
            "CreateRole",
            ("RoleName", "r"),
            ("AssumeRolePolicyDocument", trust),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "a")
        );

        foreach (
            var (service, form) in ((string, string)[])
                [("sns", "Action=GetTopicAttributes&TopicArn=arn:aws:sns:us-east-1:000000000000:t"), ("iam", "Action=GetRole&RoleName=r")]
        )
        {
            var (status, text) = await cloud.Send(HttpMethod.Post, service, "/", form, "application/x-www-form-urlencoded", key);
            Assert.True(status == 200, text);
        }
    }

    [Fact]
    public async Task A_refusal_names_the_condition_key_that_is_not_known()
    {
        await Allow("""{"StringEquals":{"s3:ExistingObjectTag/team":"a"}}""");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");

        var (_, text) = await cloud.Send(HttpMethod.Get, "s3", "/bucket/k", "", "text/plain", key);

        Assert.Contains("The Disa emulator does not supply the condition key s3:ExistingObjectTag/team here", text);
    }

    private Task Allow(string condition) =>
        cloud.Query(
            "iam",
            "PutUserPolicy",
            ("UserName", "u"),
            ("PolicyName", "p"),
            (
                "PolicyDocument",
                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{condition}}}]}"""
            )
        );

    private static string Between(string xml, string tag)
    {
        var from = xml.IndexOf(tag, StringComparison.Ordinal) + tag.Length;
        return xml[from..xml.IndexOf('<', from)];
    }
}

using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Events;

public sealed class EventBridgeTests
{
    [Fact]
    public async Task An_event_that_matches_reaches_the_queue_whole()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud, "q");
        await Call(cloud, "PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"shop\"],\"detail\":{\"kind\":[\"order\"]}}"}""");
        await Call(cloud, "PutTargets", $$"""{"Rule":"r","Targets":[{"Id":"1","Arn":"{{queue}}"}]}""");

        var answer = await Call(
            cloud,
            "PutEvents",
            """{"Entries":[{"Source":"shop","DetailType":"t","Detail":"{\"kind\":\"order\",\"text\":\"<ü>\"}"},{"Source":"other","DetailType":"t","Detail":"{}"}]}"""
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        Assert.Equal(0, answer.GetProperty("FailedEntryCount").GetInt32());
        var body = JsonElement.Parse(Assert.Single(await Messages(cloud, "q")).GetProperty("Body").GetString()!);
        Assert.Equal(answer.GetProperty("Entries")[0].GetProperty("EventId").GetString(), body.GetProperty("id").GetString());
        Assert.Equal("2026-11-23T06:30:20Z", body.GetProperty("time").GetString());
        Assert.Equal("<ü>", body.GetProperty("detail").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(
        """{"DetailType":"t","Detail":"{}"}""",
        "InvalidArgument",
        "Parameter Source is not valid. Reason: Source is a required argument."
    )]
    [InlineData(
        """{"Source":"s","Detail":"{}"}""",
        "InvalidArgument",
        "Parameter DetailType is not valid. Reason: DetailType is a required argument."
    )]
    [InlineData(
        """{"Source":"s","DetailType":"t"}""",
        "InvalidArgument",
        "Parameter Detail is not valid. Reason: Detail is a required argument."
    )]
    [InlineData("""{"Source":"s","DetailType":"t","Detail":"{"}""", "MalformedDetail", "Detail is malformed.")]
    [InlineData(
        """{"Source":"aws.ec2","DetailType":"t","Detail":"{}"}""",
        "NotAuthorizedForSourceException",
        "Not authorized for the source."
    )]
    public async Task An_entry_that_is_wrong_fails_by_itself(string entry, string code, string message)
    {
        await using var cloud = await TestCloud.Start();

        var answer = await Call(cloud, "PutEvents", $$"""{"Entries":[{{entry}},{"Source":"s","DetailType":"t","Detail":"{}"}]}""");

        Assert.Equal(1, answer.GetProperty("FailedEntryCount").GetInt32());
        Assert.Equal(code, answer.GetProperty("Entries")[0].GetProperty("ErrorCode").GetString());
        Assert.Equal(message, answer.GetProperty("Entries")[0].GetProperty("ErrorMessage").GetString());
        Assert.True(answer.GetProperty("Entries")[1].TryGetProperty("EventId", out _));
    }

    [Theory]
    [InlineData("\"Input\":\"{\\\"a\\\":1}\"", """{"a":1}""")]
    [InlineData("\"InputPath\":\"$.detail.item\"", """{"name":"pen"}""")]
    [InlineData(
        "\"InputTransformer\":{\"InputPathsMap\":{\"n\":\"$.detail.item.name\",\"i\":\"$.detail.item\"},\"InputTemplate\":\"{\\\"text\\\":\\\"a <n>\\\",\\\"item\\\":<i>,\\\"rule\\\":<aws.events.rule-name>}\"}",
        """{"text":"a pen","item":{"name":"pen"},"rule":"r"}"""
    )]
    public async Task A_target_gets_what_it_asks_for(string input, string expected)
    {
        await using var cloud = await TestCloud.Start();
        var queue = await Queue(cloud, "q");
        await Call(cloud, "PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"shop\"]}"}""");
        await Call(cloud, "PutTargets", $$"""{"Rule":"r","Targets":[{"Id":"1","Arn":"{{queue}}",{{input}}}]}""");

        await Call(cloud, "PutEvents", """{"Entries":[{"Source":"shop","DetailType":"t","Detail":"{\"item\":{\"name\":\"pen\"}}"}]}""");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        Assert.Equal(expected, Assert.Single(await Messages(cloud, "q")).GetProperty("Body").GetString());
    }

    [Fact]
    public async Task The_change_of_an_alarms_state_is_an_event_with_its_reason()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud, "q");
        await Call(
            cloud,
            "PutRule",
            """{"Name":"r","EventPattern":"{\"source\":[\"aws.cloudwatch\"],\"detail-type\":[\"CloudWatch Alarm State Change\"],\"resources\":[\"arn:aws:cloudwatch:us-east-1:000000000000:alarm:a\"]}"}"""
        );
        await Call(cloud, "PutTargets", $$"""{"Rule":"r","Targets":[{"Id":"1","Arn":"{{queue}}"}]}""");
        await cloud.Json(
            "monitoring",
            "GraniteServiceVersion20100801.PutMetricAlarm",
            """{"AlarmName":"a","Namespace":"N","MetricName":"m","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"notBreaching"}"""
        );

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        var detail = JsonElement.Parse(Assert.Single(await Messages(cloud, "q")).GetProperty("Body").GetString()!).GetProperty("detail");
        Assert.Equal("a", detail.GetProperty("alarmName").GetString());
        Assert.Equal("OK", detail.GetProperty("state").GetProperty("value").GetString());
        Assert.Equal("INSUFFICIENT_DATA", detail.GetProperty("previousState").GetProperty("value").GetString());
        Assert.Equal(
            "Sum",
            detail.GetProperty("configuration").GetProperty("metrics")[0].GetProperty("metricStat").GetProperty("stat").GetString()
        );
    }

    [Fact]
    public async Task A_target_that_is_not_there_goes_to_the_dead_letter_queue_at_once()
    {
        await using var cloud = await TestCloud.Start();
        var dead = await Queue(cloud, "dead");
        await Call(cloud, "PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"shop\"]}"}""");
        await Call(
            cloud,
            "PutTargets",
            $$$"""{"Rule":"r","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:none","DeadLetterConfig":{"Arn":"{{{dead}}}"}}]}"""
        );

        await Call(cloud, "PutEvents", """{"Entries":[{"Source":"shop","DetailType":"t","Detail":"{}"}]}""");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var message = Assert.Single(await Messages(cloud, "dead"));
        Assert.Equal("shop", JsonElement.Parse(message.GetProperty("Body").GetString()!).GetProperty("source").GetString());
        Assert.Equal(
            "arn:aws:events:us-east-1:000000000000:rule/r",
            message.GetProperty("MessageAttributes").GetProperty("RULE_ARN").GetProperty("StringValue").GetString()
        );
        Assert.Equal("0", message.GetProperty("MessageAttributes").GetProperty("RETRY_ATTEMPTS").GetProperty("StringValue").GetString());
    }

    [Fact]
    public async Task A_scheduled_rule_fires_each_interval()
    {
        await using var cloud = await TestCloud.Start(Still());
        var queue = await Queue(cloud, "q");
        await Call(cloud, "PutRule", """{"Name":"r","ScheduleExpression":"rate(5 minutes)"}""");
        await Call(cloud, "PutTargets", $$"""{"Rule":"r","Targets":[{"Id":"1","Arn":"{{queue}}"}]}""");

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(await Messages(cloud, "q"));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(7));

        var messages = await Messages(cloud, "q");
        Assert.Equal(2, messages.Count);
        Assert.Equal(
            "Scheduled Event",
            JsonElement.Parse(messages[0].GetProperty("Body").GetString()!).GetProperty("detail-type").GetString()
        );
    }

    [Fact]
    public async Task Rules_are_put_described_listed_disabled_and_deleted()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "CreateEventBus", """{"Name":"own"}""");
        var put = await Call(
            cloud,
            "PutRule",
            """{"Name":"r","EventBusName":"own","EventPattern":"{\"source\":[\"shop\"]}","Tags":[{"Key":"a","Value":"1"}]}"""
        );
        Assert.Equal("arn:aws:events:us-east-1:000000000000:rule/own/r", put.GetProperty("RuleArn").GetString());
        await Call(
            cloud,
            "PutTargets",
            """{"Rule":"r","EventBusName":"own","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:q"}]}"""
        );
        await Call(cloud, "DisableRule", """{"Name":"r","EventBusName":"own"}""");

        Assert.Equal(
            "DISABLED",
            (await Call(cloud, "DescribeRule", """{"Name":"r","EventBusName":"own"}""")).GetProperty("State").GetString()
        );
        Assert.Equal(
            "r",
            (await Call(cloud, "ListRuleNamesByTarget", """{"EventBusName":"own","TargetArn":"arn:aws:sqs:us-east-1:000000000000:q"}"""))
                .GetProperty("RuleNames")[0]
                .GetString()
        );
        Assert.Equal(
            "a",
            (await Call(cloud, "ListTagsForResource", """{"ResourceARN":"arn:aws:events:us-east-1:000000000000:rule/own/r"}"""))
                .GetProperty("Tags")[0]
                .GetProperty("Key")
                .GetString()
        );
        Assert.Contains(
            "Rule can't be deleted since it has targets.",
            (await Refused(cloud, "DeleteRule", """{"Name":"r","EventBusName":"own"}""")).Replace("\\u0027", "'")
        );
        await Call(cloud, "RemoveTargets", """{"Rule":"r","EventBusName":"own","Ids":["1"]}""");
        await Call(cloud, "DeleteRule", """{"Name":"r","EventBusName":"own"}""");
        Assert.Contains(
            "Rule r does not exist on EventBus own.",
            await Refused(cloud, "DescribeRule", """{"Name":"r","EventBusName":"own"}""")
        );
        await Call(cloud, "DeleteEventBus", """{"Name":"own"}""");
        Assert.Contains("Event bus own does not exist.", await Refused(cloud, "ListRules", """{"EventBusName":"own"}"""));
    }

    [Theory]
    [InlineData("PutRule", """{"Name":"r"}""", "Parameter(s) EventPattern or ScheduleExpression must be specified.")]
    [InlineData("PutRule", """{"Name":"r","EventPattern":"{\"source\":[]}"}""", "InvalidEventPatternException")]
    [InlineData("PutRule", """{"Name":"r","ScheduleExpression":"rate(5 seconds)"}""", "Parameter ScheduleExpression is not valid.")]
    [InlineData("PutRule", """{"Name":"r","ScheduleExpression":"rate(5 minute)"}""", "Parameter ScheduleExpression is not valid.")]
    [InlineData("PutRule", """{"Name":"r","ScheduleExpression":"rate(1 hours)"}""", "Parameter ScheduleExpression is not valid.")]
    [InlineData(
        "PutTargets",
        """{"Rule":"none","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:q"}]}""",
        "Rule none does not exist on EventBus default."
    )]
    [InlineData(
        "PutTargets",
        """{"Rule":"none","Targets":[{"Id":"1","Arn":"arn:aws:kinesis:us-east-1:000000000000:stream/s"}]}""",
        "rule targets of kinesis"
    )]
    [InlineData("DeauthorizeConnection", "{}", "DeauthorizeConnection")]
    public async Task What_AWS_refuses_or_is_not_done_is_refused(string operation, string request, string part)
    {
        await using var cloud = await TestCloud.Start();

        Assert.Contains(part, await Refused(cloud, operation, request));
    }

    private static LocalCloudOptions Still() =>
        new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero)) };

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("events", "AWSEvents." + operation, body);

    private static async Task<string> Refused(TestCloud cloud, string operation, string body) =>
        (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, operation, body))).Body;

    private static async Task<string> Queue(TestCloud cloud, string name)
    {
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", $$"""{"QueueName":"{{name}}"}""");
        return $"arn:aws:sqs:us-east-1:000000000000:{name}";
    }

    private static async Task<List<JsonElement>> Messages(TestCloud cloud, string queue)
    {
        var url = (await cloud.Json("sqs", "AmazonSQS.GetQueueUrl", $$"""{"QueueName":"{{queue}}"}""")).GetProperty("QueueUrl").GetString();
        var answer = await cloud.Json(
            "sqs",
            "AmazonSQS.ReceiveMessage",
            $$"""{"QueueUrl":"{{url}}","MaxNumberOfMessages":10,"MessageAttributeNames":["All"]}"""
        );
        return answer.TryGetProperty("Messages", out var messages) ? [.. messages.EnumerateArray()] : [];
    }
}

using System.Text.Json;
using Disa.Emulator.Tests.CloudFormation;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>A cloud with the metric alarms <c>a</c>, <c>b</c> and <c>s</c>, all OK, and short ways to composite alarms and what they tell.</summary>
internal sealed class AlarmCloud : IAsyncDisposable
{
    public const string Arns = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:";
    public const string Topic = "arn:aws:sns:us-east-1:000000000000:told";

    private AlarmCloud(StackCloud stacks) => Stacks = stacks;

    public StackCloud Stacks { get; }

    public TestCloud Cloud => Stacks.Cloud;

    public static async Task<AlarmCloud> Start()
    {
        var alarms = new AlarmCloud(
            await StackCloud.Start(
                null,
                new LocalCloudOptions { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 0, TimeSpan.Zero)) }
            )
        );
        foreach (var name in (string[])["a", "b", "s"])
        {
            await alarms.Call(
                "PutMetricAlarm",
                $$"""{"AlarmName":"{{name}}","Namespace":"N","MetricName":"{{name}}","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold","TreatMissingData":"ignore"}"""
            );
            await alarms.Set(name, "OK");
        }

        return alarms;
    }

    public ValueTask DisposeAsync() => Stacks.DisposeAsync();

    public async Task Put(string name, string rule, string more = "", Func<Task>? prepare = null)
    {
        if (prepare is not null)
        {
            await prepare();
        }

        await Call("PutCompositeAlarm", $$"""{"AlarmName":"{{name}}","AlarmRule":{{JsonSerializer.Serialize(rule)}}{{more}}}""");
    }

    public Task Set(string name, string state) =>
        Call("SetAlarmState", $$"""{"AlarmName":"{{name}}","StateValue":"{{state}}","StateReason":"test"}""");

    public async Task<JsonElement> Describe(string name) =>
        (await Call("DescribeAlarms", $$"""{"AlarmNames":["{{name}}"],"AlarmTypes":["CompositeAlarm"]}""")).GetProperty("CompositeAlarms")[
            0
        ];

    public async Task<string> State(string name) => (await Describe(name)).GetProperty("StateValue").GetString()!;

    public async Task<string[]> Names(string request)
    {
        var answer = await Call("DescribeAlarms", request);
        return
        [
            .. answer
                .GetProperty("MetricAlarms")
                .EnumerateArray()
                .Concat(answer.GetProperty("CompositeAlarms").EnumerateArray())
                .Select(alarm => Text(alarm, "AlarmName"))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>A queue that gets what the topic is told.</summary>
    public async Task Listen()
    {
        await Cloud.Query("sns", "CreateTopic", ("Name", "told"));
        await Cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await Cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", Topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:q"),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true")
        );
        await Cloud.Json(
            "sqs",
            "AmazonSQS.SetQueueAttributes",
            """{"QueueUrl":"http://localhost/000000000000/q","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}}"""
        );
    }

    public async Task<JsonElement> Told()
    {
        Assert.True(await Cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        var received = await Cloud.Json("sqs", "AmazonSQS.ReceiveMessage", """{"QueueUrl":"http://localhost/000000000000/q"}""");
        if (!received.TryGetProperty("Messages", out var messages) || messages.GetArrayLength() == 0)
        {
            return default;
        }

        await Cloud.Json(
            "sqs",
            "AmazonSQS.DeleteMessage",
            $$"""{"QueueUrl":"http://localhost/000000000000/q","ReceiptHandle":"{{messages[0].GetProperty("ReceiptHandle").GetString()}}"}"""
        );
        return JsonElement.Parse(messages[0].GetProperty("Body").GetString()!);
    }

    public async Task<string?> Next() => await Told() is { ValueKind: JsonValueKind.Object } told ? Text(told, "NewStateValue") : null;

    public static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    public Task<JsonElement> Call(string operation, string body) =>
        Cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);

    public async Task<string> Refused(string operation, string body) =>
        (await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body;
}

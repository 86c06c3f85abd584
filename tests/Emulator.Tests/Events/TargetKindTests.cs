using System.Text.Json;
using Disa.Emulator.Events;

namespace Disa.Emulator.Tests.Events;

/// <summary>Rules whose targets are event buses and log groups.</summary>
public sealed class TargetKindTests : IAsyncLifetime
{
    private const string Prefix = "arn:aws:events:us-east-1:000000000000:event-bus/";
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    /// <remarks>
    /// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html: an event that a rule sent from another bus is not sent
    /// on to a third.
    /// </remarks>
    [Fact]
    public async Task An_event_goes_from_one_bus_to_another_and_no_further()
    {
        foreach (var bus in (string[])["a", "b", "c"])
        {
            await Call("CreateEventBus", $$"""{"Name":"{{bus}}"}""");
            await Call("PutRule", $$"""{"Name":"r","EventBusName":"{{bus}}","EventPattern":"{\"source\":[\"s\"]}"}""");
        }

        await Target("a", Prefix + "b");
        await Target("b", Prefix + "c", "arn:aws:sqs:us-east-1:000000000000:q");
        await Target("c", "arn:aws:sqs:us-east-1:000000000000:q");

        await Put("a");

        var got = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", """{"QueueUrl":"q","MaxNumberOfMessages":10}""");
        var only = Assert.Single(got.GetProperty("Messages").EnumerateArray());
        Assert.Equal("d", JsonElement.Parse(only.GetProperty("Body").GetString()!).GetProperty("detail-type").GetString());
    }

    /// <summary>Nothing of it gets lost on the way from one bus to another: an archive of either counts the same bytes.</summary>
    [Fact]
    public async Task An_archive_counts_an_event_of_another_bus_as_one_of_its_own()
    {
        await Call("CreateEventBus", """{"Name":"a"}""");
        await Call("CreateEventBus", """{"Name":"b"}""");
        await Call("PutRule", """{"Name":"r","EventBusName":"a","EventPattern":"{\"source\":[\"s\"]}"}""");
        await Target("a", Prefix + "b");
        await Call("CreateArchive", $$"""{"ArchiveName":"sent","EventSourceArn":"{{Prefix}}a"}""");
        await Call("CreateArchive", $$"""{"ArchiveName":"forwarded","EventSourceArn":"{{Prefix}}b"}""");

        await Call(
            "PutEvents",
            """{"Entries":[{"Source":"s","DetailType":"d","Detail":"{}","Resources":["one","another"],"EventBusName":"a"}]}"""
        );
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(10)));
        await cloud.Cloud.Advance(ArchivedEvents.Delay);

        var sent = await Call("DescribeArchive", """{"ArchiveName":"sent"}""");
        var forwarded = await Call("DescribeArchive", """{"ArchiveName":"forwarded"}""");
        Assert.Equal((1, 1), (Number(sent, "EventCount"), Number(forwarded, "EventCount")));
        Assert.Equal(Number(sent, "SizeBytes"), Number(forwarded, "SizeBytes"));
    }

    /// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html, "CloudWatch Logs group"</remarks>
    [Fact]
    public async Task An_event_is_written_to_a_log_group()
    {
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"/aws/events/g"}""");
        await Call("PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"s\"]}"}""");
        await Target("default", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/g");

        await Put("default");

        var found = await cloud.Json("logs", "Logs_20140328.FilterLogEvents", """{"logGroupName":"/aws/events/g"}""");
        var line = Assert.Single(found.GetProperty("events").EnumerateArray()).GetProperty("message").GetString()!;
        Assert.Equal("s", JsonElement.Parse(line).GetProperty("source").GetString());
    }

    /// <remarks>Recorded on AWS 20-05-2025.</remarks>
    [Fact]
    public async Task More_than_ten_entries_are_refused_as_AWS_shows_them()
    {
        const string shown =
            "PutEventsRequestEntry(time=null, source=s, resources=null, detailType=d, detail={}, eventBusName=b, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)";
        var entries = string.Join(',', Enumerable.Repeat("""{"Source":"s","DetailType":"d","Detail":"{}","EventBusName":"b"}""", 11));

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call("PutEvents", $$"""{"Entries":[{{entries}}]}"""));

        Assert.Equal(
            $"1 validation error detected: Value '[{string.Join(", ", Enumerable.Repeat(shown, 11))}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
            JsonElement.Parse(error.Body).GetProperty("message").GetString()
        );
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("events", "AWSEvents." + operation, body);

    private Task<JsonElement> Target(string bus, params IEnumerable<string> arns)
    {
        var targets = string.Join(',', arns.Select((arn, at) => $$"""{"Id":"{{at}}","Arn":"{{arn}}"}"""));
        return Call("PutTargets", $$"""{"Rule":"r","EventBusName":"{{bus}}","Targets":[{{targets}}]}""");
    }

    private async Task Put(string bus)
    {
        await Call("PutEvents", $$"""{"Entries":[{"Source":"s","DetailType":"d","Detail":"{}","EventBusName":"{{bus}}"}]}""");
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(10)));
    }
}

using System.Text.Json;
using Disa.Emulator.Events;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Events;

/// <summary>
/// Replays: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html and
/// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html. Answers, the replayed event and refusals as recorded on
/// AWS 22-05-2024 (localstack's snapshot test_archive_and_replay).
/// </summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private const string Bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    private const string Archive = "arn:aws:events:us-east-1:000000000000:archive/a";
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 6, 30, 20, TimeSpan.Zero);

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start(new LocalCloudOptions { Wall = new FakeTimeProvider(Begin) });
        await Call("CreateArchive", $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus}}"}""");
        foreach (var name in (string[])["one", "two"])
        {
            await cloud.Json("sqs", "AmazonSQS.CreateQueue", $$"""{"QueueName":"{{name}}"}""");
            await cloud.Json(
                "sqs",
                "AmazonSQS.SetQueueAttributes",
                $$$"""{"QueueUrl":"http://localhost/000000000000/{{{name}}}","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}}"}}"""
            );
            await Call("PutRule", $$"""{"Name":"{{name}}","EventPattern":"{\"source\":[\"shop\"]}"}""");
            await Call(
                "PutTargets",
                $$"""{"Rule":"{{name}}","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:{{name}}"}]}"""
            );
        }
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Events_of_the_time_come_again_to_the_rules_that_are_named_with_the_replays_name()
    {
        var put = await Put("shop");
        Assert.Single(await Bodies("one"));
        Assert.Single(await Bodies("two"));
        await cloud.Cloud.Advance(ArchivedEvents.Delay);

        var started = await Start("r", filter: "one");
        Assert.Equal(["ReplayArn", "ReplayStartTime", "State"], Names(started));
        Assert.Equal(
            ("arn:aws:events:us-east-1:000000000000:replay/r", "STARTING"),
            (started.GetProperty("ReplayArn").GetString(), started.GetProperty("State").GetString())
        );
        await cloud.Cloud.Advance(StartReplay.StartingTime);

        var body = Assert.Single(await Bodies("one"));
        Assert.Empty(await Bodies("two"));
        Assert.Equal(
            ["version", "id", "detail-type", "source", "account", "time", "region", "replay-name", "resources", "detail"],
            body.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            ("r", put, "2026-11-23T06:30:20Z"),
            (body.GetProperty("replay-name").GetString(), body.GetProperty("id").GetString(), body.GetProperty("time").GetString())
        );
        var described = await Call("DescribeReplay", """{"ReplayName":"r"}""");
        Assert.Equal(
            [
                "Destination",
                "EventEndTime",
                "EventLastReplayedTime",
                "EventSourceArn",
                "EventStartTime",
                "ReplayArn",
                "ReplayEndTime",
                "ReplayName",
                "ReplayStartTime",
                "State",
            ],
            Names(described)
        );
        Assert.Equal("COMPLETED", described.GetProperty("State").GetString());
        Assert.Equal(Begin.ToUnixTimeSeconds(), described.GetProperty("EventLastReplayedTime").GetDouble());
        var entry = Assert.Single((await Call("ListReplays", """{"NamePrefix":"r"}""")).GetProperty("Replays").EnumerateArray());
        Assert.Equal(
            [
                "EventEndTime",
                "EventLastReplayedTime",
                "EventSourceArn",
                "EventStartTime",
                "ReplayEndTime",
                "ReplayName",
                "ReplayStartTime",
                "State",
            ],
            Names(entry)
        );
        await cloud.Cloud.Advance(ArchivedEvents.Delay);
        Assert.Equal(1, (await Call("DescribeArchive", """{"ArchiveName":"a"}""")).GetProperty("EventCount").GetInt32());
    }

    /// <summary>"A replay processes events to replay based on the time in the event, and replays them on one minute intervals."</summary>
    [Fact]
    public async Task Only_events_whose_own_time_lies_in_the_range_come_and_minute_by_minute()
    {
        await Put("shop", Begin.AddMinutes(2), "late");
        await Put("shop", Begin.AddSeconds(90), "before");
        await Put("shop", Begin.AddSeconds(85), "after");
        await Put("shop", Begin.AddMinutes(4), "never");
        await Put("shop", Begin.AddSeconds(-1), "never");
        await Bodies("one");
        await cloud.Cloud.Advance(ArchivedEvents.Delay);

        await Start("r", Begin, Begin.AddMinutes(4), "one");
        await cloud.Cloud.Advance(StartReplay.StartingTime);

        Assert.Equal(
            ["before", "after", "late"],
            (await Bodies("one")).Select(body => body.GetProperty("detail").GetProperty("name").GetString())
        );
    }

    [Fact]
    public async Task An_event_that_has_not_arrived_yet_is_not_replayed()
    {
        await Put("shop");
        await Bodies("one");

        await Start("r");
        await cloud.Cloud.Advance(StartReplay.StartingTime);

        Assert.Empty(await Bodies("one"));
        Assert.Equal("COMPLETED", await State("r"));
        Assert.False((await Call("DescribeReplay", """{"ReplayName":"r"}""")).TryGetProperty("EventLastReplayedTime", out _));
    }

    [Fact]
    public async Task Every_event_of_many_comes_once()
    {
        for (var i = 0; i < 25; i++)
        {
            var entries = string.Join(
                ',',
                Enumerable.Range(0, 10).Select(n => $$"""{"Source":"shop","DetailType":"t","Detail":"{\"n\":{{(i * 10) + n}}}"}""")
            );
            await Call("PutEvents", $$"""{"Entries":[{{entries}}]}""");
        }

        Assert.Equal(250, (await Bodies("one")).Count);
        await cloud.Cloud.Advance(ArchivedEvents.Delay);
        await Start("r", filter: "one");
        await cloud.Cloud.Advance(StartReplay.StartingTime);

        Assert.Equal(
            Enumerable.Range(0, 250),
            (await Bodies("one")).Select(body => body.GetProperty("detail").GetProperty("n").GetInt32()).Order()
        );
        Assert.Equal("COMPLETED", await State("r"));
    }

    /// <summary>A rule may leave replayed events out by the field that they have.</summary>
    [Fact]
    public async Task A_rule_can_leave_out_what_is_replayed()
    {
        await Call("PutRule", """{"Name":"one","EventPattern":"{\"source\":[\"shop\"],\"replay-name\":[{\"exists\":false}]}"}""");
        await Put("shop");
        Assert.Single(await Bodies("one"));
        Assert.Single(await Bodies("two"));
        await cloud.Cloud.Advance(ArchivedEvents.Delay);
        await Start("r");
        await cloud.Cloud.Advance(StartReplay.StartingTime);

        Assert.Empty(await Bodies("one"));
        Assert.Single(await Bodies("two"));
    }

    [Fact]
    public async Task A_replay_is_cancelled_only_while_it_is_starting_or_running()
    {
        await Put("shop");
        await Bodies("one");
        await cloud.Cloud.Advance(ArchivedEvents.Delay);
        await Start("r");

        var cancelled = await Call("CancelReplay", """{"ReplayName":"r"}""");
        Assert.Equal(["ReplayArn", "State"], Names(cancelled));
        Assert.Equal("CANCELLING", await State("r"));
        Assert.Contains("IllegalStatusException", await Refused("CancelReplay", """{"ReplayName":"r"}"""));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("CANCELLED", await State("r"));
        Assert.Empty(await Bodies("one"));
    }

    [Fact]
    public async Task Ten_are_active_at_a_time_and_all_are_forgotten_after_90_days()
    {
        for (var i = 0; i < 10; i++)
        {
            await Start($"r{i}");
        }

        Assert.Contains("LimitExceededException", await Refused("StartReplay", Body("r10", Begin, Begin.AddMinutes(1), null)));
        await cloud.Cloud.Advance(StartReplay.StartingTime);
        await Start("r10");
        var page = await Call("ListReplays", """{"Limit":3}""");
        Assert.Equal(3, page.GetProperty("Replays").GetArrayLength());
        var rest = await Call("ListReplays", $$"""{"NextToken":"{{page.GetProperty("NextToken").GetString()}}"}""");
        Assert.Equal(8, rest.GetProperty("Replays").GetArrayLength());

        await cloud.Cloud.Advance(TimeSpan.FromDays(91));
        Assert.Empty((await Call("ListReplays", "{}")).GetProperty("Replays").EnumerateArray());
        await Start("r0");
    }

    [Theory]
    [InlineData("BUS", "none", 60, "ValidationException", "Parameter EventSourceArn is not valid. Reason: Archive none does not exist.")]
    [InlineData("NONE", "a", 60, "ResourceNotFoundException", "Event bus none does not exist.")]
    [InlineData(
        "OTHER",
        "a",
        60,
        "ValidationException",
        "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted."
    )]
    [InlineData(
        "OTHER",
        "a",
        0,
        "ValidationException",
        "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime."
    )]
    [InlineData("bus", "a", 60, "ValidationException", "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.")]
    public async Task What_cannot_be_replayed_is_refused_in_these_words(
        string bus,
        string archive,
        int seconds,
        string type,
        string message
    )
    {
        await Call("CreateEventBus", """{"Name":"other"}""");
        var body = Body("r", Begin, Begin.AddSeconds(seconds), null)
            .Replace($"\"{Bus}\"", $"\"{bus}\"")
            .Replace("archive/a\"", $"archive/{archive}\"")
            .Replace("BUS", Bus)
            .Replace("NONE", Bus.Replace("default", "none"))
            .Replace("OTHER", Bus.Replace("default", "other"));

        var refused = await Refused("StartReplay", body);

        Assert.Contains(type, refused);
        Assert.Contains(message, refused);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_another_does_not_exist()
    {
        await Start("r");

        Assert.Contains("Replay r already exists.", await Refused("StartReplay", Body("r", Begin, Begin.AddMinutes(1), null)));
        Assert.Contains("Replay none does not exist.", await Refused("DescribeReplay", """{"ReplayName":"none"}"""));
        Assert.Contains("Replay none does not exist.", await Refused("CancelReplay", """{"ReplayName":"none"}"""));
        Assert.Contains(
            "At most one filter is allowed for ListReplays.",
            await Refused("ListReplays", """{"State":"RUNNING","NamePrefix":"r"}""")
        );
    }

    /// <summary>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html: of archive, bus and replay.</summary>
    [Fact]
    public async Task A_replay_asks_for_the_right_to_the_archive_the_bus_and_itself()
    {
        await using var enforcing = await TestCloud.StartEnforcing();
        Task<JsonElement> Ask(string operation, string body, string? key = null) =>
            enforcing.Json("events", "AWSEvents." + operation, body, key);
        await Ask("CreateArchive", $$"""{"ArchiveName":"a","EventSourceArn":"{{Bus}}"}""");
        await enforcing.Query("iam", "CreateUser", ("UserName", "me"));
        var issued = await enforcing.Query("iam", "CreateAccessKey", ("UserName", "me"));
        string Part(string name) => issued.Split($"<{name}>")[1].Split($"</{name}>")[0];
        enforcing.Secrets[Part("AccessKeyId")] = Part("SecretAccessKey");
        var start = Body("r", Begin, Begin.AddMinutes(1), null);
        string[] resources = ["arn:aws:events:us-east-1:000000000000:replay/r", Archive, Bus];
        for (var count = 1; count <= 3; count++)
        {
            await enforcing.Query(
                "iam",
                "PutUserPolicy",
                ("UserName", "me"),
                ("PolicyName", "p"),
                (
                    "PolicyDocument",
                    $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"events:StartReplay","Resource":{{JsonSerializer.Serialize(resources[..count])}}}]}"""
                )
            );
            if (count < 3)
            {
                var denied = await Assert.ThrowsAsync<TestAwsException>(() => Ask("StartReplay", start, Part("AccessKeyId")));
                Assert.Contains(resources[count], denied.Body);
            }
        }

        await Ask("StartReplay", start, Part("AccessKeyId"));
    }

    private static string Body(string name, DateTimeOffset start, DateTimeOffset end, string? filter) =>
        $$"""{"ReplayName":"{{name}}","EventSourceArn":"{{Archive}}","EventStartTime":{{start.ToUnixTimeSeconds()}},"EventEndTime":{{end.ToUnixTimeSeconds()}},"Destination":{"Arn":"{{Bus}}"{{(filter is null ? "" : $$""","FilterArns":["arn:aws:events:us-east-1:000000000000:rule/{{filter}}"]""")}}} }""";

    private Task<JsonElement> Start(string name, DateTimeOffset? start = null, DateTimeOffset? end = null, string? filter = null) =>
        Call("StartReplay", Body(name, start ?? Begin.AddHours(-1), end ?? Begin.AddHours(1), filter));

    private async Task<string?> Put(string source, DateTimeOffset? time = null, string name = "") =>
        (
            await Call(
                "PutEvents",
                $$"""{"Entries":[{"Source":"{{source}}","DetailType":"t","Detail":"{\"name\":\"{{name}}\"}"{{(time is { } at ? $",\"Time\":{at.ToUnixTimeSeconds()}" : "")}}}]}"""
            )
        )
            .GetProperty("Entries")[0]
            .GetProperty("EventId")
            .GetString();

    private async Task<string?> State(string name) =>
        (await Call("DescribeReplay", $$"""{"ReplayName":"{{name}}"}""")).GetProperty("State").GetString();

    /// <summary>What is in a queue, taken out of it.</summary>
    private async Task<List<JsonElement>> Bodies(string queue)
    {
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        var bodies = new List<JsonElement>();
        while (true)
        {
            var received = await cloud.Json(
                "sqs",
                "AmazonSQS.ReceiveMessage",
                $$"""{"QueueUrl":"http://localhost/000000000000/{{queue}}","MaxNumberOfMessages":10}"""
            );
            if (!received.TryGetProperty("Messages", out var messages) || messages.GetArrayLength() == 0)
            {
                return bodies;
            }

            foreach (var message in messages.EnumerateArray())
            {
                bodies.Add(JsonElement.Parse(message.GetProperty("Body").GetString()!));
                await cloud.Json(
                    "sqs",
                    "AmazonSQS.DeleteMessage",
                    $$"""{"QueueUrl":"http://localhost/000000000000/{{queue}}","ReceiptHandle":"{{message.GetProperty("ReceiptHandle").GetString()}}"}"""
                );
            }
        }
    }

    private static string[] Names(JsonElement element) =>
        [.. element.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("events", "AWSEvents." + operation, body);

    private async Task<string> Refused(string operation, string body) =>
        (await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body;
}

using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Disa.Functions.Retry;

namespace Disa.Functions.Tests;

/// <summary>A table of the user's own, with a composite key and with other items in it.</summary>
public abstract class SharedTableTests(Cloud cloud)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private static readonly TableShape Shape = new(["owner", "at"], IsShared: true);
    private readonly StringWriter logged = new();
    private readonly FakeAws topic = new(_ =>
        Answer.Ok("<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>")
    );
    private string table = "";

    public static TheoryData<string, string> SortKeys =>
        new()
        {
            { "S", "line/1" },
            { "N", "17" },
            { "B", "AAEC/w==" },
        };

    [Theory]
    [MemberData(nameof(SortKeys))]
    public async Task A_message_is_sent_under_its_whole_key_and_an_item_beside_it_is_left_alone(string type, string sort)
    {
        using var client = await ClientAsync(type);
        var (message, other) = (Key("a/b", type, sort), Key("other", type, sort));
        await client.PutItemAsync(table, With(message, ("message", new("Hello"))));
        await client.PutItemAsync(table, With(other, ("text", new("mine"))));
        var result = await Function(client).RunAsync(Event(message, other), () => TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal(new ProcessResult(1, 0, 0, 0, 0, 1), result);
        Assert.Equal("Successful", (await client.GetItemAsync(table, message, true)).Item["sendStatus"].S);
        Assert.Equal(["at", "owner", "text"], (await client.GetItemAsync(table, other, true)).Item.Keys.Order(StringComparer.Ordinal));

        // A separator could be in a value: a consumer that drops what it has seen would drop another one's message.
        var id = ItemKey.Of(message).Id;
        Assert.Equal($$$"""{"at":{"{{{type}}}":"{{{sort}}}"},"owner":{"S":"a/b"}}""", id);
        Assert.Contains(Uri.EscapeDataString(id), topic.Requests.Single().Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_item_that_lost_its_message_meanwhile_gets_no_status()
    {
        using var client = await ClientAsync("N");
        var key = Key("a", "N", "1");
        var seen = With(key, ("message", new("Hello")));
        await client.PutItemAsync(table, With(key, ("text", new("mine"))));
        Assert.False(await new DueAgain(client, table, Shape).MakeAsync(ItemKey.Of(key), seen, "Adopted", Now, CancellationToken.None));
        Assert.False(
            (
                await new MessageTable(client, table, Shape) { CallLimit = FakeAws.Patience }.DecideAsync(
                    new(ItemKey.Of(key), Now),
                    "Expired",
                    null,
                    null,
                    Now,
                    CancellationToken.None
                )
            ).Done
        );
        Assert.Equal(3, (await client.GetItemAsync(table, key, true)).Item.Count);
    }

    [Fact]
    public async Task What_waits_and_loses_its_message_leaves_the_index_and_keeps_nobody_from_a_sweep()
    {
        using var client = await ClientAsync("N");
        var key = Key("a", "N", "1");
        await client.PutItemAsync(
            table,
            With(
                key,
                ("text", new("mine")),
                ("sendStatus", new("Failure")),
                ("sendReason", new("SendFailed")),
                ("sendNextAttempt", new("2026-11-23T06:00:00.000Z")),
                ("sendDue", new("2026-11-23T06:00:00.000Z")),
                ("sendShard", new("3"))
            )
        );
        await client.PutItemAsync(
            table,
            With(
                Key("a", "N", "2"),
                ("message", new("Hello")),
                ("sendStatus", new("Failure")),
                ("sendReason", new("SendFailed")),
                ("sendNextAttempt", new("2026-11-23T06:10:00.000Z")),
                ("sendDue", new("2026-11-23T06:10:00.000Z")),
                ("sendShard", new("3"))
            )
        );
        var index = new DueIndex(client, table);
        Assert.Equal("1", (await index.FindAsync(Now, 1, CancellationToken.None)).Messages.Single().Key.Attributes["at"].N);
        Assert.Equal(1, (await Function(client).RunAsync(Event(key), () => TimeSpan.FromMinutes(1), CancellationToken.None)).Skipped);
        Assert.Equal("2", (await index.FindAsync(Now, 1, CancellationToken.None)).Messages.Single().Key.Attributes["at"].N);
        Assert.Equal("mine", (await client.GetItemAsync(table, key, true)).Item["text"].S);
    }

    [Fact]
    public async Task The_audit_counts_messages_only_and_adopts_them_by_their_whole_key()
    {
        using var client = await ClientAsync("N");
        var control = await cloud.ControlTableAsync();
        await client.PutItemAsync(table, With(Key("a", "N", "1"), ("text", new("mine"))));
        await client.PutItemAsync(table, With(Key("a", "N", "2"), ("text", new("mine")), ("sendStatus", new("paid"))));
        await client.PutItemAsync(table, With(Key("a", "N", "3"), ("message", new("Lost."))));
        await client.PutItemAsync(table, With(Key("a", "N", "4"), ("message", new("Sent.")), ("sendStatus", new("Successful"))));
        var run = new AuditRun(
            client,
            control,
            new Audit(client, table, Shape),
            new DueAgain(client, table, Shape),
            Shape,
            TimeSpan.FromMinutes(15),
            "disa",
            new Log(logged, TimeProvider.System),
            TimeProvider.System
        );
        var first = await run.RunAsync(new("disa.audit", Instant.Text(Now), false, null), CancellationToken.None);
        Assert.Equal((2, 0), (first.Total, first.Unaccounted));
        var second = await run.RunAsync(new("disa.audit", Instant.Text(Now.AddMinutes(15)), false, null), CancellationToken.None);
        Assert.Equal((2, 1, 1), (second.Total, second.Unaccounted, second.Adopted));
        Assert.Equal("""{"at":{"N":"3"},"owner":{"S":"a"}}""", second.Findings.Single().Id);

        var (due, more) = await new DueIndex(client, table).FindAsync(Now.AddMinutes(16), 10, CancellationToken.None);
        Assert.False(more);
        Assert.Equal(["at", "owner"], due.Single().Key.Attributes.Keys);
        Assert.Equal(4, (await client.GetItemAsync(table, Key("a", "N", "2"), true)).Item.Count);
    }

    private static Dictionary<string, AttributeValue> Key(string owner, string type, string sort) =>
        new()
        {
            ["owner"] = new(owner),
            ["at"] = type switch
            {
                "N" => new() { N = sort },
                "B" => new() { B = new(Convert.FromBase64String(sort)) },
                _ => new(sort),
            },
        };

    private static Dictionary<string, AttributeValue> With(
        Dictionary<string, AttributeValue> key,
        params (string Name, AttributeValue Value)[] attributes
    ) => key.Concat(attributes.Select(one => KeyValuePair.Create(one.Name, one.Value))).ToDictionary();

    private static ProcessEvent Event(params Dictionary<string, AttributeValue>[] keys) =>
        new(
            Instant.Text(Now),
            "run",
            new(
                [.. keys.Select(key => new SendItem(ItemKey.Of(key).Json, "2026-11-23T06:29:59.000Z"))],
                Force: false,
                Redrive: false,
                "test",
                null,
                null
            )
        );

    private async Task<AmazonDynamoDBClient> ClientAsync(string sortType)
    {
        cloud.SkipWithout();
        table = await cloud.TableAsync(new("owner", ScalarAttributeType.S), new("at", new ScalarAttributeType(sortType)));
        return cloud.DynamoDb();
    }

    private ProcessFunction Function(AmazonDynamoDBClient client)
    {
        var log = new Log(logged, TimeProvider.System);
        var sns = new AmazonSimpleNotificationServiceClient(FakeAws.Credentials, topic.Config<AmazonSimpleNotificationServiceConfig>());
        var messages = new MessageTable(client, table, Shape) { CallLimit = FakeAws.Patience };
        var sender = new Sender(messages, Shape, new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 3), () => 0.5, log);
        return new(
            messages,
            sender,
            new Publisher(sns, "arn:aws:sns:us-east-1:000000000000:topic", TimeProvider.System),
            "disa",
            log,
            TimeProvider.System
        );
    }
}

/// <summary>A shared table on the emulator.</summary>
public sealed class SharedTableOnTheEmulatorTests(Emulated aws) : SharedTableTests(aws);

/// <summary>A shared table on an AWS that this project did not write.</summary>
public sealed class SharedTableOnMotoTests(Moto aws) : SharedTableTests(aws);

using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>The process function on a table of its own, with a topic that a test plays.</summary>
public abstract class WithProcessFunction(Cloud cloud)
{
    private protected Cloud Aws { get; } = cloud;

    private protected static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private protected readonly StringWriter logged = new();
    private protected TimeSpan frozen;
    private protected DateTimeOffset wall = DateTimeOffset.UnixEpoch;
    private protected FakeTimeProvider? time;
    private protected TimeSpan retention;
    private protected FakeAws topic = new(_ => Published("m-1"));
    private protected string topicArn = "arn:aws:sns:us-east-1:000000000000:t";
    private protected FakeAws? lambda;

    private protected static Answer Published(string id) =>
        Answer.Ok($"<PublishResponse><PublishResult><MessageId>{id}</MessageId></PublishResult></PublishResponse>");

    private protected static Dictionary<string, AttributeValue> Key(string id) => new() { ["sequenceNo"] = new(id) };

    private protected static Dictionary<string, AttributeValue> Item(string id, params (string Name, AttributeValue Value)[] attributes)
    {
        var item = Key(id);
        foreach (var (name, value) in attributes)
        {
            item[name] = value;
        }

        return item;
    }

    private protected static ProcessEvent Event(DateTimeOffset now, params string[] ids) =>
        new(
            Instant.Text(now),
            "run",
            new(
                [.. ids.Select(id => new SendItem(JsonElement.Parse($$"""{"sequenceNo":{"S":"{{id}}"} }"""), "2026-11-23T06:29:59.000Z"))],
                Force: false,
                Redrive: false,
                "test",
                null,
                null
            )
        );

    private protected async Task<string> TableAsync(params Dictionary<string, AttributeValue>[] items)
    {
        Aws.SkipWithout();
        var table = await Aws.TableAsync();
        using var client = Aws.DynamoDb();
        foreach (var item in items)
        {
            await client.PutItemAsync(table, item);
        }

        return table;
    }

    private protected async Task<Dictionary<string, AttributeValue>> ReadAsync(string table, string id)
    {
        using var client = Aws.DynamoDb();
        return (await client.GetItemAsync(table, Key(id), true)).Item;
    }

    private protected Task<ProcessResult> RunAsync(string table, DateTimeOffset now, params string[] ids) =>
        RunAsync(table, now, TimeSpan.FromMinutes(1), false, ids);

    private protected async Task<ProcessResult> RunAsync(
        string table,
        DateTimeOffset now,
        TimeSpan remaining,
        bool probe,
        params string[] ids
    )
    {
        var config = Aws.Config<AmazonDynamoDBConfig>();
        config.HttpClientFactory = new Freezing(Aws, () => time?.Advance(frozen));
        using var client = new AmazonDynamoDBClient(FakeAws.Credentials, config);
        return await Function(client, table)
            .RunAsync(
                probe ? Event(now, ids) with { Batch = Event(now, ids).Batch! with { Report = new("probe") } } : Event(now, ids),
                () => remaining,
                CancellationToken.None
            );
    }

    private protected ProcessFunction Function(AmazonDynamoDBClient client, string table)
    {
        time = new FakeTimeProvider(wall) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var log = new Log(logged, time);
        var sns = new AmazonSimpleNotificationServiceClient(FakeAws.Credentials, topic.Config<AmazonSimpleNotificationServiceConfig>());
        var messages = new MessageTable(client, table, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var sender = new Sender(
            messages,
            Cloud.Shape,
            new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 3),
            () => 0.5,
            log,
            SendLimits.None with
            {
                Retention = retention,
            }
        );
        var self = lambda is null
            ? null
            : new OwnFunction(() => new(FakeAws.Credentials, lambda.Config<AmazonLambdaConfig>()), "p", "$LATEST", topicArn, log);
        return new(messages, sender, new Publisher(sns, topicArn, TimeProvider.System), "disa", log, time, self: self);
    }

    /// <summary>A topic that takes what has no error, single or in a batch; ids from the texts.</summary>
    private protected static Answer Said(Sent sent, Func<string, string, string?> error)
    {
        var form = sent.Form;
        if (sent.Operation == "Publish")
        {
            return error("", form["Message"]) is { } code
                ? Answer.QueryError(
                    code,
                    "no",
                    code == "InternalError" ? System.Net.HttpStatusCode.InternalServerError : System.Net.HttpStatusCode.BadRequest
                )
                : Published($"m-{form["Message"]}");
        }

        var (good, bad) = ("", "");
        for (var i = 1; form.TryGetValue($"PublishBatchRequestEntries.member.{i}.Id", out var id); i++)
        {
            var text = form[$"PublishBatchRequestEntries.member.{i}.Message"];
            if (error(id, text) is { } code)
            {
                bad +=
                    $"<member><Id>{id}</Id><Code>{code}</Code><Message>because</Message><SenderFault>{(code == "InternalError" ? "false" : "true")}</SenderFault></member>";
            }
            else
            {
                good += $"<member><Id>{id}</Id><MessageId>m-{text}</MessageId></member>";
            }
        }

        return Answer.Ok(
            $"<PublishBatchResponse><PublishBatchResult><Successful>{good}</Successful><Failed>{bad}</Failed></PublishBatchResult></PublishBatchResponse>"
        );
    }

    private protected const string Successor = "arn:aws:sns:us-east-1:000000000000:t.fifo";

    private protected static FakeAws Configured(string topicArn) =>
        new(_ =>
            new(HttpStatusCode.OK, JsonSerializer.Serialize(new { Environment = new { Variables = new { SNS_TOPIC_ARN = topicArn } } }))
        );
}

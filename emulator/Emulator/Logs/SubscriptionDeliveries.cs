using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Logs;

/// <summary>What a subscribed function gets, before it is compressed.</summary>
internal sealed record SubscriptionMessage(
    string MessageType,
    string Owner,
    string LogGroup,
    string LogStream,
    IReadOnlyList<string> SubscriptionFilters,
    IReadOnlyList<SubscribedEvent> LogEvents
);

internal sealed record SubscribedEvent(string Id, long Timestamp, string Message, IReadOnlyDictionary<string, string>? ExtractedFields);

internal sealed record LogsPayload(CompressedLogs Awslogs);

internal sealed record CompressedLogs(byte[] Data);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(SubscriptionMessage))]
[JsonSerializable(typeof(LogsPayload))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;

/// <summary>
/// The queue between a group and the functions that are subscribed to it. A batch of events is filed in the transaction that writes it, once
/// for each filter; it is handed over at least once. What cannot be handed over is tried again for a day.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html</remarks>
internal sealed partial class SubscriptionDeliveries(LogStore logs, LogMessages messages, ServiceDirectory services, ILogger logger)
{
    public static readonly Migration Migration = new(
        "logs",
        2,
        """
        CREATE TABLE logs_subscription (
            id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, stream INTEGER NOT NULL,
            filter TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, created INTEGER NOT NULL, due INTEGER NOT NULL);
        CREATE INDEX logs_subscription_due ON logs_subscription (due, id)
        """
    );

    /// <summary>Bytes of messages in one invocation: compressed badly they still fit into the 256 KB that one takes.</summary>
    private const int MostBytes = 150_000;

    private const int AtOnce = 100;
    private const long Pause = 60_000;
    private const long Day = 86_400_000;

    /// <summary>After a commit that filed something.</summary>
    public Action Signal { get; set; } = () => { };

    /// <summary>Files a batch for the filters that its group has at this moment.</summary>
    /// <param name="first">The first of the batch's events, whose ids follow one another.</param>
    /// <param name="last">The last of them.</param>
    public void File(Transaction transaction, Scope scope, LogGroup group, LogStream stream, long first, long last)
    {
        foreach (var filter in group.SubscriptionFilters)
        {
            transaction.Execute(
                "INSERT INTO logs_subscription (grp, account, region, name, stream, filter, first, last, created, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
                group.Id,
                scope.Account,
                scope.Region,
                group.Name,
                stream.Id,
                filter.Name,
                first,
                last,
                logs.Now
            );
        }
    }

    /// <summary>Whether the function lets CloudWatch Logs invoke it, which is asked before a filter is made.</summary>
    /// <exception cref="AwsException">InvalidParameterException.</exception>
    public async Task Try(Scope scope, string group, string function, CancellationToken cancellation)
    {
        try
        {
            await Invoke(scope, group, function, "DryRun", null, cancellation).ConfigureAwait(false);
        }
        catch (AwsException)
        {
            throw LogsErrors.Invalid(
                "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."
            );
        }
    }

    /// <summary>Hands over what is due.</summary>
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = logs.Now;
        var due = logs.Database.Read(transaction =>
            transaction.Query(
                "SELECT id, grp, account, region, name, stream, filter, first, last, created FROM logs_subscription WHERE due <= $1 ORDER BY due, id LIMIT $2",
                row => new Filed(
                    row.GetInt64(0),
                    row.GetInt64(1),
                    new Scope(row.GetString(2), row.GetString(3)),
                    row.GetString(4),
                    row.GetInt64(5),
                    row.GetString(6),
                    row.GetInt64(7),
                    row.GetInt64(8),
                    row.GetInt64(9)
                ),
                now,
                AtOnce
            )
        );
        foreach (var filed in due)
        {
            var isOver = true;
            try
            {
                await HandOver(filed, cancellation).ConfigureAwait(false);
            }
            catch (AwsException refused)
            {
                LogNotHandedOver(filed.Filter, filed.Group, refused.Code, refused.Message);
                isOver = now - filed.Created >= Day;
            }

            await logs
                .Database.Write(transaction =>
                    isOver
                        ? transaction.Execute("DELETE FROM logs_subscription WHERE id = $1", filed.Id)
                        : transaction.Execute("UPDATE logs_subscription SET due = $2 WHERE id = $1", filed.Id, now + Pause)
                )
                .ConfigureAwait(false);
        }

        return logs.Database.Read(transaction => transaction.Number("SELECT min(due) FROM logs_subscription")) is { } next
            ? DateTimeOffset.FromUnixTimeMilliseconds(next)
            : null;
    }

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM logs_subscription WHERE account = $1", account);

    private async Task HandOver(Filed filed, CancellationToken cancellation)
    {
        // A group that was deleted, or made again under its name, and a filter that was deleted, get nothing more.
        if (
            logs.Groups.Get(filed.Scope, filed.Group) is not { } group
            || group.Id != filed.GroupId
            || group.SubscriptionFilters.FirstOrDefault(one => one.Name == filed.Filter) is not { } filter
        )
        {
            return;
        }

        var pattern = FilterPattern.Parse(filter.Pattern);
        var read = messages.Reader(filed.Scope, group);
        var (stream, events) = logs.Database.Read(transaction =>
            (
                transaction.First("SELECT name FROM logs_stream WHERE id = $1", row => row.GetString(0), filed.Stream),
                transaction.Query(
                    "SELECT id, stream, time, ingested, open('logs_event', message) FROM logs_event WHERE stream = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
                    LogStore.ReadEvent,
                    filed.Stream,
                    filed.First,
                    filed.Last
                )
            )
        );
        var found = events
            .Select(log => (log.Id, log.Time, Message: read(log.Message)))
            .Where(log => pattern.Matches(log.Message))
            .Select(log => new SubscribedEvent(
                log.Id.ToString("D56", CultureInfo.InvariantCulture),
                log.Time,
                log.Message,
                pattern.Fields(log.Message) is { Count: > 0 } fields
                    ? fields.ToDictionary(field => field.Key[1..], field => field.Value)
                    : null
            ));
        foreach (var batch in Batches(found))
        {
            var message = new SubscriptionMessage("DATA_MESSAGE", filed.Scope.Account, filed.Group, stream ?? "", [filter.Name], batch);
            await Invoke(filed.Scope, filed.Group, filter.DestinationArn, "Event", message, cancellation).ConfigureAwait(false);
        }
    }

    private static IEnumerable<List<SubscribedEvent>> Batches(IEnumerable<SubscribedEvent> events)
    {
        var (batch, bytes) = (new List<SubscribedEvent>(), 0);
        foreach (var log in events)
        {
            var size = log.Message.Length + PutLogEvents.EventOverhead;
            if (batch.Count > 0 && bytes + size > MostBytes)
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(log);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>By the service's name, which functions let in as logs.amazonaws.com or with its Region.</summary>
    private async Task Invoke(
        Scope scope,
        string group,
        string function,
        string type,
        SubscriptionMessage? message,
        CancellationToken cancellation
    )
    {
        var request = JsonSerializer.SerializeToElement(
            new Dictionary<string, JsonElement>
            {
                ["FunctionName"] = JsonSerializer.SerializeToElement(function, LogsJson.Default.String),
                ["InvocationType"] = JsonSerializer.SerializeToElement(type, LogsJson.Default.String),
                ["Payload"] = message is null
                    ? JsonElement.Parse("{}"u8)
                    : JsonSerializer.SerializeToElement(new(new(Compressed(message))), SubscriptionJson.Default.LogsPayload),
            },
            LogsJson.Default.DictionaryStringJsonElement
        );
        var source = LogStore.ArnOf(scope, group) + ":*";
        try
        {
            await services
                .Call("lambda", "Invoke", request, Caller.Service("logs.amazonaws.com", scope) with { SourceArn = source }, cancellation)
                .ConfigureAwait(false);
        }
        catch (AwsException refused) when (refused.Code == "AccessDeniedException")
        {
            var regional = Caller.Service($"logs.{scope.Region}.amazonaws.com", scope) with { SourceArn = source };
            await services.Call("lambda", "Invoke", request, regional, cancellation).ConfigureAwait(false);
        }
    }

    private static byte[] Compressed(SubscriptionMessage message)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(zip, message, SubscriptionJson.Default.SubscriptionMessage);
        }

        return bytes.ToArray();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The subscription filter {Filter} of {Group} could not hand over its events: {Code}: {Reason}"
    )]
    private partial void LogNotHandedOver(string filter, string group, string code, string reason);

    private sealed record Filed(
        long Id,
        long GroupId,
        Scope Scope,
        string Group,
        long Stream,
        string Filter,
        long First,
        long Last,
        long Created
    );
}

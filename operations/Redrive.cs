using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Which messages a redrive takes.</summary>
/// <param name="Status">Failure, or none for those without a status.</param>
/// <param name="Reasons">Only these reasons; empty for all.</param>
/// <param name="Before">Only those whose last attempt was before; those never tried count as before.</param>
/// <param name="Waiting">Also those that have a next attempt.</param>
internal sealed record RedriveFilter(string Status, IReadOnlyList<string> Reasons, DateTimeOffset? Before, bool Waiting)
{
    /// <summary>Only those whose last error has this code; null for all.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Only those of this <see cref="FailureGroup"/>; null for all.</summary>
    public string? Group { get; init; }

    public bool Takes(Dictionary<string, AttributeValue> item)
    {
        var status = item.GetValueOrDefault(SendAttributes.Status)?.S;
        var last = item.GetValueOrDefault(SendAttributes.History)?.L?.LastOrDefault()?.M?.GetValueOrDefault("at")?.S;
        return status == (Status == "none" ? null : Status)
            && (Waiting || !item.ContainsKey(SendAttributes.Due))
            && (Reasons.Count == 0 || Reasons.Contains(item.GetValueOrDefault(SendAttributes.Reason)?.S, StringComparer.Ordinal))
            && (ErrorCode is null || item.GetValueOrDefault(SendAttributes.Error)?.M?.GetValueOrDefault("code")?.S == ErrorCode)
            && (Group is null || FailureGroup.Of(item).Id == Group)
            && (Before is not { } before || !Instant.TryParse(last, out var at) || at < before);
    }
}

/// <summary>What a redrive did so far.</summary>
/// <param name="Id">Its record in the control table.</param>
/// <param name="Matched">The frozen set: messages that matched when it was counted.</param>
/// <param name="Reasons">Of them, by reason.</param>
/// <param name="Redriven">Messages that were made due.</param>
/// <param name="Sent">Of those, sent.</param>
/// <param name="Failed">Of those, failed again.</param>
/// <param name="Deferred">Of those, not tried: their time has not come, they are held or paced, or behind another message.</param>
/// <param name="Skipped">Changed since they were counted: claimed, sent, deleted, failed again.</param>
/// <param name="Stopped">Why it stopped before the end.</param>
internal sealed record RedriveReport(
    string? Id,
    int Matched,
    IReadOnlyDictionary<string, int> Reasons,
    int Redriven,
    int Sent,
    int Failed,
    int Deferred,
    int Skipped,
    string? Stopped
)
{
    /// <summary>Made due, and nothing has come of it yet.</summary>
    public int Underway => Redriven - Sent - Failed - Deferred;
}

/// <summary>Makes parked messages due again: a frozen set, at a rate, and no further than the failures allow.</summary>
internal sealed class Redrive(AwsSession session, Deployment deployment)
{
    private const string Redriven = "Redriven";
    private const int AtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Outbox outbox = new(session, deployment);
    private readonly DueAgain dueAgain = new(session.DynamoDb, deployment.TableName, deployment.Shape);

    /// <summary>
    /// The items that match now, with what was seen of them. A small table is read whole; of a larger one the decided messages come from
    /// their index, which holds those that Disa itself decided.
    /// </summary>
    public async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> Freeze(RedriveFilter filter, CancellationToken cancellation)
    {
        string[] read = [.. deployment.Shape.KeyNames, .. DueAgain.Compared, SendAttributes.History, SendAttributes.Error];
        var items = (await session.DynamoDb.DescribeTableAsync(deployment.TableName, cancellation).ConfigureAwait(false)).Table.ItemCount;
        if (filter.Status != "none" && items > MessageList.ReadWhole)
        {
            var index = new MessageIndex(session, deployment);
            var entries = new List<ListedMessage>();
            IReadOnlyList<string> states = filter.Waiting
                ? [.. ListedState.All.Where(state => state != ListedState.Sent)]
                : [ListedState.Parked];
            await foreach (var entry in index.NewestFirst(states, null, null, null, cancellation).ConfigureAwait(false))
            {
                entries.Add(entry);
            }

            return [.. (await index.Items(entries, read, cancellation).ConfigureAwait(false)).Where(filter.Takes)];
        }

        var found = new List<Dictionary<string, AttributeValue>>();
        var request = new ScanRequest
        {
            TableName = deployment.TableName,
            FilterExpression = deployment.Shape.IsShared ? $"attribute_exists({SendAttributes.Message})" : null,
            ProjectionExpression = string.Join(", ", read.Select((_, i) => $"#a{i}")),
            ExpressionAttributeNames = read.Select((name, i) => (name, i)).ToDictionary(pair => $"#a{pair.i}", pair => pair.name),
        };
        do
        {
            var page = await session.DynamoDb.ScanAsync(request, cancellation).ConfigureAwait(false);
            found.AddRange((page.Items ?? []).Where(filter.Takes));
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });

        return found;
    }

    /// <summary>Of these messages, those that are not sent, whatever their reason and whether they have a next attempt or not.</summary>
    public async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> Freeze(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var found = new System.Collections.Concurrent.ConcurrentBag<Dictionary<string, AttributeValue>>();
        await Parallel
            .ForEachAsync(
                ids.Distinct(StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (id, token) =>
                {
                    if (
                        await outbox.Get(id, token).ConfigureAwait(false) is { } item
                        && item.GetValueOrDefault(SendAttributes.Status)?.S != SendAttributes.Successful
                    )
                    {
                        found.Add(item);
                    }
                }
            )
            .ConfigureAwait(false);
        return [.. found];
    }

    /// <summary>Makes one message due now and tells the retry function, without waiting for what comes of it.</summary>
    /// <returns>False where it is sent, is being sent, or changed meanwhile.</returns>
    /// <exception cref="FailureException">There is no such message.</exception>
    public async Task<bool> One(string id, CancellationToken cancellation)
    {
        var item = await outbox.Get(id, cancellation).ConfigureAwait(false) ?? throw new FailureException($"there is no message {id}.");
        var now = await EmulatorApi.Now(session, cancellation).ConfigureAwait(false);
        if (
            item.GetValueOrDefault(SendAttributes.Status)?.S == SendAttributes.Successful
            || !await Make(KeyOf(item), item, now, cancellation).ConfigureAwait(false)
        )
        {
            return false;
        }

        await Record(Count([item]) with { Redriven = 1 }, cancellation).ConfigureAwait(false);
        await RetryFunction.Invoke(session, deployment, force: false, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Counts a frozen set, by reason.</summary>
    public static RedriveReport Count(IReadOnlyList<Dictionary<string, AttributeValue>> items) =>
        new(
            null,
            items.Count,
            new SortedDictionary<string, int>(
                items
                    .GroupBy(item => item.GetValueOrDefault(SendAttributes.Reason)?.S ?? "none")
                    .ToDictionary(same => same.Key, same => same.Count()),
                StringComparer.Ordinal
            ),
            0,
            0,
            0,
            0,
            0,
            null
        );

    /// <summary>Writes what is known of a redrive to its record; answers the record's id.</summary>
    public Task<string> Record(RedriveReport report, CancellationToken cancellation) =>
        ActionRecord.Write(
            session,
            deployment,
            "redrive",
            report.Id,
            JsonSerializer.Serialize(report, OperationsJson.Default.RedriveReport),
            cancellation
        );

    /// <returns>False where the item has changed.</returns>
    private async Task<bool> Make(
        ItemKey key,
        Dictionary<string, AttributeValue> seen,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        await dueAgain.MakeAsync(key, seen, Redriven, now, cancellation).ConfigureAwait(false)
        || IsMade(await outbox.Get(key.Id, cancellation).ConfigureAwait(false), now);

    /// <summary>Due since just this time: the write had its effect, its answer was lost, and the SDK's repetition was refused.</summary>
    private static bool IsMade(Dictionary<string, AttributeValue>? item, DateTimeOffset now) =>
        item?.GetValueOrDefault(SendAttributes.Reason)?.S == Redriven && item.GetValueOrDefault(SendAttributes.Due)?.S == Instant.Text(now);

    /// <summary>Whether a message of that reason was not tried: it has used up no attempt, and goes by itself.</summary>
    public static bool IsDeferred(string? reason) =>
        reason is "Scheduled" or "Held" or "Paced" or "Blocked" or "FunctionChanged" or "Waiting";

    private ItemKey KeyOf(Dictionary<string, AttributeValue> item) => ItemKey.Of(item, deployment.Shape.KeyNames);

    /// <param name="items">The frozen set.</param>
    /// <param name="rate">Messages a second at most.</param>
    /// <param name="stopAt">The share of failures above which it stops; checked after each batch.</param>
    /// <param name="report">What is known so far.</param>
    /// <param name="say">Told of progress.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<RedriveReport> Run(
        IReadOnlyList<Dictionary<string, AttributeValue>> items,
        int rate,
        double stopAt,
        RedriveReport report,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        foreach (var batch in items.Chunk(Math.Min(rate, 100)))
        {
            var started = TimeProvider.System.GetTimestamp();
            var now = await EmulatorApi.Now(session, cancellation).ConfigureAwait(false);
            var made = new System.Collections.Concurrent.ConcurrentBag<string>();
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel
                .ForEachAsync(
                    batch,
                    options,
                    async (item, token) =>
                    {
                        var key = KeyOf(item);
                        if (await Make(key, item, now, token).ConfigureAwait(false))
                        {
                            made.Add(key.Id);
                        }
                    }
                )
                .ConfigureAwait(false);
            report = report with { Redriven = report.Redriven + made.Count, Skipped = report.Skipped + batch.Length - made.Count };

            var sweep = await RetryFunction.Invoke(session, deployment, force: false, cancellation).ConfigureAwait(false);
            if (sweep.GetProperty("breaker").GetString() == BreakerState.Open)
            {
                return report with { Stopped = "the breaker is open; messages that were made due are sent when it closes" };
            }

            var (sent, failed, deferred) = (0, 0, 0);
            await Parallel
                .ForEachAsync(
                    made,
                    options,
                    async (id, token) =>
                    {
                        var message = await outbox
                            .WaitFor(
                                id,
                                message => message.Status == SendAttributes.Successful || message.Reason != Redriven,
                                Patience,
                                token
                            )
                            .ConfigureAwait(false);
                        Interlocked.Add(ref sent, message?.Status == SendAttributes.Successful ? 1 : 0);
                        var decided = message is { Status: SendAttributes.Failure, Reason: not Redriven };
                        Interlocked.Add(ref deferred, decided && IsDeferred(message!.Reason) ? 1 : 0);
                        Interlocked.Add(ref failed, decided && !IsDeferred(message!.Reason) ? 1 : 0);
                    }
                )
                .ConfigureAwait(false);
            report = report with { Sent = report.Sent + sent, Failed = report.Failed + failed, Deferred = report.Deferred + deferred };
            say($"Redriven {report.Redriven} of {items.Count}: {report.Sent} sent, {report.Deferred} deferred, {report.Failed} failed");
            if (report.Failed > stopAt * (report.Sent + report.Failed))
            {
                return report with
                {
                    Stopped = string.Create(CultureInfo.InvariantCulture, $"more than {stopAt:P0} of the redriven messages failed again"),
                };
            }

            var rest = TimeSpan.FromSeconds((double)batch.Length / rate) - TimeProvider.System.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }

        return report;
    }
}

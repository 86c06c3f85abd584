using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

/// <summary>One of a shard's lanes: the records of its share of keys, one batch after the other.</summary>
internal sealed class StreamLane(
    Mapping mapping,
    string shard,
    int lane,
    Clock clock,
    MappingStore mappings,
    Invoker invoker,
    StreamAccess streams,
    Destinations destinations,
    StreamReplays replays,
    Action<string> result
)
{
    private const int PayloadLimit = 6_291_456;
    private const int KeepEvery = 1000;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);
    private static readonly Dictionary<string, JsonElement> EventNames = new[] { "INSERT", "MODIFY", "REMOVE" }.ToDictionary(
        name => name,
        name => JsonElement.Parse($"\"{name}\"")
    );

    private readonly List<EventPattern> filters = [.. mapping.Filters.Select(filter => EventPattern.Parse(filter, PatternDialect.Lambda))];

    /// <summary>Records that are read at a time: all of them go into the batch, unless a filter or another lane takes some.</summary>
    private readonly int readLimit =
        Math.Clamp(mapping.BatchSize * (mapping.Filters.Count > 0 || mapping.ParallelizationFactor > 1 ? 4 : 1), 10, 1000) + 1;
    private LaneState state = mappings.Lane(mapping.Id, shard, lane);
    private string? passed;
    private int passedSince;
    private DateTimeOffset? windowEnds;
    private DateTimeOffset? waitsUntil;
    private int throttles;

    /// <summary>When the lane has something to do by itself: a retry, or a window that ends.</summary>
    public DateTimeOffset? Due { get; private set; }

    /// <summary>The batch to deliver now; null where there is none, or where it must wait until <see cref="Due"/>.</summary>
    public StreamBatch? Prepare()
    {
        var now = clock.GetUtcNow();
        Due = null;
        var retry = DateTimeOffset.FromUnixTimeMilliseconds(state.RetryAt);
        if (waitsUntil > retry)
        {
            retry = waitsUntil.Value;
        }

        if (retry > now)
        {
            Due = retry;
            return null;
        }

        waitsUntil = null;
        if (replays.Take(now) is { } again)
        {
            return new StreamBatch(again, "", 0, false, IsReplay: true);
        }

        var failed = state.Failed.Count > 0 ? state.Failed[^1] : null;
        var (records, end, isFull) = Gather(failed?.End);
        if (records.Count == 0)
        {
            if (failed is not null && end is not null)
            {
                // What failed has left the stream, or the filter has changed: nothing of it remains.
                return new StreamBatch([], end, failed.Attempts, false);
            }

            Pass(end);
            Due = replays.Due;
            return null;
        }

        if (
            mapping.MaximumRecordAge >= 0
            && records.TakeWhile(record => record.Created.AddSeconds(mapping.MaximumRecordAge) < now).ToList() is { Count: > 0 } expired
        )
        {
            return new StreamBatch(expired, expired[^1].SequenceNumber, failed?.Attempts ?? 0, true);
        }

        if (failed is null && !isFull && mapping.BatchingWindow > 0)
        {
            windowEnds ??= now.AddSeconds(mapping.BatchingWindow);
            if (windowEnds > now)
            {
                Due = windowEnds;
                return null;
            }
        }

        windowEnds = null;
        return new StreamBatch(records, end!, failed?.Attempts ?? 0, false);
    }

    /// <summary>Invokes the function with a batch and records what came of it.</summary>
    public async Task Deliver(StreamBatch batch, CancellationToken cancellation)
    {
        if (batch.Records.Count == 0)
        {
            await Done(batch.End).ConfigureAwait(false);
            return;
        }

        if (batch.IsExpired)
        {
            await Discard(batch, batch.End, batch.Attempts, "RecordAgeExceeded", null).ConfigureAwait(false);
            return;
        }

        using var span = Telemetry.Batch("dynamodb_streams", mapping.EventSourceArn, batch.Records.Count);
        Invocation invocation;
        try
        {
            invocation = await invoker
                .Invoke(
                    mapping.FunctionArn,
                    null,
                    batch.Payload(),
                    InvocationType.RequestResponse,
                    Caller.Service("lambda.amazonaws.com", mapping.Scope),
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (AwsException failure)
        {
            // Throttles, and functions that cannot be invoked now, are no attempts: they last as long as they last.
            result(failure.Code == "ResourceNotFoundException" ? "PROBLEM: Function not found" : "PROBLEM: Function call failed");
            Wait(Backoff(++throttles));
            return;
        }

        throttles = 0;
        invoker.Aged(mapping.FunctionArn, clock.GetUtcNow() - batch.Records[^1].Created);
        if (batch.IsReplay)
        {
            return;
        }

        var firstFailure =
            invocation.FunctionError is not null ? 0
            : mapping.ReportsItemFailures
                ? ItemFailures.First(invocation.Payload, batch.Records.Select(record => record.SequenceNumber).ToList(), isOrdered: true)
            : null;
        if (firstFailure is null)
        {
            result("OK");
            await Done(batch.End).ConfigureAwait(false);
            replays.Delivered(batch.Records);
            return;
        }

        result("PROBLEM: Function call failed");
        await Fail(batch, firstFailure.Value, invocation).ConfigureAwait(false);
    }

    public void Wait(TimeSpan span) => waitsUntil = clock.GetUtcNow() + span;

    /// <summary>Stores how far the lane has looked, when it stops.</summary>
    public async Task Keep()
    {
        if (passedSince > 0 && passed is not null && state.Failed.Count == 0)
        {
            try
            {
                await Store(new LaneState { Checkpoint = passed }).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is ObjectDisposedException or IOException)
            {
                // The store is gone first: the lane looks at the same records once more, later.
            }
        }
    }

    private (List<StreamEntry> Records, string? End, bool IsFull) Gather(string? boundary)
    {
        var found = new List<StreamEntry>();
        var bytes = 0L;
        var after = SequenceNumbers.Instance.Compare(passed, state.Checkpoint) > 0 && boundary is null ? passed : state.Checkpoint;
        string? end = null;
        while (true)
        {
            var read = streams.Read(mapping.EventSourceArn, shard, after, readLimit);
            foreach (var entry in read)
            {
                if (boundary is not null && SequenceNumbers.Instance.Compare(entry.SequenceNumber, boundary) > 0)
                {
                    return (found, boundary, true);
                }

                if (MayBeWanted(entry) && IsMine(entry) && IsWanted(entry))
                {
                    var size = JsonSize(entry);
                    if (found.Count > 0 && (found.Count >= mapping.BatchSize || bytes + size > PayloadLimit))
                    {
                        return (found, end, true);
                    }

                    bytes += size;
                    found.Add(entry);
                }

                end = entry.SequenceNumber;
            }

            if (read.Count < readLimit)
            {
                return (found, boundary ?? end, found.Count >= mapping.BatchSize);
            }

            after = read[^1].SequenceNumber;
        }
    }

    /// <summary>Records that concern nobody: the position moves on, and is stored from time to time.</summary>
    private void Pass(string? end)
    {
        if (end is null)
        {
            return;
        }

        passed = end;
        if (++passedSince >= KeepEvery)
        {
            passedSince = 0;
            state = state with { Checkpoint = end };
            _ = mappings.Database.Write(transaction =>
                MappingStore.PutLane(transaction, mapping, shard, lane, state with { Checkpoint = end })
            );
        }
    }

    private async Task Fail(StreamBatch batch, int firstFailure, Invocation invocation)
    {
        var failed = state.Failed.Count > 0 ? state.Failed.Take(state.Failed.Count - 1).ToList() : [];
        var checkpoint = state.Checkpoint;
        var attempts = batch.Attempts;
        var rest = batch.Records.Skip(firstFailure).ToList();
        if (firstFailure > 0)
        {
            // A partial answer cuts the batch at the lowest number that failed; with bisecting on, the cut is no retry.
            checkpoint = batch.Records[firstFailure - 1].SequenceNumber;
            attempts += mapping.BisectsOnError ? 0 : 1;
        }
        else if (mapping.BisectsOnError && rest.Count > 1 && invocation.FunctionError is not null)
        {
            var half = rest[(rest.Count / 2) - 1].SequenceNumber;
            await Store(
                    new LaneState
                    {
                        Checkpoint = checkpoint,
                        Failed = [.. failed, new(batch.End, attempts), new(half, attempts)],
                        RetryAt = At(Backoff(1)),
                    }
                )
                .ConfigureAwait(false);
            return;
        }
        else
        {
            attempts++;
        }

        if (mapping.MaximumRetryAttempts >= 0 && attempts > mapping.MaximumRetryAttempts)
        {
            await Discard(batch with { Records = rest }, batch.End, attempts, "RetryAttemptsExhausted", invocation).ConfigureAwait(false);
            return;
        }

        await Store(
                new LaneState
                {
                    Checkpoint = checkpoint,
                    Failed = [.. failed, new(batch.End, attempts)],
                    RetryAt = At(Backoff(Math.Max(1, attempts))),
                }
            )
            .ConfigureAwait(false);
    }

    private async Task Discard(StreamBatch batch, string end, int invocations, string condition, Invocation? invocation)
    {
        if (mapping.OnFailure is { } target)
        {
            await destinations
                .Send(
                    target,
                    batch.Failure(mapping, shard, invocations, condition, invocation, clock.GetUtcNow()),
                    mapping.FunctionArn,
                    mapping.Scope
                )
                .ConfigureAwait(false);
        }

        await Done(end).ConfigureAwait(false);
    }

    /// <summary>Everything up to here is done; failed batches that end here or before are over.</summary>
    private Task Done(string end) =>
        Store(
            new LaneState
            {
                Checkpoint = end,
                Failed = [.. state.Failed.Where(batch => SequenceNumbers.Instance.Compare(batch.End, end) > 0)],
            }
        );

    private async Task Store(LaneState next)
    {
        await mappings
            .Database.Write(transaction =>
            {
                // A mapping that was deleted meanwhile leaves nothing behind.
                if (mappings.Mappings.Get(transaction, mapping.Scope, mapping.Id) is not null)
                {
                    MappingStore.PutLane(transaction, mapping, shard, lane, next);
                }
            })
            .ConfigureAwait(false);
        state = next;
        passedSince = 0;
    }

    private bool IsMine(StreamEntry entry)
    {
        if (mapping.ParallelizationFactor == 1)
        {
            return true;
        }

        // A key's records stay in one lane, in every run of the emulator.
        var hash = 17u;
        foreach (var value in Encoding.UTF8.GetBytes(entry.Record.GetProperty("dynamodb").GetProperty("Keys").GetRawText()))
        {
            hash = unchecked((hash * 31) + value);
        }

        return hash % (uint)mapping.ParallelizationFactor == (uint)lane;
    }

    /// <summary>Most filters ask for the kind of change: what is not of it need not be read.</summary>
    private bool MayBeWanted(StreamEntry entry) =>
        filters.Count == 0 || filters.Exists(filter => filter.MayMatch("eventName", EventNames[entry.EventName]));

    private bool IsWanted(StreamEntry entry) => filters.Count == 0 || filters.Exists(filter => filter.Matches(entry.Record));

    private static int JsonSize(StreamEntry entry) => Encoding.UTF8.GetByteCount(entry.Record.GetRawText()) + 1;

    private static TimeSpan Backoff(int attempt) => attempt > 6 ? LongestBackoff : TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));

    private long At(TimeSpan wait) => (clock.GetUtcNow() + wait).ToUnixTimeMilliseconds();
}

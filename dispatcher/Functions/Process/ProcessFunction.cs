using System.Text.Json;
using Amazon.Runtime;

namespace Disa.Functions.Process;

/// <summary>Sends a batch of items, ten at a time: what one of them meets does not touch its neighbours.</summary>
/// <remarks>
/// A failed publish is a result, not an exception. An exception leaves the function only when an item could not be
/// decided. Where the table did not answer, or the time that the function has ran out, the workflow decides those items, and
/// only those. Where someone else holds the claim of an item that has no status yet, the workflow waits for the end of the
/// lease and asks again: the other one may have been this very execution, before a crash.
/// </remarks>
public sealed class ProcessFunction(
    MessageTable table,
    Sender sender,
    Publisher publisher,
    string stack,
    Log log,
    TimeProvider time,
    Pace? pace = null,
    Spans? spans = null,
    OwnFunction? self = null
)
{
    /// <summary>The reason of what a process gave back because its function was changed meanwhile.</summary>
    private const string FunctionChanged = "FunctionChanged";

    private const int TensAtOnce = 4;

    /// <summary>Until the function as it is now is called.</summary>
    private static readonly TimeSpan Successor = TimeSpan.FromSeconds(1);

    /// <param name="input">What the workflow hands over.</param>
    /// <param name="remaining">The time that the function still has; asked before each ten items, so that none is claimed that cannot be finished.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <exception cref="ItemsUndecidedException">Some items have no outcome.</exception>
    /// <exception cref="ItemsInFlightException">Some items are someone else's, perhaps.</exception>
    public async Task<ProcessResult> RunAsync(ProcessEvent input, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(remaining);
        var clock = EventClock.NotBefore(Instant.TryParse(input.Time, out var at) ? at : null, time);
        var batch = input.Batch ?? throw new JsonException("The event has no batch.");
        var items = (batch.Items ?? throw new JsonException("The batch has no items.")).Select(item => Read(item, clock)).ToList();
        var options = new SendOptions(batch.Force, batch.Redrive, Probe: batch.Report?.Kind is ReportRequest.Probe or ReportRequest.Ramp);
        if (batch.Breaker?.Item?.State?.S is "UNREADABLE")
        {
            log.Write("warn", "The breaker record could not be read; sending all the same.", ("execution", input.Execution));
        }

        return await RunAsync(items, new ProcessRun(input.Execution, options, clock), remaining, cancellation).ConfigureAwait(false);
    }

    private async Task<ProcessResult> RunAsync(
        List<WorkItem> items,
        ProcessRun run,
        Func<TimeSpan> remaining,
        CancellationToken cancellation
    )
    {
        var different = items.DistinctBy(item => item.Key.Identity).ToList();
        run.Add(Outcome.Skipped, items.Count - different.Count);

        if (publisher.IsFifo)
        {
            await GroupsAsync(different, run, remaining, cancellation).ConfigureAwait(false);
            return run.Result(log, stack);
        }

        if (pace is { IsKept: true })
        {
            await PacedAsync(pace, different, run, remaining, cancellation).ConfigureAwait(false);
            return run.Result(log, stack);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = TensAtOnce, CancellationToken = cancellation };
        await Parallel
            .ForEachAsync(
                different.Chunk(Publisher.MaxEntries),
                parallel,
                async (ten, token) =>
                {
                    if (remaining() < Timeouts.TenItems)
                    {
                        run.Undecided(ten, new TimeoutException("The function has no time left for these items."));
                        return;
                    }

                    await SendBatchAsync(ten, run, run.Options, remaining, token).ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
        return run.Result(log, stack);
    }

    private async Task PacedAsync(Pace pace, List<WorkItem> items, ProcessRun run, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        try
        {
            var paced = new PacedRun(pace, table, sender, log, time);
            run.Paced = await paced
                .RunAsync(
                    items,
                    run.Options,
                    run.Clock,
                    remaining,
                    (wave, gate) => SendBatchAsync(wave, run, run.Options, remaining, cancellation, gate),
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheTable(e))
        {
            // Those that were not decided are without a status, or due: the workflow marks them.
            NotAnswered(items, run, e);
        }
    }

    private async Task GroupsAsync(List<WorkItem> items, ProcessRun run, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        var groups = new GroupRun(table, sender, sender.ParkedBlocks, log);
        var paced = pace is { IsKept: true } ? new PacedRun(pace, table, sender, log, time) : null;
        var put = 0;
        try
        {
            run.Add(
                Outcome.Skipped,
                await groups
                    .RunAsync(
                        items,
                        run.Options,
                        run.Clock,
                        () => remaining() >= Timeouts.TenItems,
                        async (item, isToBeSent, options) =>
                        {
                            if (remaining() < Timeouts.TenItems)
                            {
                                run.Undecided([item], new TimeoutException("The function has no time left for these items."));
                            }
                            else if (isToBeSent && paced is not null)
                            {
                                var putOff = await paced
                                    .OneAsync(
                                        item,
                                        run.Clock,
                                        remaining,
                                        (one, gate) => SendBatchAsync(one, run, options, remaining, cancellation, gate),
                                        cancellation
                                    )
                                    .ConfigureAwait(false);
                                run.Paced = (Interlocked.Add(ref put, putOff), null);
                            }
                            else
                            {
                                await SendBatchAsync([item], run, options, remaining, cancellation).ConfigureAwait(false);
                            }
                        },
                        cancellation
                    )
                    .ConfigureAwait(false)
            );
        }
        catch (Exception e) when (IsOfTheTable(e))
        {
            NotAnswered(items, run, e);
        }
    }

    /// <summary>Claims, publishes and records.</summary>
    /// <returns>What was claimed, and did not get through the gate: the caller gives it back.</returns>
    private async Task<IReadOnlyList<Attempt>> SendBatchAsync(
        WorkItem[] ten,
        ProcessRun run,
        SendOptions options,
        Func<TimeSpan> remaining,
        CancellationToken cancellation,
        PublishGate? gate = null
    )
    {
        IReadOnlyDictionary<string, Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>> read;
        try
        {
            read = await table.ReadAsync([.. ten.Select(item => item.Key)], cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheTable(e))
        {
            NotAnswered(ten, run, e);
            return [];
        }

        var claims = await TogetherAsync(
                ten,
                item => item,
                async (item, writes) =>
                {
                    var (outcome, attempt) = await sender
                        .ClaimAsync(item, read.GetValueOrDefault(item.Key.Identity), options, run.Clock, writes, cancellation)
                        .ConfigureAwait(false);
                    if (attempt is null)
                    {
                        run.Add(outcome);
                    }

                    return attempt;
                },
                run,
                cancellation
            )
            .ConfigureAwait(false);
        var late = new List<Attempt>();
        foreach (var claimed in Publisher.Batches(claims.OfType<Attempt>()))
        {
            if (gate is not null && !await gate.Opens(claimed.Count).ConfigureAwait(false))
            {
                late.AddRange(claimed);
                continue;
            }

            var batch = await StillHeldAsync(claimed, run, cancellation).ConfigureAwait(false);
            if (batch.Count == 0)
            {
                continue;
            }

            var began = spans is null ? default : time.GetUtcNow();
            var publications = await publisher.PublishAsync(batch, remaining, cancellation).ConfigureAwait(false);
            gate?.Passed();
            spans?.Published(batch, publications, publisher.TopicName, began, time.GetUtcNow());
            if (await IsOutdatedAsync(publications, remaining, cancellation).ConfigureAwait(false))
            {
                await LeaveToSuccessorAsync(batch, publications, run, cancellation).ConfigureAwait(false);
                (batch, publications) = Answered(batch, publications);
            }

            await TogetherAsync(
                    [.. batch.Zip(publications)],
                    pair => pair.First.Item,
                    async (pair, writes) =>
                    {
                        var (attempt, publication) = pair;
                        var outcome = await sender
                            .RecordAsync(attempt, publication, run.Options, run.Clock, writes, cancellation)
                            .ConfigureAwait(false);
                        run.Add(outcome);
                        if (outcome == Outcome.Sent)
                        {
                            run.InsertToSent.Add(Math.Max(0, (run.Clock.Now - attempt.Item.SeenAt).TotalMilliseconds));
                        }

                        return attempt;
                    },
                    run,
                    cancellation
                )
                .ConfigureAwait(false);
        }

        return late;
    }

    /// <summary>Whether the topic is at fault only because this process was started before its function was given another one.</summary>
    private async Task<bool> IsOutdatedAsync(
        IReadOnlyList<Publication> publications,
        Func<TimeSpan> remaining,
        CancellationToken cancellation
    ) =>
        self is not null
        && publications.Any(IsOfTheTopic)
        && remaining() > OwnFunction.Timeout + Timeouts.TableCall
        && await self.IsOutdatedAsync(cancellation).ConfigureAwait(false);

    /// <summary>What the topic of this process did not take is given back: the workflow calls the function as it is now, a second later.</summary>
    private async Task LeaveToSuccessorAsync(
        IReadOnlyList<Attempt> batch,
        IReadOnlyList<Publication> publications,
        ProcessRun run,
        CancellationToken cancellation
    )
    {
        var next = run.Clock.Now + Successor;
        await Task.WhenAll(
                batch
                    .Zip(publications)
                    .Where(pair => IsOfTheTopic(pair.Second))
                    .Select(pair =>
                        ForOneAsync(
                            pair.First.Item,
                            run,
                            async () =>
                            {
                                await table
                                    .GiveBackAsync(pair.First, FunctionChanged, next, run.Clock.Now, cancellation)
                                    .ConfigureAwait(false);
                                run.LeftUntil(next);
                                run.Add(Outcome.Deferred);
                                log.Write(
                                    "info",
                                    "Given back: the function has another topic than this process.",
                                    ("id", pair.First.Key.Id),
                                    ("next", Instant.Text(next))
                                );
                                return null;
                            }
                        )
                    )
            )
            .ConfigureAwait(false);
    }

    private static (IReadOnlyList<Attempt> Batch, IReadOnlyList<Publication> Publications) Answered(
        IReadOnlyList<Attempt> batch,
        IReadOnlyList<Publication> publications
    )
    {
        var answered = batch.Zip(publications).Where(pair => !IsOfTheTopic(pair.Second)).ToList();
        return (answered.ConvertAll(pair => pair.First), answered.ConvertAll(pair => pair.Second));
    }

    private static bool IsOfTheTopic(Publication publication) => publication.Fault?.Class == FaultClass.Configuration;

    private async Task<IReadOnlyList<Attempt>> StillHeldAsync(
        IReadOnlyList<Attempt> claimed,
        ProcessRun run,
        CancellationToken cancellation
    )
    {
        var held = await Task.WhenAll(
                claimed.Select(attempt =>
                    ForOneAsync(
                        attempt.Item,
                        run,
                        async () =>
                        {
                            if (await sender.StillHoldsAsync(attempt, run.Options, run.Clock, cancellation).ConfigureAwait(false))
                            {
                                return attempt;
                            }

                            run.Add(Outcome.Retried);
                            return null;
                        }
                    )
                )
            )
            .ConfigureAwait(false);
        return [.. held.OfType<Attempt>()];
    }

    /// <summary>The same for each of several items; the writes that they come to go in one request.</summary>
    private Task<Attempt?[]> TogetherAsync<T>(
        IEnumerable<T> all,
        Func<T, WorkItem> item,
        Func<T, WritesTogether, Task<Attempt?>> act,
        ProcessRun run,
        CancellationToken cancellation
    )
    {
        var writes = table.Together();
        var begun = all.Select(one => ForOneAsync(item(one), run, () => act(one, writes))).ToList();
        writes.Send(cancellation);
        return Task.WhenAll(begun);
    }

    private async Task<Attempt?> ForOneAsync(WorkItem item, ProcessRun run, Func<Task<Attempt?>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheTable(e))
        {
            NotAnswered([item], run, e);
            return null;
        }
    }

    private static bool IsOfTheTable(Exception e) => CallFailure.Is(e);

    private void NotAnswered(IReadOnlyList<WorkItem> items, ProcessRun run, Exception e)
    {
        run.Undecided(items, e);
        foreach (var item in items)
        {
            log.Write(
                "error",
                "The table did not answer.",
                ("id", item.Key.Id),
                ("execution", run.Execution),
                ("code", (e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name),
                ("text", e.Message)
            );
        }
    }

    private static WorkItem Read(SendItem item, EventClock clock) =>
        new(ItemKey.Parse(item.Key), Instant.TryParse(item.SeenAt, out var seen) ? seen : clock.Now);
}

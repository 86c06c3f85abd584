using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.Runtime;

namespace Disa.Functions.Process;

/// <summary>Sends a batch of items, each on its own: what one of them meets does not touch its neighbours.</summary>
/// <remarks>
/// A failed publish is a result, not an exception. An exception leaves the function only when an item could not be
/// decided. Where the table did not answer, the workflow decides those items, and only those. Where somebody else holds
/// the claim of an item that has no status yet, the workflow waits for the end of the lease and asks again: the other one
/// may have been this very execution, before a crash.
/// </remarks>
public sealed class ProcessFunction(Sender sender, string stack, Log log, TimeProvider time)
{
    private const int AtOnce = 8;

    public async Task<ProcessResult> RunAsync(ProcessEvent input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var clock = new EventClock(Instant.TryParse(input.Time, out var at) ? at : null, time);
        var batch = input.Batch ?? throw new JsonException("The event has no batch.");
        var keys = (batch.Keys ?? throw new JsonException("The batch has no keys.")).Select(ItemKey.Parse).ToList();
        if (batch.Breaker?.Item?.State?.S is "UNREADABLE")
        {
            log.Write("warn", "The breaker record could not be read; sending all the same.", ("execution", input.Execution));
        }

        var outcomes = new ConcurrentBag<Outcome>();
        var undecided = new ConcurrentBag<Exception>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(keys, options, async (key, token) =>
        {
            try
            {
                outcomes.Add(await sender.SendAsync(key, batch.Force, batch.Redrive, clock, token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
            {
                undecided.Add(e);
                log.Write("error", "The table did not answer.", ("id", key.Id), ("execution", input.Execution), ("code", (e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name), ("text", e.Message));
            }
        }).ConfigureAwait(false);

        int Of(Outcome outcome) => outcomes.Count(other => other == outcome);
        var result = new ProcessResult(Of(Outcome.Sent), Of(Outcome.Failed), Of(Outcome.Rejected), Of(Outcome.Deferred), Of(Outcome.Skipped));
        log.Count(stack, clock.Now, ("Sent", result.Sent), ("Failed", result.Failed), ("Rejected", result.Rejected));
        if (!undecided.IsEmpty)
        {
            throw new ItemsUndecidedException(undecided.Count, undecided.First());
        }

        return Of(Outcome.InFlight) is > 0 and var inFlight ? throw new ItemsInFlightException(inFlight) : result;
    }
}

/// <summary>The table did not answer for some items: they have no outcome yet.</summary>
public sealed class ItemsUndecidedException(int count, Exception first)
    : Exception($"{count} item(s) have no outcome; the first because: {first?.Message}", first);

/// <summary>Somebody else holds the claim of items that have no status yet.</summary>
public sealed class ItemsInFlightException(int count) : Exception($"{count} item(s) are in flight; ask again when their leases have ended.");

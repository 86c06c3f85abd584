using System.Collections.Concurrent;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>The signals that a resource has received.</summary>
/// <param name="Token">The step that waits for them: another one begins from nothing.</param>
/// <param name="Deadline">When it gives up; null until it waits.</param>
/// <param name="Received">The unique ids of those that said SUCCESS.</param>
/// <param name="Failed">The unique id of the first that said FAILURE.</param>
internal sealed record ResourceSignalsDocument(string Token, DateTimeOffset? Deadline, List<string> Received, string? Failed);

/// <summary>What SignalResource sends to resources that have a CreationPolicy.</summary>
internal sealed class ResourceSignals(Database database, Clock clock)
{
    private readonly Shelf<ResourceSignalsDocument> shelf = new(
        database,
        "cloudformation.resource-signals",
        CloudFormationJson.Default.ResourceSignalsDocument
    );
    private readonly ConcurrentDictionary<string, TaskCompletionSource> changes = new(StringComparer.Ordinal);

    /// <summary>Completes once as many signals are there as are wanted; the time is counted from the first call, over restarts.</summary>
    /// <exception cref="AwsException">A signal said FAILURE, or too few came in time.</exception>
    public async Task Wait(ResourceRequest request, int count, TimeSpan timeout, CancellationToken cancellation)
    {
        var (scope, key) = (request.Caller.Scope, Key(request.StackId, request.LogicalId));
        var document = await database
            .Write(transaction =>
            {
                var present = Present(transaction, scope, key, request.Token);
                if (present.Deadline is null)
                {
                    present = present with { Deadline = clock.GetUtcNow() + timeout };
                    shelf.Put(transaction, scope, key, present);
                }

                return present;
            })
            .ConfigureAwait(false);
        while (true)
        {
            var changed = changes
                .GetOrAdd(key, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
                .Task;
            document = shelf.Get(scope, key) ?? document;
            if (document.Failed is { } id)
            {
                throw new AwsException("Failure", $"Received FAILURE signal with UniqueId {id}");
            }

            var missing = count - document.Received.Count;
            if (missing <= 0)
            {
                return;
            }

            try
            {
                var left = document.Deadline!.Value - clock.GetUtcNow();
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new AwsException("Timeout", $"Failed to receive {missing} resource signal(s) within the specified duration");
            }
        }
    }

    /// <summary>Keeps a signal; false for one that was received before.</summary>
    public bool Receive(Transaction transaction, Scope scope, string stackId, string logicalId, string token, string uniqueId, bool success)
    {
        var key = Key(stackId, logicalId);
        var present = Present(transaction, scope, key, token);
        if (present.Received.Contains(uniqueId) || present.Failed is not null)
        {
            return false;
        }

        shelf.Put(
            transaction,
            scope,
            key,
            success ? present with { Received = [.. present.Received, uniqueId] } : present with { Failed = uniqueId }
        );
        return true;
    }

    /// <summary>Wakes who waits, once the signal is on disk.</summary>
    public void Announce(string stackId, string logicalId)
    {
        if (changes.TryRemove(Key(stackId, logicalId), out var change))
        {
            change.TrySetResult();
        }
    }

    public Task Forget(ResourceRequest request) =>
        database.Write(transaction => shelf.Remove(transaction, request.Caller.Scope, Key(request.StackId, request.LogicalId)));

    private ResourceSignalsDocument Present(Transaction transaction, Scope scope, string key, string token) =>
        shelf.Get(transaction, scope, key) is { } document && document.Token == token
            ? document
            : new ResourceSignalsDocument(token, null, [], null);

    private static string Key(string stackId, string logicalId) => $"{stackId[(stackId.LastIndexOf('/') + 1)..]}/{logicalId}";
}

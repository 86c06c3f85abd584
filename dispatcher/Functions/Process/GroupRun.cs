using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>Sends the items of one call to a FIFO topic: the groups beside each other, the messages of a group one after the other.</summary>
/// <remarks>
/// A message goes when the one before it in the line of its group is done with. Until then it says that it is Blocked and behind whom, and
/// the one before it says who comes next: whoever sends that one goes on with this one. Should that be lost, the sweep finds it in the index.
/// A message without a place (no group, or put in a line by nobody) waits for none.
/// </remarks>
internal sealed class GroupRun(MessageTable table, Sender sender, bool parkedBlocks, Log log)
{
    private const string Blocked = "Blocked";
    private const int GroupsAtOnce = 10;

    /// <summary>When a message is looked at again that stands right behind one that failed or is on its way.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>The same behind one that is blocked itself: that one will call it.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(15);

    /// <param name="items">Different items, a hundred at most, in their order.</param>
    /// <param name="options">How they are to be sent.</param>
    /// <param name="clock">The time.</param>
    /// <param name="hasTime">Whether the function has time for one more message.</param>
    /// <param name="send">Sends one message, if it is one to be sent: claims, publishes, records.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>How many wait behind others.</returns>
    public async Task<int> RunAsync(
        IReadOnlyList<WorkItem> items,
        SendOptions options,
        EventClock clock,
        Func<bool> hasTime,
        Func<WorkItem, bool, SendOptions, Task> send,
        CancellationToken cancellation
    )
    {
        var read = await table.ReadAsync([.. items.Select(item => item.Key)], cancellation).ConfigureAwait(false);
        var groups = items.GroupBy(item =>
            read.GetValueOrDefault(item.Key.Identity)?.GetValueOrDefault(SendAttributes.GroupId)?.S is { } id
                ? $"group {id}"
                : $"item {item.Key.Identity}"
        );
        var blocked = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = GroupsAtOnce, CancellationToken = cancellation };
        await Parallel
            .ForEachAsync(
                groups,
                parallel,
                async (group, token) =>
                    Interlocked.Add(ref blocked, await LineAsync(new(group), options, clock, hasTime, send, token).ConfigureAwait(false))
            )
            .ConfigureAwait(false);
        return blocked;
    }

    private async Task<int> LineAsync(
        LinkedList<WorkItem> line,
        SendOptions options,
        EventClock clock,
        Func<bool> hasTime,
        Func<WorkItem, bool, SendOptions, Task> send,
        CancellationToken cancellation
    )
    {
        var blocked = 0;
        for (var at = line.First; at is not null; at = at.Next)
        {
            var item = at.Value;
            var now = await table.OneAsync(item.Key, cancellation).ConfigureAwait(false);
            var called = now?.GetValueOrDefault(SendAttributes.Reason)?.S == Blocked ? options with { Force = true } : options;
            if (!sender.IsToBeSent(now, called, clock.Now))
            {
                await send(item, false, options).ConfigureAwait(false); // Says why not.
                continue;
            }

            if (await BlockAsync(item, now!, clock, cancellation).ConfigureAwait(false))
            {
                blocked++;
                continue;
            }

            await send(item, true, called).ConfigureAwait(false);
            if (
                hasTime()
                && await NextAsync(item.Key, cancellation).ConfigureAwait(false) is { } next
                && !line.Any(one => one.Key.Identity == next.Identity)
            )
            {
                line.AddAfter(at, new WorkItem(next, clock.Now));
            }
        }

        return blocked;
    }

    /// <summary>Where the one before it is not done with: says so on both. False where it may go.</summary>
    private async Task<bool> BlockAsync(
        WorkItem item,
        Dictionary<string, AttributeValue> seen,
        EventClock clock,
        CancellationToken cancellation
    )
    {
        if (GroupPlace.Parse(seen.GetValueOrDefault(SendAttributes.Behind)?.S) is not { } before)
        {
            return false;
        }

        var other = await table.OneAsync(before.Key, cancellation).ConfigureAwait(false);
        if (before.IsDone(other, parkedBlocks))
        {
            return false;
        }

        // First there, then here: if that one is sent in between, the condition fails, and this one goes.
        if (!await table.CallNextAsync(before, item.Key, cancellation).ConfigureAwait(false))
        {
            return !before.IsDone(await table.OneAsync(before.Key, cancellation).ConfigureAwait(false), parkedBlocks)
                && await MarkAsync(Soon).ConfigureAwait(false);
        }

        return await MarkAsync(other?.GetValueOrDefault(SendAttributes.Reason)?.S == Blocked ? Later : Soon).ConfigureAwait(false);

        async Task<bool> MarkAsync(TimeSpan wait)
        {
            await table.DecideAsync(item, Blocked, null, clock.Now + wait, clock.Now, cancellation).ConfigureAwait(false);
            log.Write("info", "Blocked: the one before it in its group is not sent.", ("id", item.Key.Id), ("behind", before.Key.Id));
            return true;
        }
    }

    /// <summary>Who comes next, where this one is sent.</summary>
    private async Task<ItemKey?> NextAsync(ItemKey key, CancellationToken cancellation)
    {
        var item = await table.OneAsync(key, cancellation).ConfigureAwait(false);
        return
            item?.GetValueOrDefault(SendAttributes.Status)?.S == SendAttributes.Successful
            && item.GetValueOrDefault(SendAttributes.Next)?.S is { } next
            ? ItemKey.Parse(System.Text.Json.JsonElement.Parse(next))
            : null;
    }
}

using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>Sends the items of one call at the stack's pace: a wave at its moment, and what has its moment later is put off to it.</summary>
/// <remarks>
/// An item that is put off says so: reason Paced, due at its moment, no attempt used. The workflow waits until then and calls again; should
/// it be gone by then, the sweep finds the item in the index.
/// </remarks>
internal sealed class PacedRun(Pace pace, MessageTable table, Sender sender, Log log, TimeProvider time)
{
    /// <summary>How long a function waits by itself; what comes later is the workflow's to wait for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>A moment that passed by more than this has to be reserved again, for others have theirs now.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    /// <summary>So much earlier the workflow calls again: a function may have to start first.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(3);

    /// <summary>When an item that is beyond the horizon is looked at again.</summary>
    private static readonly TimeSpan Beyond = TimeSpan.FromSeconds(60);

    private const int Tries = 3;

    /// <param name="items">Different items, a hundred at most.</param>
    /// <param name="options">How they are to be sent.</param>
    /// <param name="clock">The time.</param>
    /// <param name="remaining">The time that the function still has.</param>
    /// <param name="send">Sends a wave: claims, publishes, records.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>How many were put off, and shortly before the first moment of one of them.</returns>
    public async Task<(int Paced, DateTimeOffset? Until)> RunAsync(
        IReadOnlyList<WorkItem> items,
        SendOptions options,
        EventClock clock,
        Func<TimeSpan> remaining,
        Func<WorkItem[], Task> send,
        CancellationToken cancellation
    )
    {
        var read = await table.ReadAsync([.. items.Select(item => item.Key)], cancellation).ConfigureAwait(false);
        var (waves, others) = await WavesAsync(items, read, options, clock, cancellation).ConfigureAwait(false);
        foreach (var ten in others.Chunk(Publisher.MaxEntries))
        {
            await send(ten).ConfigureAwait(false); // Nothing to publish: sent, parked, not due, or in someone else's hands.
        }

        foreach (var (wave, at) in waves.Select((wave, i) => (wave, i)))
        {
            if (!await InTimeAsync(wave, clock, remaining, cancellation).ConfigureAwait(false))
            {
                return await PutOffAsync(waves[at..], clock, cancellation).ConfigureAwait(false);
            }

            await send(wave.Items).ConfigureAwait(false);
        }

        return (0, null);
    }

    /// <summary>Whether one message may go now, or after a short wait; if not, it is put off.</summary>
    public async Task<bool> IsInTimeAsync(WorkItem item, EventClock clock, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        var wave = new Wave([item], await pace.ReserveAsync(1, clock.Now, cancellation).ConfigureAwait(false));
        if (await InTimeAsync(wave, clock, remaining, cancellation).ConfigureAwait(false))
        {
            return true;
        }

        await PutOffAsync([wave], clock, cancellation).ConfigureAwait(false);
        return false;
    }

    /// <summary>Items that have their moment already, by moment; the others get moments after one another.</summary>
    private async Task<(List<Wave> Waves, List<WorkItem> Others)> WavesAsync(
        IReadOnlyList<WorkItem> items,
        IReadOnlyDictionary<string, Dictionary<string, AttributeValue>> read,
        SendOptions options,
        EventClock clock,
        CancellationToken cancellation
    )
    {
        var now = clock.Now;
        var held = items.ToLookup(item => Held(read.GetValueOrDefault(item.Key.Identity), now));
        var waves = held.Where(same => same.Key is not null)
            .SelectMany(same => same.Chunk(pace.AtOnce).Select(wave => new Wave(wave, same.Key)))
            .ToList();
        var others = held[null].Where(item => !sender.IsToBeSent(read.GetValueOrDefault(item.Key.Identity), options, now)).ToList();
        var unheld = held[null].Except(others).ToList();
        if (unheld.Count > 0)
        {
            var first = await pace.ReserveAsync(unheld.Count, now, cancellation).ConfigureAwait(false);
            waves.AddRange(unheld.Chunk(pace.AtOnce).Select((wave, i) => new Wave(wave, first + pace.For(i * pace.AtOnce))));
        }

        return ([.. waves.OrderBy(wave => wave.At ?? DateTimeOffset.MaxValue)], others);
    }

    /// <summary>The moment that an item has, unless it has passed.</summary>
    private static DateTimeOffset? Held(Dictionary<string, AttributeValue>? item, DateTimeOffset now) =>
        item?.GetValueOrDefault(SendAttributes.Reason)?.S == Paced
        && Instant.TryParse(item.GetValueOrDefault(SendAttributes.NextAttempt)?.S, out var at)
        && at >= now - Late
            ? at
            : null;

    /// <summary>Waits for the wave's moment, where that is near enough.</summary>
    private async Task<bool> InTimeAsync(Wave wave, EventClock clock, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        for (var tried = 0; tried < Tries && wave.At is { } at; tried++)
        {
            var wait = at - clock.Now;
            if (wait > Patience || remaining() - wait < Timeouts.TenItems)
            {
                return false;
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            }

            if (clock.Now - at <= Late)
            {
                return true;
            }

            wave.At = await pace.ReserveAsync(wave.Items.Length, clock.Now, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    private async Task<(int Paced, DateTimeOffset? Until)> PutOffAsync(List<Wave> waves, EventClock clock, CancellationToken cancellation)
    {
        var put = waves.SelectMany(wave => wave.Items.Select(item => (item, At: wave.At ?? clock.Now + Beyond))).ToList();
        await Parallel
            .ForEachAsync(
                put,
                new ParallelOptions { MaxDegreeOfParallelism = Publisher.MaxEntries, CancellationToken = cancellation },
                async (one, token) => await table.DecideAsync(one.item, Paced, null, one.At, clock.Now, token).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        var until = waves.Min(wave => wave.At) - Lead;
        log.Write(
            "info",
            "Paced: more is to be sent than the stack allows in a second.",
            ("messages", $"{put.Count}"),
            ("until", until is { } at ? Instant.Text(at) : null)
        );
        return (put.Count, until);
    }

    private const string Paced = "Paced";

    /// <summary>Items that go together.</summary>
    private sealed class Wave(WorkItem[] items, DateTimeOffset? at)
    {
        public WorkItem[] Items => items;

        /// <summary>When; null beyond the horizon.</summary>
        public DateTimeOffset? At { get; set; } = at;
    }
}

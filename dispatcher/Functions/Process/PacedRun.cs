using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>Claims, publishes and records items.</summary>
/// <param name="items">Different items, ten at most.</param>
/// <param name="gate">What each publish passes.</param>
/// <returns>What was claimed, and did not get through the gate.</returns>
internal delegate Task<IReadOnlyList<Attempt>> SendWave(WorkItem[] items, PublishGate gate);

/// <summary>What a publish at a pace passes.</summary>
/// <param name="Opens">Waits for the moment of so many messages; false where it is too far away.</param>
/// <param name="Passed">Called when the topic has answered.</param>
internal sealed record PublishGate(Func<int, Task<bool>> Opens, Action Passed);

/// <summary>Sends the items of one call at the stack's pace: a wave at its moment, and what has its moment later is put off to it.</summary>
/// <remarks>
/// An item that is put off says so: reason Paced, due at its moment, no attempt used. The workflow waits until then and calls again; should
/// it be gone by then, the sweep finds the item in the index. A wave is claimed before its moment and published at it: a call of the table
/// that takes long, or a function that stands still, would else push one wave into the next one's second.
/// </remarks>
internal sealed class PacedRun(Pace pace, MessageTable table, Sender sender, Log log, TimeProvider time)
{
    /// <summary>The reason on an item that waits for its moment.</summary>
    public const string Paced = "Paced";

    /// <summary>How long a function waits by itself; what comes later is the workflow's to wait for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>
    /// A moment that passed by more than this has to be reserved again, for others have theirs now. Five messages a second in waves of five
    /// that are late by no more are at most ten in any second.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    /// <summary>So much earlier the workflow calls again: a function may have to start first.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(3);

    /// <summary>When an item that is beyond the horizon is looked at again.</summary>
    private static readonly TimeSpan Beyond = TimeSpan.FromSeconds(60);

    private const int Tries = 3;

    /// <summary>
    /// The earliest time of the next publish, in ticks, after one that took long. The groups of a FIFO topic, which run in parallel, share it.
    /// </summary>
    private long free;

    /// <param name="items">Different items, a hundred at most.</param>
    /// <param name="options">How they are to be sent.</param>
    /// <param name="clock">The time.</param>
    /// <param name="remaining">The time that the function still has.</param>
    /// <param name="send">Sends a wave.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>How many were put off, and shortly before the first moment of one of them.</returns>
    public async Task<(int Paced, DateTimeOffset? Until)> RunAsync(
        IReadOnlyList<WorkItem> items,
        SendOptions options,
        EventClock clock,
        Func<TimeSpan> remaining,
        SendWave send,
        CancellationToken cancellation
    )
    {
        var read = await table.ReadAsync([.. items.Select(item => item.Key)], cancellation).ConfigureAwait(false);
        var (waves, others) = await WavesAsync(items, read, options, clock, cancellation).ConfigureAwait(false);
        var early = 0;
        foreach (var ten in others.Chunk(Publisher.MaxEntries))
        {
            // Nothing to publish: sent, parked, not due, or in someone else's hands. If one has become due meanwhile, it needs a moment.
            early += await OneWaveAsync(new Wave(ten, null), clock, remaining, send, cancellation).ConfigureAwait(false);
        }

        foreach (var (wave, at) in waves.Select((wave, i) => (wave, i)))
        {
            if (!await IsNearAsync(wave, clock, remaining, cancellation).ConfigureAwait(false))
            {
                var (putOff, first) = await PutOffAsync(waves[at..], clock, cancellation).ConfigureAwait(false);
                return (early + putOff, first);
            }

            var late = await OneWaveAsync(wave, clock, remaining, send, cancellation).ConfigureAwait(false);
            if (late > 0)
            {
                var (paced, until) = await PutOffAsync(waves[(at + 1)..], clock, cancellation).ConfigureAwait(false);
                return (early + late + paced, Earliest(wave.At - Lead, until));
            }
        }

        return (early, null);
    }

    /// <summary>Sends one message at its moment, now or after a short wait; if that is too far away, it is put off.</summary>
    /// <returns>How many were put off: one or none.</returns>
    public async Task<int> OneAsync(
        WorkItem item,
        EventClock clock,
        Func<TimeSpan> remaining,
        SendWave send,
        CancellationToken cancellation
    )
    {
        var wave = new Wave([item], await pace.ReserveAsync(1, clock.Now, cancellation).ConfigureAwait(false));
        return await IsNearAsync(wave, clock, remaining, cancellation).ConfigureAwait(false)
            ? await OneWaveAsync(wave, clock, remaining, send, cancellation).ConfigureAwait(false)
            : (await PutOffAsync([wave], clock, cancellation).ConfigureAwait(false)).Paced;
    }

    /// <summary>Sends a wave at its moment; what was claimed and cannot go then is given back.</summary>
    /// <returns>How many were given back.</returns>
    private async Task<int> OneWaveAsync(
        Wave wave,
        EventClock clock,
        Func<TimeSpan> remaining,
        SendWave send,
        CancellationToken cancellation
    )
    {
        var began = clock.Now;
        var gate = new PublishGate(
            async messages =>
            {
                var opens = await MayGoAsync(wave, messages, clock, remaining, cancellation).ConfigureAwait(false);
                began = clock.Now;
                return opens;
            },
            () =>
            {
                // Nobody knows when within a long call the topic took the messages.
                if (clock.Now - began > Late)
                {
                    Volatile.Write(ref free, (clock.Now + pace.For(wave.Items.Length)).UtcTicks);
                }
            }
        );
        var late = await send(wave.Items, gate).ConfigureAwait(false);
        await Task.WhenAll(
                late.Select(attempt => table.GiveBackAsync(attempt, Paced, wave.At ?? clock.Now + Beyond, clock.Now, cancellation))
            )
            .ConfigureAwait(false);
        return late.Count;
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

    /// <summary>Whether the wave's moment is near enough to be waited for; one that has passed is reserved again.</summary>
    private async Task<bool> IsNearAsync(Wave wave, EventClock clock, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        if (clock.Now - wave.At > Late)
        {
            wave.At = await pace.ReserveAsync(wave.Items.Length, clock.Now, cancellation).ConfigureAwait(false);
        }

        return wave.At is { } at && IsNear(at - clock.Now, remaining(), Timeouts.TenItems);
    }

    /// <summary>Waits for the wave's moment; false if it is too far away. A moment that has passed meanwhile is reserved again.</summary>
    private async Task<bool> MayGoAsync(Wave wave, int messages, EventClock clock, Func<TimeSpan> remaining, CancellationToken cancellation)
    {
        for (var tried = 0; tried < Tries; tried++)
        {
            if (wave.At is not { } at || clock.Now - at > Late)
            {
                wave.At = await pace.ReserveAsync(messages, clock.Now, cancellation).ConfigureAwait(false);
                continue;
            }

            var wait = TimeSpan.FromTicks(Math.Max(at.UtcTicks, Volatile.Read(ref free)) - clock.Now.UtcTicks);
            if (!IsNear(wait, remaining(), Timeouts.Claimed))
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
        }

        return false;
    }

    private static bool IsNear(TimeSpan wait, TimeSpan remaining, TimeSpan needed) => wait <= Patience && remaining - wait >= needed;

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;

    private async Task<(int Paced, DateTimeOffset? Until)> PutOffAsync(List<Wave> waves, EventClock clock, CancellationToken cancellation)
    {
        if (waves.Count == 0)
        {
            return (0, null);
        }

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

    /// <summary>Items that go together.</summary>
    private sealed class Wave(WorkItem[] items, DateTimeOffset? at)
    {
        public WorkItem[] Items => items;

        /// <summary>When; null beyond the horizon.</summary>
        public DateTimeOffset? At { get; set; } = at;
    }
}

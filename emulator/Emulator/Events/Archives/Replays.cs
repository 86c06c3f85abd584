using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Events;

/// <summary>
/// Replays events and removes what is kept no longer: a portion's deliveries and how far the replay has come are one write, so each event is
/// replayed once.
/// </summary>
internal sealed class Replays : IAsyncDisposable
{
    private const int Batch = 100;
    private const int Portion = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>"EventBridge deletes replays after 90 days."</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private readonly Database database;
    private readonly EventBus bus;
    private readonly Clock clock;
    private readonly Worker worker;

    public Replays(Database database, EventBus bus, Clock clock, ILogger logger)
    {
        this.database = database;
        this.bus = bus;
        this.clock = clock;
        worker = new Worker("EventBridge replays", clock, logger, Step);
    }

    public void Start() => worker.Start();

    public void Signal() => worker.Signal();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    /// <summary>When each replay that is starting starts.</summary>
    public IEnumerable<Upcoming> Upcoming(string account) =>
        bus
            .Replays.All()
            .Where(entry => entry.Scope.Account == account && entry.Value.State == "STARTING")
            .Select(entry => new Upcoming("eventbridge", "replay", entry.Name, entry.Value.SettlesAt));

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        foreach (var (scope, name, _) in bus.Replays.All().Where(entry => !entry.Value.IsOver).ToList())
        {
            while (
                !cancellation.IsCancellationRequested && await database.Write(write => Advance(write, scope, name)).ConfigureAwait(false)
            ) { }
        }

        if (bus.Archives.All().Any() || bus.Replays.All().Any())
        {
            while (!cancellation.IsCancellationRequested && await database.Write(Clear).ConfigureAwait(false)) { }

            return bus
                .Replays.All()
                .Where(entry => !entry.Value.IsOver)
                .Select(entry => entry.Value.SettlesAt)
                .Append(clock.GetUtcNow() + Interval)
                .Min();
        }

        return null;
    }

    /// <summary>One portion, so that other writes get their turn; true where there may be more.</summary>
    private bool Advance(Transaction transaction, Scope scope, string name)
    {
        var now = clock.GetUtcNow();
        if (bus.Replays.Get(transaction, scope, name) is not { IsOver: false } replay || replay.SettlesAt > now)
        {
            return false;
        }

        if (replay.State == "CANCELLING")
        {
            bus.Replays.Put(transaction, scope, name, replay with { State = "CANCELLED", Ended = now });
            return false;
        }

        var archive = bus.Archives.List(transaction, scope).Values.FirstOrDefault(one => one.Key == replay.ArchiveKey);
        var events = archive is null ? [] : ArchivedEvents.Next(transaction, archive, replay, now, Batch);
        foreach (var (_, _, json) in events)
        {
            bus.Replay(transaction, scope, replay, json);
        }

        var isOver = events.Count < Batch;
        replay = replay with { State = isOver ? "COMPLETED" : "RUNNING", Ended = isOver ? now : null };
        if (events.Count > 0)
        {
            var (last, time, _) = events[^1];
            replay = replay with { LastMinute = time.ToUnixTimeSeconds() / 60, LastId = last, LastReplayed = time };
        }

        bus.Replays.Put(transaction, scope, name, replay);
        return !isOver;
    }

    /// <summary>The same for events that their archive keeps no longer, and replays that are long over.</summary>
    private bool Clear(Transaction transaction)
    {
        var now = clock.GetUtcNow();
        foreach (var (scope, name, _) in bus.Replays.All().Where(entry => entry.Value.Started + Retention <= now).ToList())
        {
            bus.Replays.Remove(transaction, scope, name);
        }

        var removed = 0;
        foreach (var (_, _, archive) in bus.Archives.All().Where(entry => entry.Value.RetentionDays > 0).ToList())
        {
            removed = Math.Max(removed, ArchivedEvents.Prune(transaction, archive, now, Portion));
        }

        return removed == Portion;
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Events;

/// <summary>Fires rules with a schedule. Times missed while the emulator was stopped are made up for once.</summary>
internal sealed class ScheduledRules : IAsyncDisposable
{
    private readonly Database database;
    private readonly EventBus bus;
    private readonly Clock clock;
    private readonly Worker worker;

    public ScheduledRules(Database database, EventBus bus, Clock clock, ILogger logger)
    {
        this.database = database;
        this.bus = bus;
        this.clock = clock;
        worker = new Worker("EventBridge scheduled rules", clock, logger, Step);
    }

    public void Start() => worker.Start();

    public void Signal() => worker.Signal();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    /// <summary>When each enabled rule with a schedule fires next.</summary>
    public IEnumerable<Upcoming> Upcoming(string account) =>
        Scheduled()
            .Where(entry => entry.Scope.Account == account && entry.Value.State == Rule.Enabled)
            .Select(entry => new Upcoming("eventbridge", "schedule", entry.Value.Name, entry.Value.Due!.Value));

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var due = Scheduled().Where(entry => entry.Value.Due <= now).Select(entry => (entry.Scope, entry.Name)).ToList();
        if (due.Count > 0)
        {
            await database
                .Write(transaction => due.ForEach(entry => Fire(transaction, entry.Scope, entry.Name, now)))
                .ConfigureAwait(false);
        }

        return Scheduled().Min(entry => entry.Value.Due);
    }

    private void Fire(Transaction transaction, Scope scope, string key, DateTimeOffset now)
    {
        if (bus.Rules.Get(transaction, scope, key) is not { Due: { } time, ScheduleExpression: { } text } rule || time > now)
        {
            return;
        }

        bus.Rules.Put(
            transaction,
            scope,
            key,
            rule with
            {
                Due = ScheduleExpression.TryParse(text, TimeZoneInfo.Utc)!.Next(now, rule.Scheduled),
            }
        );
        if (rule.State == Rule.Enabled)
        {
            bus.Fire(transaction, scope, rule, time);
        }
    }

    private IEnumerable<(Scope Scope, string Name, Rule Value)> Scheduled() => bus.Rules.All().Where(entry => entry.Value.Due is not null);
}

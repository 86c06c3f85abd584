using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

/// <summary>What happens with events once they are durable: their embedded metrics, their group's metric filters, and those who are subscribed.</summary>
internal sealed class LogIngestion(
    LogStore logs,
    EmbeddedMetrics embedded,
    MetricFilterValues filters,
    SubscriptionDeliveries subscriptions
)
{
    /// <param name="group">As it was before the write: its filters may have changed meanwhile.</param>
    public async Task After(Scope scope, LogGroup group, IReadOnlyList<(long Time, string Message)> events)
    {
        var current = logs.Groups.Get(scope, group.Name) is { } found && found.Id == group.Id ? found : null;
        if (current?.SubscriptionFilters.Count > 0)
        {
            subscriptions.Signal();
        }

        await embedded.Send(scope, events.Select(log => log.Message)).ConfigureAwait(false);
        if (current is not null)
        {
            await filters.Send(scope, current, events).ConfigureAwait(false);
        }
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

/// <summary>What happens with events once they are durable: their embedded metrics, their group's metric filters, and those who are subscribed.</summary>
internal sealed class LogIngestion(EmbeddedMetrics embedded, MetricFilterValues filters, SubscriptionDeliveries subscriptions)
{
    public async Task After(Scope scope, LogGroup group, IReadOnlyList<(long Time, string Message)> events)
    {
        if (group.SubscriptionFilters.Count > 0)
        {
            subscriptions.Signal();
        }

        await embedded.Send(scope, events.Select(log => log.Message)).ConfigureAwait(false);
        await filters.Send(scope, group, events).ConfigureAwait(false);
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

/// <summary>Where other rooms write their logs: group and stream are made as they are needed, as Lambda does on AWS.</summary>
public sealed class LogSink
{
    private readonly LogStore logs;
    private readonly LogMessages messages;
    private readonly EmbeddedMetrics metrics;

    internal LogSink(LogStore logs, LogMessages messages, EmbeddedMetrics metrics) => (this.logs, this.messages, this.metrics) = (logs, messages, metrics);

    /// <summary>Completes when the events are durable and their embedded metrics sent.</summary>
    public async Task Write(Scope scope, string group, string stream, IReadOnlyList<(DateTimeOffset Timestamp, string Message)> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var found = logs.Groups.Get(scope, group) ?? await logs.Database.Write(transaction =>
        {
            if (logs.Groups.Get(transaction, scope, group) is { } existing)
            {
                return existing;
            }

            var made = logs.NewGroup(group);
            logs.Groups.Put(transaction, scope, group, made);
            return made;
        }).ConfigureAwait(false);
        var write = messages.Writer(scope, found);
        var rows = events.Select(log => (log.Timestamp.ToUnixTimeMilliseconds(), write(log.Message))).ToList();
        await logs.Database.Write(transaction =>
            logs.Append(transaction, scope, found, LogStore.Stream(transaction, found, stream) ?? logs.AddStream(transaction, scope, found, stream), rows)).ConfigureAwait(false);
        await metrics.Send(scope, events.Select(log => log.Message)).ConfigureAwait(false);
    }
}

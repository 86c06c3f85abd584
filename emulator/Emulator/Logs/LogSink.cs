using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Logs;

/// <summary>Where other rooms write their logs, with the rights of the role in whose name they write.</summary>
public sealed class LogSink
{
    private readonly LogStore logs;
    private readonly LogMessages messages;
    private readonly Authorizer rights;
    private readonly LogIngestion ingested;

    internal LogSink(LogStore logs, LogMessages messages, LogIngestion ingested, Authorizer rights) =>
        (this.logs, this.messages, this.ingested, this.rights) = (logs, messages, ingested, rights);

    /// <summary>
    /// As Lambda writes a function's lines: group and stream are made if they are missing and the role may make them; what it may not
    /// is not done, and nobody is told. Completes when the events are durable and their embedded metrics sent.
    /// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    /// </summary>
    /// <returns>False where nothing was written.</returns>
    public async Task<bool> WriteAs(
        Caller role,
        string group,
        string stream,
        IReadOnlyList<(DateTimeOffset Timestamp, string Message)> events
    )
    {
        var scope = role.Scope;
        if (events.Count == 0 || !rights.Allows(role, new("logs:PutLogEvents", LogStore.ArnOf(scope, group, stream))))
        {
            return false;
        }

        var mayMakeGroup = rights.Allows(role, new("logs:CreateLogGroup", LogStore.ArnOf(scope, group, "")));
        var mayMakeStream = rights.Allows(role, new("logs:CreateLogStream", LogStore.ArnOf(scope, group, stream)));
        var found =
            logs.Groups.Get(scope, group)
            ?? (
                mayMakeGroup
                    ? await logs.Database.Write(transaction => logs.EnsureGroup(transaction, scope, group)).ConfigureAwait(false)
                    : null
            );
        return found is not null && await Append(scope, found, stream, mayMakeStream, events).ConfigureAwait(false);
    }

    /// <summary>As log delivery writes: the group must be there, and streams are made as they are needed.</summary>
    public async Task Deliver(Scope scope, string group, string stream, IReadOnlyList<(DateTimeOffset Timestamp, string Message)> events)
    {
        if (logs.Groups.Get(scope, group) is { } found)
        {
            await Append(scope, found, stream, true, events).ConfigureAwait(false);
        }
    }

    private async Task<bool> Append(
        Scope scope,
        LogGroup group,
        string stream,
        bool mayMakeStream,
        IReadOnlyList<(DateTimeOffset Timestamp, string Message)> events
    )
    {
        var write = messages.Writer(scope, group);
        var rows = events.Select(log => (log.Timestamp.ToUnixTimeMilliseconds(), write(log.Message))).ToList();
        var written = await logs
            .Database.Write(transaction =>
            {
                // The group may have been deleted meanwhile; its lines go with it.
                var current = logs.Groups.Get(transaction, scope, group.Name);
                var found =
                    current?.Id != group.Id
                        ? null
                        : LogStore.Stream(transaction, group, stream)
                            ?? (mayMakeStream ? logs.AddStream(transaction, scope, group, stream) : null);
                if (found is not null)
                {
                    logs.Append(transaction, scope, current!, found, rows);
                }

                return found is not null;
            })
            .ConfigureAwait(false);
        if (written)
        {
            await ingested
                .After(scope, group, [.. events.Select(log => (log.Timestamp.ToUnixTimeMilliseconds(), log.Message))])
                .ConfigureAwait(false);
        }

        return written;
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record DeleteLogStreamRequest(string? LogGroupName, string? LogStreamName);

/// <summary>Removes a stream with its events.</summary>
internal static class DeleteLogStream
{
    public static Task Run(LogStore logs, DeleteLogStreamRequest request, Caller caller)
    {
        var (group, stream) = (LogsLimits.GroupName(request.LogGroupName), LogsLimits.StreamName(request.LogStreamName));
        return logs.Database.Write(transaction =>
        {
            var found = LogStore.Stream(transaction, logs.Group(transaction, caller.Scope, group), stream) ?? throw LogsErrors.NoStream();
            transaction.Execute("DELETE FROM logs_event WHERE stream = $1", found.Id);
            transaction.Execute("DELETE FROM logs_stream WHERE id = $1", found.Id);
        });
    }
}

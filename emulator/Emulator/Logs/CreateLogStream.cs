using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record CreateLogStreamRequest(string? LogGroupName, string? LogStreamName);

/// <summary>Makes a stream; its natural key is the name in its group.</summary>
internal static class CreateLogStream
{
    public static Task Run(LogStore logs, CreateLogStreamRequest request, Caller caller)
    {
        var (group, stream) = (LogsLimits.GroupName(request.LogGroupName), LogsLimits.StreamName(request.LogStreamName));
        return logs.Database.Write(transaction =>
        {
            var found = logs.Group(transaction, caller.Scope, group);
            if (LogStore.Stream(transaction, found, stream) is not null)
            {
                throw LogsErrors.StreamExists();
            }

            logs.AddStream(transaction, caller.Scope, found, stream);
        });
    }
}

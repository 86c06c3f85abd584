using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record DeleteLogGroupRequest(string? LogGroupName);

/// <summary>Removes a group with its streams and events.</summary>
internal static class DeleteLogGroup
{
    public static Task Run(LogStore logs, DeleteLogGroupRequest request, Caller caller)
    {
        var name = LogsLimits.GroupName(request.LogGroupName);
        return logs.Database.Write(transaction => logs.RemoveGroup(transaction, caller.Scope, logs.Group(transaction, caller.Scope, name)));
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record PutRetentionPolicyRequest(string? LogGroupName, int RetentionInDays);

internal sealed record DeleteRetentionPolicyRequest(string? LogGroupName);

/// <summary>PutRetentionPolicy and DeleteRetentionPolicy: how long a group keeps its events.</summary>
internal static class RetentionPolicy
{
    public static Task Put(LogStore logs, PutRetentionPolicyRequest request, Caller caller)
    {
        LogsLimits.Retention(request.RetentionInDays);
        return Set(logs, LogsLimits.GroupName(request.LogGroupName), request.RetentionInDays, caller);
    }

    public static Task Delete(LogStore logs, DeleteRetentionPolicyRequest request, Caller caller) =>
        Set(logs, LogsLimits.GroupName(request.LogGroupName), null, caller);

    private static Task Set(LogStore logs, string name, int? days, Caller caller) =>
        logs.Database.Write(transaction =>
            logs.Groups.Put(transaction, caller.Scope, name, logs.Group(transaction, caller.Scope, name) with { RetentionInDays = days })
        );
}

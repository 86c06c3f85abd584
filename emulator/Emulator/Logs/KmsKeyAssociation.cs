using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record AssociateKmsKeyRequest(string? LogGroupName, string? KmsKeyId, string? ResourceIdentifier);

internal sealed record DisassociateKmsKeyRequest(string? LogGroupName, string? ResourceIdentifier);

/// <summary>AssociateKmsKey and DisassociateKmsKey: which key encrypts what comes from now on.</summary>
internal static class KmsKeyAssociation
{
    public static async Task Add(LogStore logs, LogMessages messages, AssociateKmsKeyRequest request, Caller caller)
    {
        var name = LogsLimits.GroupNameOf(request.LogGroupName, request.ResourceIdentifier, caller.Scope);
        var keyed = await messages
            .WithKey(logs.Group(caller.Scope, name), request.KmsKeyId ?? throw LogsErrors.Invalid("kmsKeyId is required."), caller)
            .ConfigureAwait(false);
        await logs
            .Database.Write(transaction =>
            {
                var group = logs.Group(transaction, caller.Scope, name);
                logs.Groups.Put(
                    transaction,
                    caller.Scope,
                    name,
                    group with
                    {
                        KmsKeyId = keyed.KmsKeyId,
                        DataKeys = [.. group.DataKeys, keyed.DataKeys[^1]],
                    }
                );
            })
            .ConfigureAwait(false);
    }

    public static Task Remove(LogStore logs, DisassociateKmsKeyRequest request, Caller caller)
    {
        var name = LogsLimits.GroupNameOf(request.LogGroupName, request.ResourceIdentifier, caller.Scope);
        return logs.Database.Write(transaction =>
            logs.Groups.Put(transaction, caller.Scope, name, logs.Group(transaction, caller.Scope, name) with { KmsKeyId = null })
        );
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record EnableKeyRequest(string? KeyId);

/// <summary>Lets a disabled key be used again.</summary>
internal sealed class EnableKey(Keys keys)
{
    public Task Run(EnableKeyRequest request, Caller caller, CancellationToken cancellation) =>
        keys.Change(request.KeyId, caller, "EnableKey", key => Keys.NotPendingDeletion(key) with { State = KmsKey.Enabled });
}

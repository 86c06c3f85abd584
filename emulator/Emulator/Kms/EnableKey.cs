using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record EnableKeyRequest(string? KeyId) : IKeyRequest;

/// <summary>Lets a disabled key be used again.</summary>
internal sealed class EnableKey(Keys keys)
{
    public Task Run(EnableKeyRequest request, Caller caller, CancellationToken cancellation) =>
        keys.Change(request.KeyId, caller, "EnableKey", key => Keys.Switchable(key) with { State = KmsKey.Enabled });
}

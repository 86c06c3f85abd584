using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DisableKeyRequest(string? KeyId) : IKeyRequest;

/// <summary>Stops all use of a key, until it is enabled.</summary>
internal sealed class DisableKey(Keys keys)
{
    public Task Run(DisableKeyRequest request, Caller caller, CancellationToken cancellation) =>
        keys.Change(request.KeyId, caller, "DisableKey", key => Keys.Switchable(key) with { State = KmsKey.Disabled });
}

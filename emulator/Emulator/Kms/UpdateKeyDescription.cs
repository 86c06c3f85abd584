using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record UpdateKeyDescriptionRequest(string? KeyId, string? Description);

/// <summary>Changes a key's description.</summary>
internal sealed class UpdateKeyDescription(Keys keys)
{
    public Task Run(UpdateKeyDescriptionRequest request, Caller caller, CancellationToken cancellation)
    {
        var description = KmsErrors.Required(request.Description, "description");
        return keys.Change(
            request.KeyId,
            caller,
            "UpdateKeyDescription",
            key => Keys.NotPendingDeletion(key) with { Description = description }
        );
    }
}

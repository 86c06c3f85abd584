using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record UpdateKeyDescriptionRequest(string? KeyId, string? Description) : IKeyRequest;

/// <summary>Changes a key's description.</summary>
internal sealed class UpdateKeyDescription(Keys keys)
{
    public Task Run(UpdateKeyDescriptionRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks()
            .Key(request.KeyId)
            .Required("description", request.Description)
            .Text("description", request.Description, 0, 8192)
            .Throw();
        var description = request.Description!;
        return keys.Change(
            request.KeyId,
            caller,
            "UpdateKeyDescription",
            key => Keys.NotPendingDeletion(key) with { Description = description }
        );
    }
}

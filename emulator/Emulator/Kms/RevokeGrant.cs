using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record RevokeGrantRequest(string? KeyId, string? GrantId, bool? DryRun) : IKeyRequest;

/// <summary>Takes a grant back.</summary>
internal sealed class RevokeGrant(Keys keys)
{
    public Task Run(RevokeGrantRequest request, Caller caller, CancellationToken cancellation)
    {
        var id = KmsErrors.Required(request.GrantId, "grantId");
        return keys.Change(
            request.KeyId,
            caller,
            "RevokeGrant",
            key =>
                key.Grants.All(grant => grant.GrantId != id) ? throw NoGrant(id)
                : request.DryRun == true ? throw KmsErrors.DryRun()
                : key with { Grants = key.Grants.Where(grant => grant.GrantId != id).ToList() }
        );
    }

    public static AwsException NoGrant(string id) => new("NotFoundException", $"Grant ID {id} not found");
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record UpdatePrimaryRegionRequest(string? KeyId, string? PrimaryRegion) : IKeyRequest;

/// <summary>Makes a replica the primary, and the primary a replica.</summary>
internal sealed class UpdatePrimaryRegion(Keys keys)
{
    public Task Run(UpdatePrimaryRegionRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks()
            .Key(request.KeyId)
            .Required("primaryRegion", request.PrimaryRegion)
            .Text("primaryRegion", request.PrimaryRegion, 1, 32)
            .Matches("primaryRegion", request.PrimaryRegion, ReplicateKey.RegionForm(), ReplicateKey.RegionPattern)
            .Throw();
        return keys.Database.Write(transaction =>
        {
            var primary = Keys.NotPendingDeletion(
                ReplicateKey.CheckPrimary(keys.Customers(transaction, request.KeyId, caller, "UpdatePrimaryRegion"))
            );
            var region = request.PrimaryRegion!;
            var scope = new Scope(primary.Account, region);
            var replica = region == primary.Region ? null : keys.Shelf.Get(transaction, scope, primary.KeyId);
            Keys.NotPendingDeletion(replica ?? throw KmsErrors.NoKey(Arn.Of("kms", scope, $"key/{primary.KeyId}")));
            Keys.NotInTransition(primary);
            Keys.NotInTransition(replica);
            var set = new MultiRegionKeys(
                region,
                [.. primary.MultiRegion!.ReplicaRegions.Select(one => one == region ? primary.Region : one)]
            );
            var until = keys.Clock.GetUtcNow() + KmsKey.SettlingTime;
            keys.Related.Share(
                transaction,
                primary,
                key =>
                    key.Region == region || key.Region == primary.Region
                        ? key with
                        {
                            MultiRegion = set,
                            State = KmsKey.Updating,
                            SettledState = key.State,
                            SettlesAt = until,
                        }
                        : key with
                        {
                            MultiRegion = set,
                        }
            );
        });
    }
}

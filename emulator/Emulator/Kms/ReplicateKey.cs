using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

internal sealed record ReplicateKeyRequest(
    string? KeyId,
    string? ReplicaRegion,
    string? Policy,
    bool? BypassPolicyLockoutSafetyCheck,
    string? Description,
    IReadOnlyList<KeyTag>? Tags
) : IKeyRequest;

internal sealed record ReplicateKeyResponse(KeyMetadata ReplicaKeyMetadata, string ReplicaPolicy, IReadOnlyList<KeyTag> ReplicaTags);

/// <summary>Makes a key of the same id and material in another Region; what it does not share is its own from the start.</summary>
internal sealed partial class ReplicateKey(Keys keys)
{
    public async Task<ReplicateKeyResponse> Run(ReplicateKeyRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var policy = request.Policy is null
            ? KeyPolicy.Default(caller.Scope)
            : KeyPolicy.Checked(request.Policy, caller, request.BypassPolicyLockoutSafetyCheck == true);
        var tags = KeyTags.Merge(new Dictionary<string, string>(), request.Tags);
        var replica = await keys
            .Database.Write(transaction =>
                Make(
                    transaction,
                    keys.Customers(transaction, request.KeyId, caller, "ReplicateKey"),
                    request.ReplicaRegion!,
                    key => key with { Policy = policy, Description = request.Description ?? "", Tags = tags }
                )
            )
            .ConfigureAwait(false);
        return new(KeyMetadata.Of(replica), policy, [.. tags.Select(tag => new KeyTag(tag.Key, tag.Value))]);
    }

    /// <param name="shape">What is the replica's own.</param>
    public KmsKey Make(Transaction transaction, KmsKey primary, string region, Func<KmsKey, KmsKey> shape)
    {
        CheckPrimary(primary);
        Keys.NotInTransition(primary);
        if (primary.State != KmsKey.PendingImport)
        {
            Keys.Usable(primary);
        }

        var scope = new Scope(primary.Account, region);
        if (keys.Shelf.Get(transaction, scope, primary.KeyId) is { } existing)
        {
            throw KmsErrors.ReplicaExists(existing.Arn);
        }

        if (Arn.Partition(region) != Arn.Partition(primary.Region))
        {
            throw KmsErrors.Unsupported($"{primary.Arn} cannot be replicated to {region}, which is in another partition.");
        }

        var set = primary.MultiRegion! with { ReplicaRegions = [.. primary.MultiRegion.ReplicaRegions, region] };
        keys.Related.Share(transaction, primary, key => key with { MultiRegion = set });
        var replica = shape(New(primary, scope) with { MultiRegion = set });
        keys.Put(transaction, replica);
        return replica;
    }

    /// <exception cref="AwsException">UnsupportedOperationException.</exception>
    public static KmsKey CheckPrimary(KmsKey key) => key.IsPrimary ? key : throw KmsErrors.NoPrimary(key);

    private KmsKey New(KmsKey primary, Scope scope)
    {
        var now = keys.Clock.GetUtcNow();
        return new KmsKey
        {
            KeyId = primary.KeyId,
            Arn = Arn.Of("kms", scope, $"key/{primary.KeyId}"),
            CreationDate = now,
            Policy = primary.Policy,
            KeySpec = primary.KeySpec,
            KeyUsage = primary.KeyUsage,
            Origin = primary.Origin,
            RotationPeriodInDays = primary.RotationPeriodInDays,
            NextRotationDate = primary.NextRotationDate,
            Materials = primary.IsExternal
                ? [.. primary.Materials.Where(material => !material.IsPendingRotation).Select(material => material.Lost())]
                : primary.Materials,
            State = KmsKey.Creating,
            SettledState = primary.IsExternal ? KmsKey.PendingImport : KmsKey.Enabled,
            SettlesAt = now + KmsKey.SettlingTime,
        };
    }

    private static void Check(ReplicateKeyRequest request) =>
        new Checks()
            .Key(request.KeyId)
            .Required("replicaRegion", request.ReplicaRegion)
            .Text("replicaRegion", request.ReplicaRegion, 1, 32)
            .Matches("replicaRegion", request.ReplicaRegion, RegionForm(), RegionPattern)
            .Text("policy", request.Policy, 1, 131_072)
            .Text("description", request.Description, 0, 8192)
            .Throw();

    public const string RegionPattern = @"^([a-z]+-){2,3}\d+$";

    [GeneratedRegex(@"^([a-z]+-){2,3}\d+\z")]
    public static partial Regex RegionForm();
}

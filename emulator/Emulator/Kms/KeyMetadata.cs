namespace Disa.Emulator.Kms;

/// <summary>What CreateKey and DescribeKey say of a key.</summary>
internal sealed record KeyMetadata
{
    public required string AWSAccountId { get; init; }

    public required string KeyId { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset CreationDate { get; init; }

    public required bool Enabled { get; init; }

    public required string Description { get; init; }

    public required string KeyUsage { get; init; }

    public required string KeyState { get; init; }

    public DateTimeOffset? DeletionDate { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    public required string Origin { get; init; }

    public string? ExpirationModel { get; init; }

    public required string KeyManager { get; init; }

    public required string CustomerMasterKeySpec { get; init; }

    public required string KeySpec { get; init; }

    public IReadOnlyList<string>? EncryptionAlgorithms { get; init; }

    public IReadOnlyList<string>? SigningAlgorithms { get; init; }

    public IReadOnlyList<string>? KeyAgreementAlgorithms { get; init; }

    public IReadOnlyList<string>? MacAlgorithms { get; init; }

    public bool MultiRegion { get; init; }

    public MultiRegionConfiguration? MultiRegionConfiguration { get; init; }

    public int? PendingDeletionWindowInDays { get; init; }

    public string? CurrentKeyMaterialId { get; init; }

    public static KeyMetadata Of(KmsKey key) =>
        new()
        {
            AWSAccountId = key.Account,
            KeyId = key.KeyId,
            Arn = key.Arn,
            CreationDate = key.CreationDate,
            Enabled = key.State == KmsKey.Enabled,
            Description = key.Description,
            KeyUsage = key.KeyUsage,
            KeyState = key.State,
            Origin = key.Origin,
            CustomerMasterKeySpec = key.KeySpec,
            KeySpec = key.KeySpec,
            EncryptionAlgorithms = KeySpecs.EncryptionAlgorithms(key),
            SigningAlgorithms = KeySpecs.SigningAlgorithms(key),
            KeyAgreementAlgorithms = KeySpecs.KeyAgreementAlgorithms(key),
            MacAlgorithms = KeySpecs.MacAlgorithms(key),
            DeletionDate = key.DeletionDate,
            KeyManager = key.Manager,
            ValidTo = key.Materials.Where(material => !material.IsPendingRotation).Min(material => material.ValidTo),
            ExpirationModel = ModelOf(key),
            MultiRegion = key.MultiRegion is not null,
            MultiRegionConfiguration = key.MultiRegion is null ? null : MultiRegionConfiguration.Of(key),
            PendingDeletionWindowInDays = key.State == KmsKey.PendingReplicaDeletion ? key.PendingWindowInDays : null,
            CurrentKeyMaterialId = key.CurrentKeyMaterialId,
        };

    private static string? ModelOf(KmsKey key)
    {
        var models = key.Materials.Where(material => !material.IsPendingRotation).Select(material => material.ExpirationModel).ToList();
        return models.Contains(ImportKeyMaterial.Expires) ? ImportKeyMaterial.Expires : models.Find(model => model is not null);
    }
}

/// <summary>Where the keys of one id are, and which of them this one is.</summary>
internal sealed record MultiRegionConfiguration(
    string MultiRegionKeyType,
    MultiRegionKey PrimaryKey,
    IReadOnlyList<MultiRegionKey> ReplicaKeys
)
{
    public static MultiRegionConfiguration Of(KmsKey key) =>
        new(
            key.IsPrimary ? "PRIMARY" : "REPLICA",
            MultiRegionKey.Of(key, key.MultiRegion!.PrimaryRegion),
            [.. key.MultiRegion.ReplicaRegions.Select(region => MultiRegionKey.Of(key, region))]
        );
}

internal sealed record MultiRegionKey(string Arn, string Region)
{
    public static MultiRegionKey Of(KmsKey key, string region) =>
        new(Aws.Arn.Of("kms", new(key.Account, region), $"key/{key.KeyId}"), region);
}

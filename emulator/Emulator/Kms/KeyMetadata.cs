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

    public string KeyUsage { get; init; } = "ENCRYPT_DECRYPT";

    public required string KeyState { get; init; }

    public DateTimeOffset? DeletionDate { get; init; }

    public string Origin { get; init; } = "AWS_KMS";

    public required string KeyManager { get; init; }

    public string CustomerMasterKeySpec { get; init; } = "SYMMETRIC_DEFAULT";

    public string KeySpec { get; init; } = "SYMMETRIC_DEFAULT";

    public IReadOnlyList<string> EncryptionAlgorithms { get; init; } = ["SYMMETRIC_DEFAULT"];

    public bool MultiRegion { get; init; }

    public int? PendingDeletionWindowInDays { get; init; }

    public required string CurrentKeyMaterialId { get; init; }

    public static KeyMetadata Of(KmsKey key) =>
        new()
        {
            AWSAccountId = key.Account,
            KeyId = key.KeyId,
            Arn = key.Arn,
            CreationDate = key.CreationDate,
            Enabled = key.State == KmsKey.Enabled,
            Description = key.Description,
            KeyState = key.State,
            DeletionDate = key.DeletionDate,
            KeyManager = key.Manager,
            CurrentKeyMaterialId = key.Materials[^1].Id,
        };
}

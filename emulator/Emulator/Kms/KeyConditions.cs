using System.Globalization;

namespace Disa.Emulator.Kms;

/// <summary>What policies may ask about a request to KMS: the <c>kms:</c> condition keys.</summary>
/// <remarks>https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html</remarks>
internal static class KeyConditions
{
    /// <summary>Every key that is given wherever AWS gives it: where a request has none, it has none on AWS either.</summary>
    public static readonly IReadOnlyList<string> Supplied =
    [
        "kms:BypassPolicyLockoutSafetyCheck",
        "kms:CustomerMasterKeySpec",
        "kms:CustomerMasterKeyUsage",
        "kms:DataKeyPairSpec",
        "kms:EncryptionAlgorithm",
        "kms:ExpirationModel",
        "kms:GrantConstraintType",
        "kms:GrantOperations",
        "kms:GranteePrincipal",
        "kms:KeyAgreementAlgorithm",
        "kms:KeyOrigin",
        "kms:KeySpec",
        "kms:KeyUsage",
        "kms:MacAlgorithm",
        "kms:MessageType",
        "kms:MultiRegion",
        "kms:PrimaryRegion",
        "kms:ReEncryptOnSameKey",
        "kms:ReplicaRegion",
        "kms:RequestAlias",
        "kms:RetiringPrincipal",
        "kms:RotationPeriodInDays",
        "kms:ScheduleKeyDeletionPendingWindowInDays",
        "kms:SigningAlgorithm",
        "kms:ValidTo",
        "kms:WrappingAlgorithm",
        "kms:WrappingKeySpec",
    ];

    public static IEnumerable<(string Key, string Value)> Of(KmsKey key, string operation)
    {
        yield return ("kms:KeySpec", key.KeySpec);
        yield return ("kms:CustomerMasterKeySpec", key.KeySpec);
        yield return ("kms:KeyUsage", key.KeyUsage);
        yield return ("kms:CustomerMasterKeyUsage", key.KeyUsage);
        yield return ("kms:KeyOrigin", key.Origin);
        yield return ("kms:MultiRegion", key.MultiRegion is null ? "false" : "true");
        if (key.MultiRegion is not null)
        {
            yield return ("kms:MultiRegionKeyType", key.IsPrimary ? "PRIMARY" : "REPLICA");
        }

        if (key.IsSymmetric && IsEncryption(operation))
        {
            yield return ("kms:EncryptionAlgorithm", KeySpecs.Symmetric);
        }
    }

    public static IEnumerable<(string Key, string Value)> Of(CreateKeyRequest create)
    {
        var spec = create.KeySpec ?? create.CustomerMasterKeySpec ?? KeySpecs.Symmetric;
        var usage = create.KeyUsage ?? KeySpecs.EncryptDecrypt;
        yield return ("kms:KeySpec", spec);
        yield return ("kms:CustomerMasterKeySpec", spec);
        yield return ("kms:KeyUsage", usage);
        yield return ("kms:CustomerMasterKeyUsage", usage);
        yield return ("kms:KeyOrigin", create.Origin ?? KmsKey.OriginKms);
        yield return ("kms:MultiRegion", create.MultiRegion == true ? "true" : "false");
        yield return Bypass(create.BypassPolicyLockoutSafetyCheck);
        if (create.MultiRegion == true)
        {
            yield return ("kms:MultiRegionKeyType", "PRIMARY");
        }
    }

    /// <summary>Of a request that names one key.</summary>
    public static IReadOnlyList<(string Key, string Value)> Of(IKeyRequest request) =>
        request switch
        {
            SignRequest sign => [.. One("kms:SigningAlgorithm", sign.SigningAlgorithm), ("kms:MessageType", sign.MessageType ?? "RAW")],
            VerifyRequest verify =>
            [
                .. One("kms:SigningAlgorithm", verify.SigningAlgorithm),
                ("kms:MessageType", verify.MessageType ?? "RAW"),
            ],
            GenerateMacRequest mac => One("kms:MacAlgorithm", mac.MacAlgorithm),
            VerifyMacRequest mac => One("kms:MacAlgorithm", mac.MacAlgorithm),
            DeriveSharedSecretRequest derive => One("kms:KeyAgreementAlgorithm", derive.KeyAgreementAlgorithm),
            GenerateDataKeyPairRequest pair => One("kms:DataKeyPairSpec", pair.KeyPairSpec),
            PutKeyPolicyRequest put => [Bypass(put.BypassPolicyLockoutSafetyCheck)],
            GetParametersForImportRequest import =>
            [
                .. One("kms:WrappingAlgorithm", import.WrappingAlgorithm),
                .. One("kms:WrappingKeySpec", import.WrappingKeySpec),
            ],
            ImportKeyMaterialRequest import =>
            [
                ("kms:ExpirationModel", import.ExpirationModel ?? ImportKeyMaterial.Expires),
                .. One("kms:ValidTo", import.ValidTo?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ],
            EnableKeyRotationRequest rotation => One("kms:RotationPeriodInDays", Number(rotation.RotationPeriodInDays)),
            ScheduleKeyDeletionRequest deletion => One("kms:ScheduleKeyDeletionPendingWindowInDays", Number(deletion.PendingWindowInDays)),
            CreateGrantRequest grant => OfGrant(grant),
            ReplicateKeyRequest replicate =>
            [
                .. One("kms:ReplicaRegion", replicate.ReplicaRegion),
                Bypass(replicate.BypassPolicyLockoutSafetyCheck),
            ],
            UpdatePrimaryRegionRequest update => One("kms:PrimaryRegion", update.PrimaryRegion),
            EncryptRequest { EncryptionAlgorithm: not KeySpecs.Symmetric and { } algorithm } => One("kms:EncryptionAlgorithm", algorithm),
            DecryptRequest { EncryptionAlgorithm: not KeySpecs.Symmetric and { } algorithm } => One("kms:EncryptionAlgorithm", algorithm),
            _ => [],
        };

    /// <summary>The alias by which a request names its key.</summary>
    public static IReadOnlyList<(string Key, string Value)> Alias(string keyId)
    {
        var at = keyId.IndexOf("alias/", StringComparison.Ordinal);
        return at < 0 ? [] : [("kms:RequestAlias", keyId[at..])];
    }

    private static IReadOnlyList<(string Key, string Value)> OfGrant(CreateGrantRequest grant) =>
        [
            ("kms:GranteePrincipal", grant.GranteePrincipal ?? ""),
            .. One("kms:RetiringPrincipal", grant.RetiringPrincipal),
            .. (grant.Operations ?? []).Select(one => ("kms:GrantOperations", one)),
            .. grant.Constraints?.EncryptionContextEquals is null
                ? []
                : One("kms:GrantConstraintType", nameof(GrantConstraints.EncryptionContextEquals)),
            .. grant.Constraints?.EncryptionContextSubset is null
                ? []
                : One("kms:GrantConstraintType", nameof(GrantConstraints.EncryptionContextSubset)),
        ];

    private static bool IsEncryption(string operation) =>
        operation is "Encrypt" or "Decrypt" or "ReEncryptFrom" or "ReEncryptTo"
        || operation.StartsWith("GenerateDataKey", StringComparison.Ordinal);

    private static (string Key, string Value) Bypass(bool? bypasses) =>
        ("kms:BypassPolicyLockoutSafetyCheck", bypasses == true ? "true" : "false");

    private static IReadOnlyList<(string Key, string Value)> One(string key, string? value) => value is null ? [] : [(key, value)];

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}

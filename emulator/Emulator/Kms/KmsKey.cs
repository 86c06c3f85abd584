using System.Text.Json.Serialization;

namespace Disa.Emulator.Kms;

/// <summary>A KMS key as it is kept.</summary>
internal sealed record KmsKey
{
    /// <summary>A UUID.</summary>
    public required string KeyId { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset CreationDate { get; init; }

    public string Description { get; init; } = "";

    /// <summary><c>Enabled</c>, <c>Disabled</c> or <c>PendingDeletion</c>.</summary>
    public string State { get; init; } = Enabled;

    public DateTimeOffset? DeletionDate { get; init; }

    public int? PendingWindowInDays { get; init; }

    /// <summary><c>CUSTOMER</c>, <c>AWS</c> (managed, seen, used through services only) or <c>OWNED</c> (AWS's own: never seen).</summary>
    public string Manager { get; init; } = Customer;

    public required string Policy { get; init; }

    /// <summary>All material the key ever had; the last encrypts, each decrypts what it encrypted.</summary>
    public required IReadOnlyList<KeyMaterial> Materials { get; init; }

    /// <summary>Null where automatic rotation is off.</summary>
    public int? RotationPeriodInDays { get; init; }

    public DateTimeOffset? NextRotationDate { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }

    [JsonIgnore]
    public string Account => Aws.Arn.Parse(Arn).Account;

    [JsonIgnore]
    public bool IsPendingDeletion => State == PendingDeletion;

    public const string Enabled = "Enabled";
    public const string Disabled = "Disabled";
    public const string PendingDeletion = "PendingDeletion";
    public const string Customer = "CUSTOMER";
    public const string Managed = "AWS";
    public const string Owned = "OWNED";
}

/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Wrapped">The 32 bytes, wrapped by the root key.</param>
/// <param name="RotationType"><c>AUTOMATIC</c> or <c>ON_DEMAND</c>; null for the first.</param>
internal sealed record KeyMaterial(string Id, byte[] Wrapped, DateTimeOffset Since, string? RotationType);

/// <param name="Token">Identifies the grant to whoever got it from CreateGrant.</param>
internal sealed record Grant(
    string GrantId,
    string Token,
    string? Name,
    DateTimeOffset CreationDate,
    string GranteePrincipal,
    string? RetiringPrincipal,
    string IssuingAccount,
    IReadOnlyList<string> Operations,
    GrantConstraints? Constraints
);

internal sealed record GrantConstraints(
    Dictionary<string, string>? EncryptionContextSubset,
    Dictionary<string, string>? EncryptionContextEquals
);

/// <summary>A name for a key.</summary>
internal sealed record KeyAlias(string AliasName, string TargetKeyId, DateTimeOffset CreationDate, DateTimeOffset LastUpdatedDate)
{
    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KmsKey))]
[JsonSerializable(typeof(KeyAlias))]
internal sealed partial class KmsDocuments : JsonSerializerContext;

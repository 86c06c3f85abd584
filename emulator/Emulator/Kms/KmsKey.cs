using System.Text.Json.Serialization;

namespace Disa.Emulator.Kms;

/// <summary>A KMS key as it is kept.</summary>
internal sealed record KmsKey
{
    /// <summary>A UUID; of a multi-Region key <c>mrk-</c> and 32 hexadecimal digits.</summary>
    public required string KeyId { get; init; }

    public required string Arn { get; init; }

    public required DateTimeOffset CreationDate { get; init; }

    public string Description { get; init; } = "";

    public string KeySpec { get; init; } = KeySpecs.Symmetric;

    public string KeyUsage { get; init; } = KeySpecs.EncryptDecrypt;

    /// <summary><c>AWS_KMS</c>, or <c>EXTERNAL</c> where its user brings the material.</summary>
    public string Origin { get; init; } = OriginKms;

    /// <summary>One of the states below.</summary>
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

    /// <summary>Null of a key that is in one Region only.</summary>
    public MultiRegionKeys? MultiRegion { get; init; }

    /// <summary>When <c>Creating</c> or <c>Updating</c> is over, and what the key is then.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    public string? SettledState { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }

    [JsonIgnore]
    public string Account => Aws.Arn.Parse(Arn).Account;

    [JsonIgnore]
    public string Region => Aws.Arn.Parse(Arn).Region;

    [JsonIgnore]
    public bool IsPendingDeletion => State is PendingDeletion or PendingReplicaDeletion;

    [JsonIgnore]
    public bool IsInTransition => State is Creating or Updating;

    /// <summary>Of a multi-Region key: whether what all of them share is changed here.</summary>
    [JsonIgnore]
    public bool IsPrimary => MultiRegion?.PrimaryRegion == Region;

    [JsonIgnore]
    public bool IsReplica => MultiRegion is not null && !IsPrimary;

    [JsonIgnore]
    public bool IsSymmetric => KeySpec == KeySpecs.Symmetric;

    [JsonIgnore]
    public bool IsExternal => Origin == OriginExternal;

    /// <summary>Where the material that encrypts, signs and makes MACs stands among all; -1 where there is none yet.</summary>
    [JsonIgnore]
    public int Current => Materials.Count - (Materials.Count > 0 && Materials[^1].IsPendingRotation ? 2 : 1);

    /// <summary>Whether nothing that the key ever encrypted with is missing.</summary>
    [JsonIgnore]
    public bool HasAllMaterial => Current >= 0 && Materials.All(material => material.IsPendingRotation || material.Wrapped is not null);

    /// <summary>What answers call the current material; keys without rotation have no name for it.</summary>
    [JsonIgnore]
    public string? CurrentKeyMaterialId => IsSymmetric && Current >= 0 ? Materials[Current].Id : null;

    public const string Enabled = "Enabled";
    public const string Disabled = "Disabled";
    public const string PendingDeletion = "PendingDeletion";
    public const string PendingReplicaDeletion = "PendingReplicaDeletion";
    public const string PendingImport = "PendingImport";
    public const string Creating = "Creating";
    public const string Updating = "Updating";

    /// <summary>How long the two last states last (AWS: some seconds).</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    public const string OriginKms = "AWS_KMS";
    public const string OriginExternal = "EXTERNAL";
    public const string Customer = "CUSTOMER";
    public const string Managed = "AWS";
    public const string Owned = "OWNED";
}

/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Wrapped">
/// The key, or the private half as PKCS #8, wrapped by the root key; null where it was imported, and has expired or was deleted.
/// </param>
/// <param name="RotationType"><c>AUTOMATIC</c> or <c>ON_DEMAND</c>; null for the first.</param>
internal sealed record KeyMaterial(string Id, byte[]? Wrapped, DateTimeOffset Since, string? RotationType)
{
    /// <summary>Of a key pair, as X.509's SubjectPublicKeyInfo.</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>Of imported material that is there, <c>KEY_MATERIAL_EXPIRES</c> or <c>KEY_MATERIAL_DOES_NOT_EXPIRE</c>.</summary>
    public string? ExpirationModel { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>What its user says of it.</summary>
    public string? Description { get; init; }

    /// <summary>Imported for the next rotation on demand, and not used before.</summary>
    public bool IsPendingRotation { get; init; }

    /// <summary>The same material when its bytes are gone: only they can come back under its id.</summary>
    public KeyMaterial Lost() => this with { Wrapped = null, ExpirationModel = null, ValidTo = null };
}

/// <summary>Where the keys of one id are.</summary>
internal sealed record MultiRegionKeys(string PrimaryRegion, IReadOnlyList<string> ReplicaRegions)
{
    [JsonIgnore]
    public IEnumerable<string> Regions => [PrimaryRegion, .. ReplicaRegions];
}

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
[JsonSerializable(typeof(ImportToken))]
internal sealed partial class KmsDocuments : JsonSerializerContext;

using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

/// <summary>KMS's errors, in its words.</summary>
internal static class KmsErrors
{
    public static AwsException NoKey(string arn) => new("NotFoundException", $"Key '{arn}' does not exist");

    public static AwsException NoAlias(string arn) => new("NotFoundException", $"Alias {arn} is not found.");

    public static AwsException InvalidKeyId(string keyId) => new("NotFoundException", $"Invalid keyId '{keyId}'");

    public static AwsException InvalidArn(string text) => new("InvalidArnException", $"Invalid arn {text}");

    public static AwsException Disabled(string arn) => new("DisabledException", $"{arn} is disabled.");

    public static AwsException InvalidState(string message) => new("KMSInvalidStateException", message);

    /// <summary>What a key in its state answers to what it cannot do then.</summary>
    /// <remarks>https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html</remarks>
    public static AwsException InState(KmsKey key) =>
        key.State switch
        {
            KmsKey.Disabled => Disabled(key.Arn),
            KmsKey.PendingDeletion => InvalidState($"{key.Arn} is pending deletion."),
            KmsKey.PendingReplicaDeletion => InvalidState($"{key.Arn} is pending replica deletion."),
            KmsKey.PendingImport => InvalidState($"{key.Arn} is pending import."),
            KmsKey.Creating => InvalidState($"{key.Arn} is creating."),
            _ => InvalidState($"{key.Arn} is updating."),
        };

    public static AwsException NotPendingDeletion(string arn) => new("KMSInvalidStateException", $"{arn} is not pending deletion.");

    public static AwsException KeyUsage(KmsKey key, string operation) =>
        new("InvalidKeyUsageException", $"{key.Arn} key usage is {key.KeyUsage} which is not valid for {operation}.");

    public static AwsException IncompatibleAlgorithm(string algorithm, string keySpec) =>
        new("InvalidKeyUsageException", $"Algorithm {algorithm} is incompatible with key spec {keySpec}.");

    public static AwsException WrongOrigin(KmsKey key) =>
        Unsupported($"{key.Arn} origin is {key.Origin} which is not valid for this operation.");

    public static AwsException NoPrimary(KmsKey key) => Unsupported($"{key.Arn} is not a multi-region primary key.");

    public static AwsException IncorrectMaterial() => new("IncorrectKeyMaterialException", "");

    public static AwsException NoMaterial(string id) => new("NotFoundException", $"Key material {id} does not exist");

    public static AwsException ReplicaExists(string arn) => new("AlreadyExistsException", $"Key '{arn}' already exists");

    public static AwsException InvalidSignature() => new("KMSInvalidSignatureException", "");

    public static AwsException InvalidMac() => new("KMSInvalidMacException", "");

    public static AwsException InvalidCiphertext() => new("InvalidCiphertextException", "");

    public static AwsException IncorrectKey() =>
        new("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");

    public static AwsException InaccessibleCiphertext() =>
        new(
            "AccessDeniedException",
            "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."
        );

    public static AwsException Denied(Caller caller, string action, string arn) =>
        new(
            "AccessDeniedException",
            $"User: {caller.Arn} is not authorized to perform: kms:{action} on resource: {arn} because no resource-based policy allows the kms:{action} action"
        );

    public static AwsException Unsupported(string message = "") => new("UnsupportedOperationException", message);

    public static AwsException AliasExists(string arn) => new("AlreadyExistsException", $"An alias with the name {arn} already exists");

    public static AwsException MalformedPolicy(string message) => new("MalformedPolicyDocumentException", message);

    public static AwsException InvalidMarker() =>
        new(
            "InvalidMarkerException",
            "The request was rejected because the marker that specifies where pagination should next begin is not valid."
        );

    public static AwsException DryRun() =>
        new("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", 412);

    public static AwsException Invalid(string message) => new("ValidationException", message);

    public static AwsException Constraint(string? value, string member, string constraint) =>
        Invalid(
            $"1 validation error detected: Value {(value is null ? "null" : $"'{value}'")} at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <summary>How many a page has.</summary>
    /// <param name="usual">How many when the request names no limit.</param>
    /// <param name="most">The highest limit that the operation takes.</param>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static int PageSize(int? limit, int usual, int most) =>
        limit < 1 ? throw Constraint(limit.ToString(), "limit", "Member must have value greater than or equal to 1")
        : limit > most ? throw Constraint(limit.ToString(), "limit", $"Member must have value less than or equal to {most}")
        : limit ?? usual;

    /// <summary>A key's id, ARN or alias, of a length that AWS takes.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static string KeyId(string? keyId, string member = "keyId")
    {
        if (keyId is null or { Length: 0 or > 2048 })
        {
            new Checks().Key(keyId, member).Throw();
        }

        return keyId!;
    }

    /// <summary>The member's value, which AWS demands.</summary>
    public static T Required<T>(T? value, string member)
        where T : class => value ?? throw Constraint(null, member, "Member must not be null");
}

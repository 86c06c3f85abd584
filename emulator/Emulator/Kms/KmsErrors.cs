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

    public static AwsException PendingDeletion(string arn) => new("KMSInvalidStateException", $"{arn} is pending deletion.");

    public static AwsException NotPendingDeletion(string arn) => new("KMSInvalidStateException", $"{arn} is not pending deletion.");

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

    public static AwsException DryRun() =>
        new("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", 412);

    public static AwsException Invalid(string message) => new("ValidationException", message);

    public static AwsException Constraint(string? value, string member, string constraint) =>
        Invalid(
            $"1 validation error detected: Value {(value is null ? "null" : $"'{value}'")} at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <summary>The member's value, which AWS demands.</summary>
    public static T Required<T>(T? value, string member)
        where T : class => value ?? throw Constraint(null, member, "Member must not be null");
}

using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Secrets;

/// <summary>Secrets Manager's errors, in its words.</summary>
internal static class SecretsErrors
{
    public static AwsException NotFound() => new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

    public static AwsException NoValue(string what) =>
        new("ResourceNotFoundException", $"Secrets Manager can't find the specified secret value for {what}");

    public static AwsException NoVersion() => new("ResourceNotFoundException", "Secrets Manager can't find the specified secret version.");

    public static AwsException Exists(string name) =>
        new("ResourceExistsException", $"The operation failed because the secret {name} already exists.");

    public static AwsException VersionExists() =>
        new("ResourceExistsException", "You can't modify an existing version, you can only create new version.");

    public static AwsException NameScheduledForDeletion() =>
        Request("You can't create this secret because a secret with this name is already scheduled for deletion.");

    public static AwsException MarkedForDeletion() =>
        Request("You can't perform this operation on the secret because it was marked for deletion.");

    public static AwsException NoToken() => Request("You must provide a ClientRequestToken value. We recommend a UUID-type value.");

    public static AwsException InvalidName() =>
        new(
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        );

    public static AwsException InvalidNextToken() => new("InvalidNextTokenException", "The NextToken value is invalid.");

    public static AwsException MalformedPolicy() =>
        new("MalformedPolicyDocumentException", "This resource policy contains a syntax error.");

    public static AwsException Request(string message) => new("InvalidRequestException", message);

    public static AwsException Parameter(string message) => new("InvalidParameterException", message);

    public static AwsException Constraint(string? value, string member, string constraint) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value {(value is null ? "" : $"'{value}' ")}at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <summary>How many a page has.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static int PageSize(int? maxResults, int most = 100) =>
        maxResults < 1 || maxResults > most
            ? throw Constraint(
                $"{maxResults}",
                "maxResults",
                $"Member must have value {(maxResults < 1 ? "greater than or equal to 1" : $"less than or equal to {most}")}"
            )
            : maxResults ?? most;

    /// <summary>The member's value, which AWS demands.</summary>
    public static T Required<T>(T? value, string member)
        where T : class =>
        value
        ?? throw new AwsException(
            "ValidationException",
            $"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );

    /// <summary>What KMS answered, as Secrets Manager tells it.</summary>
    public static AwsException Kms(AwsException failure, bool isRead) =>
        failure.Code == "AccessDeniedException" ? new(failure.Code, "Access to KMS is not allowed")
        : isRead ? new("DecryptionFailure", "Secrets Manager can't decrypt the protected secret text using the provided KMS key.")
        : new(
            "EncryptionFailure",
            "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state."
        );

    /// <exception cref="AwsException">ValidationException.</exception>
    public static void Within(string? text, string member, int least, int most, bool isShown = true)
    {
        if (text is not null && (text.Length < least || text.Length > most))
        {
            throw Constraint(
                isShown ? text : null,
                member,
                text.Length < least
                    ? $"Member must have length greater than or equal to {least}"
                    : $"Member must have length less than or equal to {most}"
            );
        }
    }

    /// <exception cref="AwsException">ValidationException.</exception>
    public static void OneOf(string? value, string member, params string[] known)
    {
        if (value is not null && !known.Contains(value))
        {
            throw Constraint(value, member, $"Member must satisfy enum value set: [{string.Join(", ", known)}]");
        }
    }
}

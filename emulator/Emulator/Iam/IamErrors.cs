using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

/// <summary>IAM's and STS's errors, in their words.</summary>
internal static class IamErrors
{
    public static AwsException NoSuch(string message) => new("NoSuchEntity", message, 404);

    public static AwsException NoSuch(string kind, string name) => NoSuch($"The {kind} with name {name} cannot be found.");

    public static AwsException NoPolicy(string arn) => NoSuch($"Policy {arn} was not found.");

    public static AwsException NotAttachable(string arn) => NoSuch($"Policy {arn} does not exist or is not attachable.");

    public static AwsException Exists(string kind, string name) =>
        new("EntityAlreadyExists", $"{kind} with name {name} already exists.", 409);

    public static AwsException PolicyExists(string name) =>
        new("EntityAlreadyExists", $"A policy called {name} already exists. Duplicate names are not allowed.", 409);

    public static AwsException Conflict(string message) => new("DeleteConflict", message, 409);

    public static AwsException Malformed(string message) => new("MalformedPolicyDocument", message);

    public static AwsException Limit(string message) => new("LimitExceeded", message, 409);

    public static AwsException Invalid(string message) => new("ValidationError", message);

    public static AwsException InvalidMarker() => Invalid("Invalid Marker.");

    public static AwsException InvalidInput(string message) => new("InvalidInput", message);

    public static AwsException Missing(string member) =>
        Invalid($"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null");

    /// <summary>How many a page has: 100 where the request says nothing.</summary>
    /// <exception cref="AwsException">ValidationError.</exception>
    public static int PageSize(int? maxItems) =>
        maxItems is < 1 or > 1000
            ? throw Invalid(
                $"1 validation error detected: Value '{maxItems}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000"
            )
            : maxItems ?? 100;

    public static T Required<T>(T? value, string member)
        where T : class => value ?? throw Missing(member);
}

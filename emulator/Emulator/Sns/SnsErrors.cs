using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

/// <summary>SNS's errors, in its words.</summary>
internal static class SnsErrors
{
    public static AwsException Invalid(string what) => new("InvalidParameter", "Invalid parameter: " + what);

    public static AwsException InvalidToken() => new("InvalidParameter", "Invalid token");

    public static AwsException TopicDoesNotExist() => new("NotFound", "Topic does not exist", 404);

    public static AwsException SubscriptionDoesNotExist() => new("NotFound", "Subscription does not exist", 404);

    public static AwsException ResourceDoesNotExist() => new("ResourceNotFound", "Resource does not exist", 404);

    public static AwsException InvalidValue(string message) => new("ParameterValueInvalid", message);

    public static AwsException Missing(string member) =>
        new(
            "ValidationError",
            $"1 validation error detected: Value null at '{char.ToLowerInvariant(member[0])}{member[1..]}' failed to satisfy constraint: Member must not be null"
        );

    public static AwsException NotAuthorized(Caller caller, string action, string arn) =>
        new(
            "AuthorizationError",
            $"User: {(caller.Arn.Length == 0 ? "anonymous" : caller.Arn)} is not authorized to perform: SNS:{action} on resource: {arn}",
            403
        );

    public static AwsException EmptyBatch() => new("EmptyBatchRequest", "The batch request doesn't contain any entries.");

    public static AwsException TooManyEntries() =>
        new("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");

    public static AwsException EntryIdsNotDistinct() =>
        new("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");

    public static AwsException InvalidEntryId(string? id) =>
        new(
            "InvalidBatchEntryId",
            string.IsNullOrEmpty(id)
                ? "The Id of a batch entry in a batch request doesn't abide by the specification."
                : $"The Id of a batch entry in the batch request {(id.Length > 80 ? "is too long" : "contains an impermissible character")}: {id}"
        );

    public static AwsException BatchTooLong() =>
        new("BatchRequestTooLong", "The length of all the messages put together is more than the limit.");

    /// <summary>A KMS error as SNS passes it on.</summary>
    public static AwsException Kms(AwsException error) =>
        new(
            error.Code switch
            {
                "DisabledException" => "KMSDisabled",
                "NotFoundException" => "KMSNotFound",
                "KMSInvalidStateException" => "KMSInvalidState",
                "AccessDeniedException" => "KMSAccessDenied",
                _ => error.Code,
            },
            $"{error.Message} (Service: AWSKMS; Status Code: {error.StatusCode}; Error Code: {error.Code})",
            error.StatusCode
        );
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

/// <summary>SQS's errors, in its words, with the codes that clients of the older Query protocol know.</summary>
internal static class SqsErrors
{
    public const string InvalidCharacters =
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";

    private const string Prefix = "AWS.SimpleQueueService.";

    public static AwsException QueueDoesNotExist() =>
        new("QueueDoesNotExist", "The specified queue does not exist.")
        {
            QueryCode = Prefix + "NonExistentQueue",
            QueryMessage = "The specified queue does not exist for this wsdl version.",
        };

    public static AwsException QueueNameExists(string attribute) =>
        new("QueueNameExists", $"A queue already exists with the same name and a different value for attribute {attribute}")
        {
            QueryCode = "QueueAlreadyExists",
        };

    public static AwsException QueueDeletedRecently() =>
        new("QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
        {
            QueryCode = Prefix + "QueueDeletedRecently",
        };

    public static AwsException PurgeInProgress(string queue) =>
        new("PurgeQueueInProgress", $"Only one PurgeQueue operation on {queue} is allowed every 60 seconds.", 403)
        {
            QueryCode = Prefix + "PurgeQueueInProgress",
        };

    public static AwsException InvalidAddress(string url) =>
        new("InvalidAddress", $"The address {url} is not valid for this endpoint.", 404) { QueryCode = "InvalidAddress" };

    public static AwsException AccessDenied(string operation, string arn) =>
        new(
            "AccessDeniedException",
            $"User is not authorized to perform: {operation} on resource: {arn} because no resource-based policy allows the action",
            403
        )
        {
            QueryCode = "AccessDenied",
        };

    public static AwsException InvalidAttributeName(string message) =>
        new("InvalidAttributeName", message) { QueryCode = "InvalidAttributeName" };

    public static AwsException InvalidAttributeValue(string attribute) =>
        new("InvalidAttributeValue", $"Invalid value for the parameter {attribute}.") { QueryCode = "InvalidAttributeValue" };

    public static AwsException InvalidParameter(string message) =>
        new("InvalidParameterValueException", message) { QueryCode = "InvalidParameterValue" };

    public static AwsException InvalidParameter(string value, string parameter, string reason) =>
        InvalidParameter($"Value {value} for parameter {parameter} is invalid. Reason: {reason}");

    public static AwsException NoDeduplication() =>
        InvalidParameter("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");

    public static AwsException Missing(string parameter) =>
        new("MissingRequiredParameterException", $"The request must contain the parameter {parameter}.") { QueryCode = "MissingParameter" };

    public static AwsException InvalidContents() =>
        new("InvalidMessageContents", InvalidCharacters) { QueryCode = "InvalidMessageContents" };

    public static AwsException ReceiptHandleIsInvalid(string handle) =>
        new("ReceiptHandleIsInvalid", $"The input receipt handle \"{handle}\" is not a valid receipt handle.", 404)
        {
            QueryCode = "ReceiptHandleIsInvalid",
        };

    public static AwsException MessageNotInflight() =>
        new("MessageNotInflight", "The message referred to isn't in flight.") { QueryCode = Prefix + "MessageNotInflight" };

    public static AwsException OverLimit() => new("OverLimit", "Too many messages in flight.", 403) { QueryCode = "OverLimit" };

    public static AwsException EmptyBatch(string entry) =>
        new("EmptyBatchRequest", $"There should be at least one {entry} in the request.") { QueryCode = Prefix + "EmptyBatchRequest" };

    public static AwsException TooManyEntries(int count) =>
        new("TooManyEntriesInBatchRequest", $"Maximum number of entries per request are 10. You have sent {count}.")
        {
            QueryCode = Prefix + "TooManyEntriesInBatchRequest",
        };

    public static AwsException EntryIdsNotDistinct(string id) =>
        new("BatchEntryIdsNotDistinct", $"Id {id} repeated.") { QueryCode = Prefix + "BatchEntryIdsNotDistinct" };

    public static AwsException InvalidEntryId() =>
        new(
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
        )
        {
            QueryCode = Prefix + "InvalidBatchEntryId",
        };

    public static AwsException BatchTooLong(int bytes) =>
        new("BatchRequestTooLong", $"Batch requests cannot be longer than {Queue.SizeLimit} bytes. You have sent {bytes} bytes.")
        {
            QueryCode = Prefix + "BatchRequestTooLong",
        };

    /// <summary>A KMS error as SQS passes it on.</summary>
    public static AwsException Kms(AwsException error)
    {
        var (code, queryCode) = error.Code switch
        {
            "DisabledException" => ("KmsDisabled", "KMS.DisabledException"),
            "NotFoundException" => ("KmsNotFound", "KMS.NotFoundException"),
            "KMSInvalidStateException" => ("KmsInvalidState", "KMS.KMSInvalidStateException"),
            "AccessDeniedException" => ("KmsAccessDenied", "KMS.AccessDeniedException"),
            "InvalidKeyUsageException" => ("KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException"),
            _ => (error.Code, error.Code),
        };
        return new(code, error.Message, error.StatusCode) { QueryCode = queryCode };
    }

    public static AwsException UnsupportedOperation(string message) =>
        new("UnsupportedOperation", message) { QueryCode = Prefix + "UnsupportedOperation" };

    public static AwsException ResourceNotFound(string message) =>
        new("ResourceNotFoundException", message, 404) { QueryCode = "ResourceNotFoundException" };
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>Lambda's errors, in its words.</summary>
internal static class LambdaErrors
{
    public static AwsException NoFunction(FunctionReference function) =>
        new("ResourceNotFoundException", $"Function not found: {function.Arn}", 404);

    public static AwsException NotFound(string message) => new("ResourceNotFoundException", message, 404);

    public static AwsException Exists(string name) => new("ResourceConflictException", $"Function already exist: {name}", 409);

    public static AwsException Conflict(string message) => new("ResourceConflictException", message, 409);

    /// <summary>The size of a page. A value above the operation's limit is reduced to the limit.</summary>
    public static int PageSize(int? maxItems, int most) => Math.Min(maxItems is null or < 1 ? most : maxItems.Value, most);

    public static AwsException Invalid(string message) => new("InvalidParameterValueException", message);

    /// <summary>One of those that AWS sends without saying whose fault it is.</summary>
    public static AwsException Untyped(string message) => new("InvalidParameterValueException", message) { HasType = false };

    /// <summary>How the members of an error's document are spelled: the model has both, by exception.</summary>
    /// <remarks>https://github.com/aws/api-models-aws, lambda: <c>Message</c> in these, <c>message</c> in all others.</remarks>
    public static bool HasCapitalMessage(string code) =>
        code
            is "ResourceNotFoundException"
                or "ServiceException"
                or "ResourceInUseException"
                or "AccessDeniedException"
                or "InternalFailure"
                or "NotImplemented"
                or "InvalidRuntimeException"
                or "InvalidZipFileException"
                or "CodeSigningConfigNotFoundException"
                or "CodeVerificationFailedException";

    /// <summary>What the framework refuses before Lambda sees it has no Type.</summary>
    public static bool HasType(string code) => code is not ("ValidationException" or "AccessDeniedException");

    public static AwsException TooLarge(string message) => new("RequestEntityTooLargeException", message, 413);

    public static AwsException Constraint(string value, string member, string constraint) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <param name="broken">Each as "Value '…' at '…' failed to satisfy constraint: …".</param>
    public static AwsException Constraints(IReadOnlyCollection<string> broken) =>
        new(
            "ValidationException",
            $"{broken.Count} validation error{(broken.Count == 1 ? "" : "s")} detected: {string.Join("; ", broken)}"
        );

    public static AwsException NotReady(string arn, string state) =>
        Conflict($"The operation cannot be performed at this time. The function is currently in the following state: {state}");

    public static AwsException UpdateInProgress(string arn) =>
        Conflict($"The operation cannot be performed at this time. An update is in progress for resource: {arn}");

    public static AwsException StaleRevision() =>
        new(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
            412
        );

    public static AwsException TooManyRequests(bool reserved) =>
        new("TooManyRequestsException", "Rate Exceeded.", 429)
        {
            Details = System.Text.Json.JsonElement.Parse(
                reserved
                    ? """{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}"""
                    : """{"Reason":"ConcurrentInvocationLimitExceeded"}"""
            ),
        };
}

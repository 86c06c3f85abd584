using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

/// <summary>Step Functions' errors, in AWS's wording.</summary>
internal static class StepFunctionsErrors
{
    public static AwsException StateMachineDoesNotExist(string arn) =>
        new("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{arn}'");

    public static AwsException StateMachineAlreadyExists(string arn) =>
        new("StateMachineAlreadyExists", $"State Machine Already Exists: '{arn}'");

    public static AwsException ActivityDoesNotExist(string arn) => new("ActivityDoesNotExist", $"Activity Does Not Exist: '{arn}'");

    public static AwsException ExecutionDoesNotExist(string arn) => new("ExecutionDoesNotExist", $"Execution Does Not Exist: '{arn}'");

    public static AwsException ExecutionAlreadyExists(string arn) => new("ExecutionAlreadyExists", $"Execution Already Exists: '{arn}'");

    public static AwsException ExecutionNotRedrivable(string why) => new("ExecutionNotRedrivable", why);

    public static AwsException ResourceNotFound(string arn) => new("ResourceNotFound", $"Resource not found: '{arn}'");

    public static AwsException NoSuchResource() => new("ResourceNotFound", "Request references a resource that does not exist.");

    public static AwsException Conflict(string why) => new("ConflictException", why);

    public static AwsException QuotaExceeded(string why) => new("ServiceQuotaExceededException", why);

    public static AwsException InvalidArn(string arn) => new("InvalidArn", $"Invalid Arn: 'Invalid ARN prefix: {arn}'");

    public static AwsException NoExpress() => new("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'");

    public static AwsException InvalidRoleArn(string arn) => new("InvalidArn", $"Invalid Role Arn: '{arn}'");

    public static AwsException InvalidName(string name) => new("InvalidName", $"Invalid Name: '{name}'");

    public static AwsException InvalidToken() => new("InvalidToken", "Invalid Token: 'Invalid token'");

    public static AwsException TaskTimedOut() => new("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");

    public static AwsException InvalidOutput() => new("InvalidOutput", "Invalid Output: 'Provided output is not valid JSON'");

    public static AwsException InvalidExecutionInput(string why) =>
        new("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{why}'");

    public static AwsException InvalidDefinition(string why) => new("InvalidDefinition", $"Invalid State Machine Definition: '{why}'");

    /// <summary>What is refused in a sentence of its own.</summary>
    public static AwsException Invalid(string message) => new("ValidationException", message);

    public static AwsException NoJoiningState() =>
        new(
            "InvalidDefinition",
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
        );

    public static AwsException InvalidContext(string why) => Invalid($"Invalid Context object provided: {why}");

    public static AwsException InvalidLoggingConfiguration(string why) =>
        new("InvalidLoggingConfiguration", $"Invalid Logging Configuration: {why}");

    public static AwsException TypeNotSupported() =>
        new("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");

    public static AwsException MissingRequiredParameter() =>
        new(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or the TracingConfiguration must be specified"
        );

    public static AwsException TooManyTags(string arn) => new("TooManyTags", $"Too Many Tags: '{arn}'");

    public static AwsException Missing(string member) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );

    /// <summary>How many a page has: 1,000 at most; 0 or nothing is 100. And the token, not longer than the operation's model takes.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static int PageSize(int? maxResults, string? nextToken, int tokenLimit = 1024)
    {
        if (nextToken?.Length > tokenLimit)
        {
            throw TooLong(nextToken, "nextToken", tokenLimit);
        }

        return maxResults is < 0 or > 1000 ? throw OutOfRange(maxResults.Value, "maxResults", 0, 1000)
            : maxResults is null or 0 ? 100
            : maxResults.Value;
    }

    public static AwsException TooLong(string value, string member, int most) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {most}"
        );

    public static AwsException NotOneOf(string value, string member, params ReadOnlySpan<string> allowed) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", allowed)}]"
        );

    public static AwsException OutOfRange(int value, string member, int least, int most) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value "
                + (value < least ? $"greater than or equal to {least}" : $"less than or equal to {most}")
        );
}

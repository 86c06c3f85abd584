using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

/// <summary>CloudWatch Logs' errors, in its words.</summary>
internal static class LogsErrors
{
    public static AwsException NoGroup() => new("ResourceNotFoundException", "The specified log group does not exist.");

    public static AwsException NoStream() => new("ResourceNotFoundException", "The specified log stream does not exist.");

    public static AwsException GroupExists() => new("ResourceAlreadyExistsException", "The specified log group already exists");

    public static AwsException StreamExists() => new("ResourceAlreadyExistsException", "The specified log stream already exists");

    public static AwsException Invalid(string message) => new("InvalidParameterException", message);

    public static AwsException NoMetricFilter() => new("ResourceNotFoundException", "The specified metric filter does not exist.");

    public static AwsException NoSubscriptionFilter() =>
        new("ResourceNotFoundException", "The specified subscription filter does not exist.");

    public static AwsException LimitExceeded() => new("LimitExceededException", "Resource limit exceeded.");

    public static AwsException Null(string member) =>
        Invalid($"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null");

    public static AwsException InvalidToken() => Invalid("The specified nextToken is invalid.");

    public static AwsException Constraint(string value, string member, string constraint) =>
        Invalid($"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");
}

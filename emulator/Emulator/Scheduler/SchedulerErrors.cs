using Disa.Emulator.Aws;

namespace Disa.Emulator.Scheduler;

/// <summary>EventBridge Scheduler's errors, in AWS's words.</summary>
internal static class SchedulerErrors
{
    public static AwsException Validation(string message) => new("ValidationException", message);

    public static AwsException InvalidExpression(string? expression) => Validation($"Invalid Schedule Expression {expression}.");

    public static AwsException ScheduleNotFound(string name) => new("ResourceNotFoundException", $"Schedule {name} does not exist.", 404);

    public static AwsException GroupNotFound(string name) =>
        new("ResourceNotFoundException", $"Schedule group {name} does not exist.", 404);

    public static AwsException Conflict(string message) => new("ConflictException", message, 409);

    public static AwsException Constraint(string? value, string member, string constraint) =>
        Validation(
            $"1 validation error detected: Value {(value is null ? "null" : $"'{value}'")} at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <summary>How many a page has.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static int PageSize(int? maxResults) =>
        maxResults is < 1 or > 100
            ? throw Constraint(
                $"{maxResults}",
                "maxResults",
                maxResults < 1 ? "Member must have value greater than or equal to 1" : "Member must have value less than or equal to 100"
            )
            : maxResults ?? 100;

    /// <summary>A schedule's or group's name.</summary>
    public static string Name(string? name, string member)
    {
        if (name is null)
        {
            throw Constraint(null, member, "Member must not be null");
        }

        if (name.Length is < 1 or > 64)
        {
            throw Constraint(
                name,
                member,
                name.Length < 1 ? "Member must have length greater than or equal to 1" : "Member must have length less than or equal to 64"
            );
        }

        return name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? name
            : throw Constraint(name, member, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$");
    }
}

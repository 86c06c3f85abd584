using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudWatch;

/// <summary>CloudWatch's errors, in AWS's words. Each has the name of its shape, and the code that Query clients know.</summary>
internal static class CloudWatchErrors
{
    public static AwsException InvalidValue(string message) =>
        new("InvalidParameterValueException", message) { QueryCode = "InvalidParameterValue" };

    public static AwsException InvalidCombination(string message) =>
        new("InvalidParameterCombinationException", message) { QueryCode = "InvalidParameterCombination" };

    public static AwsException Missing(string parameter) =>
        new("MissingRequiredParameterException", $"The parameter {parameter} is required.") { QueryCode = "MissingParameter" };

    public static AwsException Validation(string message) => new("ValidationException", message) { QueryCode = "ValidationError" };

    public static AwsException Constraint(string? value, string member, string constraint) =>
        Validation(
            $"1 validation error detected: Value {(value is null ? "null" : $"'{value}'")} at '{member}' failed to satisfy constraint: {constraint}"
        );

    /// <summary>SetAlarmState of an alarm that is not there: AWS says no more (recorded).</summary>
    public static AwsException NoAlarm() => new("ResourceNotFound", "", 404);

    /// <summary>DeleteAlarms of an alarm that is not there.</summary>
    public static AwsException AlarmNotFound(string name) => new("ResourceNotFound", $"Unknown alarm: {name}", 404);

    public static AwsException DashboardNotFound(string name) =>
        new("DashboardNotFoundError", $"Dashboard {name} does not exist", 404) { QueryCode = "ResourceNotFound" };

    public static AwsException UnknownResource(string arn) => new("ResourceNotFoundException", $"Unknown resource: {arn}", 404);

    public static AwsException InvalidNextToken() => new("InvalidNextToken", "The next token specified is invalid.");

    /// <summary>ListMetrics and ListDashboards document no InvalidNextToken, only this.</summary>
    public static AwsException InvalidTokenValue() => InvalidValue("The next token specified is invalid.");

    /// <summary>A member that must be there and not be longer than AWS takes.</summary>
    public static string Text(string? value, string member, int longest)
    {
        if (value is null)
        {
            throw Constraint(null, member, "Member must not be null");
        }

        if (value.Length == 0)
        {
            throw Constraint(value, member, "Member must have length greater than or equal to 1");
        }

        return value.Length <= longest
            ? value
            : throw Constraint(
                value,
                member,
                $"Member must have length less than or equal to {longest.ToString(CultureInfo.InvariantCulture)}"
            );
    }

    public static string OneOf(string? value, string member, params ReadOnlySpan<string> allowed)
    {
        if (value is not null && allowed.Contains(value))
        {
            return value;
        }

        throw Constraint(
            value,
            member,
            value is null ? "Member must not be null" : $"Member must satisfy enum value set: [{string.Join(", ", allowed.ToArray())}]"
        );
    }
}

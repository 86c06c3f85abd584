using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

/// <summary>EventBridge's errors, in AWS's words.</summary>
internal static class EventsErrors
{
    public static AwsException Validation(string message) => new("ValidationException", message);

    /// <summary>How many a page has.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static int PageSize(int? limit) =>
        limit is < 1 or > 100
            ? throw Validation(
                $"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100"
            )
            : limit ?? 100;

    public static AwsException NotFound(string message) => new("ResourceNotFoundException", message);

    public static AwsException RuleNotFound(string name, string bus) => NotFound($"Rule {name} does not exist on EventBus {bus}.");

    public static AwsException BusNotFound(string name) => NotFound($"Event bus {name} does not exist.");

    public static AwsException InvalidPattern(string reason) =>
        new("InvalidEventPatternException", $"Event pattern is not valid. Reason: {reason}");

    /// <summary>A member that must be there and not be longer than AWS takes.</summary>
    public static string Text(string? value, string member, int longest) =>
        value switch
        {
            null => throw Validation(
                $"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ),
            "" => throw Validation(
                $"1 validation error detected: Value '' at '{member}' failed to satisfy constraint: Member must have length greater than or equal to 1"
            ),
            _ when value.Length > longest => throw Validation(
                $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {longest}"
            ),
            _ => value,
        };

    /// <summary>A rule's, target's or bus's name.</summary>
    public static string Name(string? value, string member, int longest, string alsoAllowed = ".-_")
    {
        var name = Text(value, member, longest);
        return name.All(letter => char.IsAsciiLetterOrDigit(letter) || alsoAllowed.Contains(letter, StringComparison.Ordinal))
            ? name
            : throw Validation(
                $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {NamePattern(alsoAllowed)}"
            );
    }

    public static string NamePattern(string alsoAllowed = ".-_") =>
        "Member must satisfy regular expression pattern: ["
        + alsoAllowed.Replace(".", @"\.", StringComparison.Ordinal).Replace("-", @"\-", StringComparison.Ordinal)
        + "A-Za-z0-9]+";
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>What is wrong with JSON, in words for a caller: the reader's own name types and members of this program.</summary>
internal static partial class JsonFault
{
    private const string Marker = "could not be mapped to any .NET member";

    /// <summary>The member that a record does not have, as a path; null where something else is wrong.</summary>
    public static string? UnknownMember(JsonException failure)
    {
        if (!failure.Message.Contains(Marker, StringComparison.Ordinal))
        {
            return null;
        }

        var path = PathOf(failure);
        var name = failure.Message.Split('\'') is [_, var quoted, ..] ? quoted : "?";
        return path is null ? name
            : path.EndsWith(name, StringComparison.Ordinal) ? path
            : $"{path}.{name}";
    }

    public static string Explain(JsonException failure)
    {
        if (UnknownMember(failure) is { } member)
        {
            return $"Unknown member {member}";
        }

        if (failure.InnerException is null && PathOf(failure) is null && failure.LineNumber is null)
        {
            return
                failure.Message.Contains("System.", StringComparison.Ordinal)
                || failure.Message.Contains(nameof(Disa), StringComparison.Ordinal)
                ? "Unexpected value type in payload"
                : failure.Message;
        }

        return
            failure.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            || failure.Message.Contains(nameof(Disa), StringComparison.Ordinal)
            ? $"Unexpected value type in payload{(PathOf(failure) is { } path ? " at " + path : "")}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Invalid JSON at line {(failure.LineNumber ?? 0) + 1}, column {(failure.BytePositionInLine ?? 0) + 1}"
            );
    }

    /// <summary>Whether a text is the reader's own.</summary>
    public static bool IsReaders(string text) =>
        text.Contains(Marker, StringComparison.Ordinal) || text.Contains("The JSON value could not be converted", StringComparison.Ordinal);

    /// <summary>For resources in templates: what is not honoured is refused by name, and what has another type in CloudFormation's words.</summary>
    /// <param name="text">The reader's.</param>
    public static AwsException OfProperties(string text, string logicalId, string resourceType)
    {
        var path = Path().Match(text) is { Success: true } match ? match.Groups[1].Value.TrimStart('$', '.') : "";
        return text.Contains(Marker, StringComparison.Ordinal) && Member().Match(text) is { Success: true } member
            ? AwsException.NotImplemented(
                $"the property {(path.EndsWith(member.Groups[1].Value, StringComparison.Ordinal) ? path : member.Groups[1].Value)} of {resourceType}"
            )
            : new AwsException(
                "ValidationException",
                $"Properties validation failed for resource {logicalId} with message: [#/{Pointer(path)}: unexpected type]"
            );
    }

    private static string Pointer(string path) =>
        path.Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    [GeneratedRegex(@"JSON property '([^']*)'")]
    private static partial Regex Member();

    [GeneratedRegex(@"Path: (\$\S*) \|")]
    private static partial Regex Path();

    private static string? PathOf(JsonException failure) => failure.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : null;
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>The operators on text: <c>prefix</c>, <c>suffix</c>, <c>equals-ignore-case</c> and <c>wildcard</c>.</summary>
internal static class TextMatcher
{
    public static Func<JsonElement, bool> Of(string name, JsonElement operand)
    {
        var comparison = StringComparison.Ordinal;
        if (
            name is "prefix" or "suffix"
            && operand.ValueKind == JsonValueKind.Object
            && operand.EnumerateObject().ToList() is [{ Name: "equals-ignore-case" } inner]
        )
        {
            (operand, comparison) = (inner.Value, StringComparison.OrdinalIgnoreCase);
        }

        if (operand.ValueKind != JsonValueKind.String)
        {
            throw EventPatternException.At(operand, $"{name} match pattern must be a string");
        }

        var text = operand.GetString()!;
        Func<string, bool> matches = name switch
        {
            "prefix" => value => value.StartsWith(text, comparison),
            "suffix" => value => value.EndsWith(text, comparison),
            "equals-ignore-case" => value => value.Equals(text, StringComparison.OrdinalIgnoreCase),
            _ => WithStars(text, operand),
        };
        return value => value.ValueKind == JsonValueKind.String && matches(value.GetString()!);
    }

    private static Func<string, bool> WithStars(string pattern, JsonElement operand)
    {
        if (pattern.Contains("**", StringComparison.Ordinal))
        {
            throw EventPatternException.After(
                operand,
                "Consecutive wildcard characters at pos "
                    + (pattern.IndexOf("**", StringComparison.Ordinal) + 1).ToString(CultureInfo.InvariantCulture)
            );
        }

        // The pieces between the stars; a backslash keeps a star or a backslash as it is.
        var pieces = new List<string>();
        var piece = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                if (i + 1 >= pattern.Length || pattern[i + 1] is not ('*' or '\\'))
                {
                    throw EventPatternException.After(
                        operand,
                        "Invalid escape character at pos " + i.ToString(CultureInfo.InvariantCulture)
                    );
                }

                piece.Append(pattern[++i]);
            }
            else if (pattern[i] == '*')
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
            else
            {
                piece.Append(pattern[i]);
            }
        }

        pieces.Add(piece.ToString());
        return value => Wildcard.MatchesPieces(pieces, value);
    }
}

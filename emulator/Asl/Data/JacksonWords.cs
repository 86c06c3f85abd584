using System.Globalization;
using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>What Jackson, the JSON reader of AWS's service, says of a text that is no JSON.</summary>
/// <param name="Message">Without the place.</param>
/// <param name="Location">The place, with the text in it.</param>
/// <remarks>Recorded on AWS: localstack/localstack, test_sfn_api.snapshot.json and test_sfn_api_validation.snapshot.json.</remarks>
public sealed record JacksonWords(string Message, string Location)
{
    private const int Shown = 500;

    public static JacksonWords Of(string text, JsonException failure)
    {
        var lines = text.Split('\n');
        var number = (int)Math.Clamp(failure.LineNumber ?? 0, 0, lines.Length - 1);
        var line = lines[number];
        var at = (int)Math.Clamp(failure.BytePositionInLine ?? 0, 0, line.Length);
        var start = at;
        while (start > 0 && IsWord(line[start - 1]))
        {
            start--;
        }

        var end = start;
        while (end < line.Length && IsWord(line[end]))
        {
            end++;
        }

        if (end > start && char.IsLetter(line[start]))
        {
            var token = line[start..end];
            return new JacksonWords(
                $"Unrecognized token '{token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                Place(text, number, end)
            );
        }

        var what =
            at >= line.Length ? "Unexpected end-of-input"
            : line[..at].TrimEnd() is [.., '{' or ',']
                ? $"Unexpected character {Character(line[at])}: was expecting double-quote to start field name"
            : $"Unexpected character {Character(line[at])}";
        return new JacksonWords(what, Place(text, number, Math.Min(at + 1, line.Length)));
    }

    private static string Character(char character) =>
        string.Create(CultureInfo.InvariantCulture, $"('{character}' (code {(int)character}))");

    private static string Place(string text, int line, int column) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"[Source: (String)\"{(text.Length > Shown ? text[..Shown] : text)}\"; line: {line + 1}, column: {column + 1}]"
        );

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or '$';
}

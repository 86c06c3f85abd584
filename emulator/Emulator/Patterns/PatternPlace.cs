using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>Where in its text a pattern is wrong: AWS hands on the words of its reader of JSON (recorded 05-12-2024).</summary>
internal static class PatternPlace
{
    /// <summary>Characters of the text that a message shows.</summary>
    private const int Shown = 500;

    private const string Values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

    /// <summary>The fault with its place, where it has one.</summary>
    /// <param name="text">The whole pattern.</param>
    /// <param name="root">What was read of it.</param>
    public static EventPatternException Add(EventPatternException fault, string text, JsonElement root)
    {
        if (fault.Value.ValueKind == JsonValueKind.Undefined)
        {
            return fault;
        }

        var whole = JsonMarshal.GetRawUtf8Value(root);
        var value = JsonMarshal.GetRawUtf8Value(fault.Value);
        if (!whole.Overlaps(value, out var start))
        {
            return fault;
        }

        // A scalar is read at once; of a text, a list and an object the first character tells what they are.
        var isLong = fault.Value.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object;
        var read = fault.IsRead || !isLong ? start + value.Length : start + 1;
        var place = Of(text, text.Length - text.TrimStart().Length + Encoding.UTF8.GetCharCount(whole[..read]));
        return new EventPatternException(fault.Message + place + (fault.IsInList ? place : ""));
    }

    /// <summary>What is wrong with a text that is no JSON.</summary>
    public static EventPatternException NoJson(string text) =>
        BrokenJson(text) is { } fault
            ? new EventPatternException(fault.Reason + Of(text, fault.At))
            : new EventPatternException("Filter is not valid JSON");

    /// <summary>What AWS's reader of JSON says of a text that is none, and where; null where the text just ends.</summary>
    /// <returns>The reason, and how many characters were read.</returns>
    public static (string Reason, int At)? BrokenJson(string text)
    {
        var (at, namesNext) = Read(text);
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is ',' or ':'))
        {
            at++;
        }

        if (at == text.Length)
        {
            return null;
        }

        var letter = string.Create(CultureInfo.InvariantCulture, $"Unexpected character ('{text[at]}' (code {(int)text[at]}))");
        if (namesNext && text[at] != '"')
        {
            return ($"{letter}: was expecting double-quote to start field name", at);
        }

        var token = string.Concat(text[at..].TakeWhile(each => char.IsLetterOrDigit(each) || each is '_' or '$'));
        return token.Length > 0 && !char.IsDigit(token[0])
            ? ($"Unrecognized token '{token}': was expecting {Values}", at + token.Length)
            : ($"{letter}: expected a valid value {Values}", at + 1);
    }

    /// <summary>How far a text is JSON, and whether the name of a member would follow.</summary>
    private static (int At, bool NamesNext) Read(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8);
        var (at, namesNext) = (0, false);
        var objects = new Stack<bool>();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        objects.Push(reader.TokenType == JsonTokenType.StartObject);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        objects.Pop();
                        break;
                }

                at = (int)reader.BytesConsumed;
                namesNext = reader.TokenType != JsonTokenType.PropertyName && objects.TryPeek(out var isObject) && isObject;
            }
        }
        catch (JsonException)
        {
            // It ends where it stops being JSON.
        }

        return (Encoding.UTF8.GetCharCount(utf8, 0, at), namesNext);
    }

    private static string Of(string text, int at)
    {
        var line = text.AsSpan(0, at).Count('\n') + 1;
        var column = at - text.LastIndexOf('\n', Math.Max(at - 1, 0));
        var source = text.Length <= Shown ? $"\"{text}\"" : $"\"{text[..Shown]}\"[truncated {text.Length - Shown} chars]";
        return string.Create(CultureInfo.InvariantCulture, $"\n at [Source: (String){source}; line: {line}, column: {column}]");
    }
}

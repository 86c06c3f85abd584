using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Policies;

/// <summary>A place in a policy's text, counted from 1.</summary>
internal sealed record TextPosition(int Line, int Column);

/// <summary>Where each statement of a policy's text is.</summary>
/// <remarks>
/// As IAM's simulator counts: a statement begins right after what comes before it (the bracket, or the statement before, without its comma)
/// and ends right after its brace; a statement that is not in a list begins after its own brace. Both are shown in the examples of
/// <c>aws iam simulate-custom-policy help</c> and <c>simulate-principal-policy help</c>.
/// </remarks>
internal static class StatementPositions
{
    public static IReadOnlyList<(TextPosition Start, TextPosition End)> Of(string policy)
    {
        var bytes = Encoding.UTF8.GetBytes(policy);
        var reader = new Utf8JsonReader(bytes);
        var found = new List<(TextPosition, TextPosition)>();
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isStatement = reader.ValueTextEquals("Statement");
            reader.Read();
            if (!isStatement)
            {
                reader.Skip();
                continue;
            }

            var start = Position(bytes, reader.BytesConsumed);
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                reader.Skip();
                found.Add((start, Position(bytes, reader.BytesConsumed)));
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                reader.Skip();
                var end = Position(bytes, reader.BytesConsumed);
                found.Add((start, end));
                start = end;
            }
        }

        return found;
    }

    private static TextPosition Position(ReadOnlySpan<byte> text, long consumed)
    {
        var before = text[..(int)consumed];
        var line = before.LastIndexOf((byte)'\n') + 1;
        return new(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[line..]) + 1);
    }
}

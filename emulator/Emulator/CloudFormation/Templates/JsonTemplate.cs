using System.Text;
using System.Text.Json;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Reads a JSON template, keeping where each value stands.</summary>
internal static class JsonTemplate
{
    public static Node Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 128 });
        try
        {
            reader.Read();
            var root = Value(ref reader, bytes);
            reader.Read(); // anything after the value is an error
            return root;
        }
        catch (JsonException e)
        {
            throw TemplateErrors.NotWellFormed("JSON", new Mark((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1));
        }
    }

    private static Node Value(ref Utf8JsonReader reader, byte[] bytes)
    {
        var at = At(bytes, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<Entry>();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    var keyAt = At(bytes, reader.TokenStartIndex);
                    if (!seen.Add(key))
                    {
                        throw TemplateErrors.Format($"duplicate key '{key}' {keyAt}");
                    }

                    reader.Read();
                    entries.Add(new Entry(key, keyAt, Value(ref reader, bytes)));
                }

                return new MapNode(entries, at);
            case JsonTokenType.StartArray:
                var items = new List<Node>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, bytes));
                }

                return new ListNode(items, at);
            case JsonTokenType.String: return new TextNode(reader.GetString()!, ScalarKind.Text, at);
            case JsonTokenType.Number: return new TextNode(Encoding.UTF8.GetString(reader.ValueSpan), ScalarKind.Number, at);
            case JsonTokenType.True: return new TextNode("true", ScalarKind.Boolean, at);
            case JsonTokenType.False: return new TextNode("false", ScalarKind.Boolean, at);
            default: return new TextNode("", ScalarKind.Null, at);
        }
    }

    private static Mark At(ReadOnlySpan<byte> bytes, long offset)
    {
        var before = bytes[..(int)offset];
        return new Mark(before.Count((byte)'\n') + 1, (int)offset - before.LastIndexOf((byte)'\n'));
    }
}

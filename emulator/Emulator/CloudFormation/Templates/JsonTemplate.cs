using System.Text;
using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Reads a JSON template, keeping where each value stands.</summary>
internal static class JsonTemplate
{
    public static Node Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(JsonInput.Whole(text));
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Nesting.Limit + 2 });
        try
        {
            reader.Read();
            var root = Value(ref reader, new Lines(bytes), 1);
            reader.Read(); // anything after the value is an error
            return root;
        }
        catch (JsonException e)
        {
            throw TemplateErrors.NotWellFormed("JSON", new Mark((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1));
        }
    }

    private static Node Value(ref Utf8JsonReader reader, Lines lines, int depth)
    {
        var at = lines.At(reader.TokenStartIndex);
        Nesting.Check(depth, at);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var entries = new List<Entry>();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    var keyAt = lines.At(reader.TokenStartIndex);
                    if (!seen.Add(key))
                    {
                        throw TemplateErrors.Format($"duplicate key '{key}' {keyAt}");
                    }

                    reader.Read();
                    entries.Add(new Entry(key, keyAt, Value(ref reader, lines, depth + 1)));
                }

                return new MapNode(entries, at);
            case JsonTokenType.StartArray:
                var items = new List<Node>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, lines, depth + 1));
                }

                return new ListNode(items, at);
            case JsonTokenType.String:
                return new TextNode(reader.GetString()!, ScalarKind.Text, at);
            case JsonTokenType.Number:
                return new TextNode(Encoding.UTF8.GetString(reader.ValueSpan), ScalarKind.Number, at);
            case JsonTokenType.True:
                return new TextNode("true", ScalarKind.Boolean, at);
            case JsonTokenType.False:
                return new TextNode("false", ScalarKind.Boolean, at);
            default:
                return new TextNode("", ScalarKind.Null, at);
        }
    }

    /// <summary>Which line an offset is in: offsets come in rising order, so each line is counted once.</summary>
    private sealed class Lines(byte[] bytes)
    {
        private int counted;
        private int line = 1;
        private int start = -1;

        public Mark At(long offset)
        {
            for (var i = counted; i < offset; i++)
            {
                if (bytes[i] == (byte)'\n')
                {
                    line++;
                    start = i;
                }
            }

            counted = Math.Max(counted, (int)offset);
            return new Mark(line, (int)offset - start);
        }
    }
}

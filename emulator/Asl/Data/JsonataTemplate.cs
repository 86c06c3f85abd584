using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>Any JSON, in which each text <c>{% … %}</c> becomes the result of its expression.</summary>
internal sealed class JsonataTemplate
{
    private readonly JsonElement _source;
    private readonly Dictionary<string, JsonataField> _fields;
    private readonly string _field;

    /// <param name="field">The name of the field that it is the value of.</param>
    /// <param name="fields">By location.</param>
    private JsonataTemplate(JsonElement source, string field, Dictionary<string, JsonataField> fields) =>
        (_source, _field, _fields) = (source, field, fields);

    public static JsonataTemplate Read(DefinitionReader reader, JsonElement source, string field, string prefix, JsonataPlace place)
    {
        var fields = new Dictionary<string, JsonataField>(StringComparer.Ordinal);
        Collect(
            source,
            field,
            (value, at) =>
            {
                if (JsonataReader.Read(reader, value, at, prefix, place) is { } read)
                {
                    fields[at] = read;
                }
            }
        );
        return new JsonataTemplate(source, field, fields);
    }

    public JsonElement Evaluate(Scope scope)
    {
        if (_fields.Count == 0)
        {
            return _source;
        }

        return _fields.TryGetValue(_field, out var only)
            ? only.Evaluate(scope)
            : Json.WriteBounded(writer => Write(_source, _field, scope, writer));
    }

    private static void Collect(JsonElement node, string at, Action<JsonElement, string> found)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in node.EnumerateObject())
                {
                    Collect(member.Value, $"{at}/{member.Name}", found);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in node.EnumerateArray())
                {
                    Collect(item, $"{at}[{index++}]", found);
                }

                break;
            case JsonValueKind.String when JsonataField.IsExpression(node):
                found(node, at);
                break;
        }
    }

    private void Write(JsonElement node, string at, Scope scope, Utf8JsonWriter writer)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in node.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, $"{at}/{member.Name}", scope, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                var index = 0;
                foreach (var item in node.EnumerateArray())
                {
                    Write(item, $"{at}[{index++}]", scope, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                (_fields.TryGetValue(at, out var field) ? field.Evaluate(scope) : node).WriteTo(writer);
                break;
        }
    }
}

/// <summary>What of <c>$states</c> there is where an expression stands.</summary>
internal enum JsonataPlace
{
    /// <summary>Before the state has a result.</summary>
    Before,

    /// <summary>In the Output or Assign of a state that has a result.</summary>
    Result,

    /// <summary>In a Catch.</summary>
    Error,
}

using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>A payload template: JSON in which the value of a member that ends in <c>.$</c> is a path or an intrinsic function.</summary>
internal sealed class Template
{
    private readonly JsonElement _source;
    private readonly Dictionary<string, Expression> _expressions = new(StringComparer.Ordinal);

    private Template(JsonElement source) => _source = source;

    /// <exception cref="FormatException">An expression is none; the message is AWS's.</exception>
    public static Template Parse(JsonElement source)
    {
        var template = new Template(source);
        template.Collect(source);
        return template;
    }

    /// <summary>A member's name without the mark of a path.</summary>
    public static string NameOf(string member, QueryLanguage language) =>
        language == QueryLanguage.JsonPath && member.EndsWith(".$", StringComparison.Ordinal) ? member[..^2] : member;

    public JsonElement Evaluate(Scope scope) => _expressions.Count == 0 ? _source : Json.WriteBounded(w => Write(_source, scope, w));

    private void Collect(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
            {
                Collect(item);
            }
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in node.EnumerateObject())
            {
                if (!property.Name.EndsWith(".$", StringComparison.Ordinal))
                {
                    Collect(property.Value);
                    continue;
                }

                var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
                if (_expressions.ContainsKey(text))
                {
                    continue;
                }

                try
                {
                    _expressions[text] = Expression.Parse(text);
                }
                catch (FormatException)
                {
                    throw new FormatException(
                        $"The value for the field '{property.Name}' must be a valid JSONPath or a valid intrinsic function call"
                    );
                }
            }
        }
    }

    private void Write(JsonElement node, Scope scope, Utf8JsonWriter writer)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in node.EnumerateArray())
                {
                    Write(item, scope, writer);
                }

                writer.WriteEndArray();
                break;

            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in node.EnumerateObject())
                {
                    if (property.Name.EndsWith(".$", StringComparison.Ordinal))
                    {
                        writer.WritePropertyName(property.Name[..^2]);
                        Value(property.Name, _expressions[property.Value.GetString()!], scope).WriteTo(writer);
                    }
                    else
                    {
                        writer.WritePropertyName(property.Name);
                        Write(property.Value, scope, writer);
                    }
                }

                writer.WriteEndObject();
                break;

            default:
                node.WriteTo(writer);
                break;
        }
    }

    /// <summary>What AWS says of a field whose path leads nowhere.</summary>
    public static WorkflowException NotFound(string field, Expression expression, Scope scope) =>
        WorkflowException.Runtime(
            $"The JSONPath '{expression.Text}' specified for the field '{field}' could not be found in the input '{Json.Compact(scope.Input)}'"
        );

    private static JsonElement Value(string field, Expression expression, Scope scope)
    {
        try
        {
            return expression.Evaluate(scope);
        }
        catch (PathException)
        {
            throw NotFound(field, expression, scope);
        }
    }
}

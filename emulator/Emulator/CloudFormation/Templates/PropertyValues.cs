using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>One value that differs: where, and what it was and will be; null where there is none.</summary>
internal sealed record ValueChange(string Path, string? Before, string? After)
{
    /// <summary><c>Add</c>, <c>Remove</c> or <c>Modify</c>.</summary>
    public string Kind =>
        Before is null ? "Add"
        : After is null ? "Remove"
        : "Modify";
}

/// <summary>A value, and what is shown of it: the same, or the same with secrets masked.</summary>
internal readonly record struct ShownValue(JsonElement Value, JsonElement Shown)
{
    public ShownValue Member(string name) => new(PropertyValues.Member(Value, name), PropertyValues.Member(Shown, name));

    public ShownValue Item(int index) => new(PropertyValues.Item(Value, index), PropertyValues.Item(Shown, index));
}

/// <summary>The policies that a template sets for a resource; null where it leaves one to the default.</summary>
internal readonly record struct SetPolicies(RetentionPolicy? UpdateReplace, RetentionPolicy? Deletion);

/// <summary>How DescribeChangeSet shows property values: every scalar is text, and what changes is shown leaf by leaf.</summary>
/// <remarks>
/// As recorded on AWS, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html:
/// tags are shown as <c>/Properties/Tags/0/Key</c>, a property that holds a JSON document (a policy) as a whole.
/// </remarks>
internal static class PropertyValues
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A resource as a context shows it: its properties, its metadata, and the policies that the template sets.</summary>
    public static string Context(JsonElement properties, string? metadata, SetPolicies policies)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("Properties");
            Write(writer, properties);
            if (metadata is not null)
            {
                writer.WritePropertyName("Metadata");
                writer.WriteRawValue(metadata);
            }

            if (policies.UpdateReplace is { } replace)
            {
                writer.WriteString("UpdateReplacePolicy", replace.ToString());
            }

            if (policies.Deletion is { } deletion)
            {
                writer.WriteString("DeletionPolicy", deletion.ToString());
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>What may be shown of properties that were deployed by a version of the emulator that did not keep it with them.</summary>
    /// <param name="evaluated">The same as their template says them, with what is a secret there.</param>
    public static JsonElement Shown(JsonElement properties, Node evaluated) =>
        !evaluated.HasHidden ? properties
        : JsonElement.DeepEquals(properties, evaluated.ToJson()) ? evaluated.Shown.ToJson()
        : Node.FromJson(properties).Hidden.Shown.ToJson();

    /// <summary>The leaves that differ, below a property's path.</summary>
    /// <param name="whole">The property holds a document, which is shown as a whole.</param>
    public static IEnumerable<ValueChange> Between(ShownValue before, ShownValue after, string path, bool whole)
    {
        var (was, willBe) = (before.Value, after.Value);
        if (!whole && was.ValueKind == JsonValueKind.Object && willBe.ValueKind == JsonValueKind.Object)
        {
            return was.EnumerateObject()
                .Concat(willBe.EnumerateObject())
                .Select(member => member.Name)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(name => Between(before.Member(name), after.Member(name), $"{path}/{Escaped(name)}", false));
        }

        if (!whole && was.ValueKind == JsonValueKind.Array && willBe.ValueKind == JsonValueKind.Array)
        {
            return Enumerable
                .Range(0, Math.Max(was.GetArrayLength(), willBe.GetArrayLength()))
                .SelectMany(i => Between(before.Item(i), after.Item(i), $"{path}/{i}", false));
        }

        return Text(was) == Text(willBe) ? [] : [new ValueChange(path, Text(before.Shown), Text(after.Shown))];
    }

    /// <summary>Whether the type says of a property only that it is JSON.</summary>
    public static bool IsDocument(JsonTypeInfo? schema, string property)
    {
        var type = schema?.Properties.FirstOrDefault(one => one.Name == property)?.PropertyType;
        return type == typeof(JsonElement) || type == typeof(JsonElement?);
    }

    /// <summary>A scalar's text, and the JSON of what is not one; null for what is not there.</summary>
    private static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.Object or JsonValueKind.Array => Json(value),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => value.ToString(),
        };

    private static string Json(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(Text(value) ?? "");
                break;
        }
    }

    public static JsonElement Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : default;

    public static JsonElement Item(JsonElement value, int index) => index < value.GetArrayLength() ? value[index] : default;

    /// <summary>As JSON Pointer has it: RFC 6901.</summary>
    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

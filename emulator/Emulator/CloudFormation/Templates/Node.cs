using System.Text;
using System.Text.Json;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Where something stands in a template's text, counted from one.</summary>
internal readonly record struct Mark(int Line, int Column)
{
    public override string ToString() => $"(line {Line}, column {Column})";
}

/// <summary>What a scalar was written as; CloudFormation keeps numbers and booleans until a text is asked for.</summary>
internal enum ScalarKind
{
    Text,
    Number,
    Boolean,
    Null,

    /// <summary>Known only once the resource it comes from exists (in a change set).</summary>
    Unknown,
}

/// <summary>One immutable value of a template, before or after its functions are resolved.</summary>
internal abstract class Node(Mark at)
{
    public Mark At { get; } = at;

    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>True where a part of the value is known only after the change is applied.</summary>
    public abstract bool HasUnknown { get; }

    /// <summary>True where a part of the value is a secret.</summary>
    public abstract bool HasHidden { get; }

    /// <summary>The value as it may be shown to those who describe the stack: secrets are masked, the form stays.</summary>
    public abstract Node Shown { get; }

    /// <summary>The value as a secret: every scalar of it is shown as <see cref="TextNode.Mask"/>.</summary>
    public abstract Node Hidden { get; }

    public JsonElement ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            WriteTo(writer);
        }

        using var document = JsonDocument.Parse(stream.ToArray(), new JsonDocumentOptions { MaxDepth = Aws.OwnJson.Depth });
        return document.RootElement.Clone();
    }

    public string ToJsonText() => Encoding.UTF8.GetString(Bytes());

    public static Node FromJson(JsonElement json, Mark at = default) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => new MapNode([.. json.EnumerateObject().Select(p => new Entry(p.Name, at, FromJson(p.Value, at)))], at),
            JsonValueKind.Array => new ListNode([.. json.EnumerateArray().Select(item => FromJson(item, at))], at),
            JsonValueKind.Number => new TextNode(json.GetRawText(), ScalarKind.Number, at),
            JsonValueKind.True => new TextNode("true", ScalarKind.Boolean, at),
            JsonValueKind.False => new TextNode("false", ScalarKind.Boolean, at),
            JsonValueKind.String => new TextNode(json.GetString()!, ScalarKind.Text, at),
            _ => new TextNode("", ScalarKind.Null, at),
        };

    private byte[] Bytes()
    {
        using var stream = new MemoryStream();
        using (
            var writer = new Utf8JsonWriter(
                stream,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            WriteTo(writer);
        }

        return stream.ToArray();
    }
}

/// <summary>A scalar: text, number, boolean or null.</summary>
/// <param name="shown">What is shown in its place; null where that is the text.</param>
internal sealed class TextNode(string text, ScalarKind kind, Mark at, string? shown = null) : Node(at)
{
    /// <summary>What AWS shows in the place of a value that is not to be shown.</summary>
    public const string Mask = "****";

    /// <summary>What AWS shows for a value that it cannot know before the change is applied.</summary>
    public const string KnownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}";

    public string Text { get; } = text;

    /// <summary>The text, or what is shown in its place.</summary>
    public string ShownText => shown ?? Text;

    public bool IsHidden => shown is not null;

    public override bool HasHidden => IsHidden;

    public ScalarKind Kind { get; } = kind;

    public override bool HasUnknown => Kind == ScalarKind.Unknown;

    public override Node Shown => shown is null ? this : Of(shown, At);

    public override TextNode Hidden => HasUnknown ? this : new(Text, Kind, At, Mask);

    public static TextNode Of(string text, Mark at = default) => new(text, ScalarKind.Text, at);

    /// <summary>A text that is made of others: where one of those is hidden, it is shown as it would be of what they are shown as.</summary>
    public static TextNode Of(string text, string shown, Mark at) => new(text, ScalarKind.Text, at, shown == text ? null : shown);

    public static TextNode Unknown(Mark at = default) => new(KnownAfterApply, ScalarKind.Unknown, at);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case ScalarKind.Number:
                writer.WriteRawValue(Text);
                break;
            case ScalarKind.Boolean:
                writer.WriteBooleanValue(Text == "true");
                break;
            case ScalarKind.Null:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(Text);
                break;
        }
    }

    public override string ToString() => Text;
}

/// <summary>A list of values.</summary>
internal sealed class ListNode(IReadOnlyList<Node> items, Mark at) : Node(at)
{
    public IReadOnlyList<Node> Items { get; } = items;

    public override bool HasUnknown => Items.Any(item => item.HasUnknown);

    public override bool HasHidden => Items.Any(item => item.HasHidden);

    public override Node Shown => new ListNode([.. Items.Select(item => item.Shown)], At);

    public override Node Hidden => new ListNode([.. Items.Select(item => item.Hidden)], At);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in Items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}

/// <summary>One key of a map, and where it is written.</summary>
internal sealed record Entry(string Key, Mark At, Node Value);

/// <summary>A map that keeps the order of its keys.</summary>
internal sealed class MapNode : Node
{
    private readonly Dictionary<string, Node> byKey = new(StringComparer.Ordinal);

    public MapNode(IReadOnlyList<Entry> entries, Mark at)
        : base(at)
    {
        Entries = entries;
        foreach (var entry in entries)
        {
            byKey[entry.Key] = entry.Value;
        }
    }

    public static MapNode Empty { get; } = new([], default);

    public IReadOnlyList<Entry> Entries { get; }

    public override bool HasUnknown => Entries.Any(entry => entry.Value.HasUnknown);

    public override bool HasHidden => Entries.Any(entry => entry.Value.HasHidden);

    public override Node Shown => new MapNode([.. Entries.Select(entry => entry with { Value = entry.Value.Shown })], At);

    public override Node Hidden => new MapNode([.. Entries.Select(entry => entry with { Value = entry.Value.Hidden })], At);

    public Node? this[string key] => byKey.GetValueOrDefault(key);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var entry in Entries)
        {
            writer.WritePropertyName(entry.Key);
            entry.Value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}

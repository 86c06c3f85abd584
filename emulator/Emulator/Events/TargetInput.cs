using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Emulator.Events;

/// <summary>What a target gets of an event: all of it, a constant, a part, or a template filled in.</summary>
internal static partial class TargetInput
{
    private static readonly string[] Own =
    [
        "aws.events.rule-arn",
        "aws.events.rule-name",
        "aws.events.event.ingestion-time",
        "aws.events.event",
        "aws.events.event.json",
    ];

    /// <summary>Null where a template cannot be filled with what the event has: nothing is delivered then.</summary>
    public static string? Of(Target target, Rule rule, JsonElement json)
    {
        if (target.Input is { } constant)
        {
            return constant;
        }

        if (target.InputPath is { } path)
        {
            return EventPath.Find(json, path)?.GetRawText() ?? "{}";
        }

        return target.InputTransformer is { } transformer ? Fill(transformer, rule, json) : json.GetRawText();
    }

    /// <summary>The first placeholder that neither the paths nor AWS define; null where there is none.</summary>
    public static string? Undefined(InputTransformer transformer) =>
        Placeholder()
            .Matches(transformer.InputTemplate!)
            .Select(match => match.Groups[1].Value)
            .FirstOrDefault(name => !Own.Contains(name) && transformer.InputPathsMap?.ContainsKey(name) != true);

    /// <summary>
    /// Outside quotes a value comes as JSON, and one that the event has not as an empty text. Inside quotes it comes as text; an object or a
    /// list only where the template is a text itself, and without its quotes.
    /// </summary>
    private static string? Fill(InputTransformer transformer, Rule rule, JsonElement json)
    {
        var template = transformer.InputTemplate!;
        var isText = template.AsSpan().TrimStart() is ['"', ..];
        var filled = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < template.Length; i++)
        {
            var letter = template[i];
            if (letter == '\\' && quoted && i + 1 < template.Length)
            {
                filled.Append(letter).Append(template[++i]);
                continue;
            }

            if (letter == '"')
            {
                quoted = !quoted;
            }

            var close = letter == '<' ? template.IndexOf('>', i) : -1;
            if (close < 0 || !Value(template[(i + 1)..close], transformer, rule, json, out var value))
            {
                filled.Append(letter);
                continue;
            }

            if (quoted && !isText && value?.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return null;
            }

            filled.Append(quoted ? Quoted(value) : value?.GetRawText() ?? "\"\"");
            i = close;
        }

        return filled.ToString();
    }

    private static bool Value(string name, InputTransformer transformer, Rule rule, JsonElement json, out JsonElement? value)
    {
        value = name switch
        {
            "aws.events.rule-arn" => Text(rule.Arn),
            "aws.events.rule-name" => Text(rule.Name),
            "aws.events.event.ingestion-time" => json.GetProperty("time"),
            "aws.events.event" => WithoutDetail(json),
            "aws.events.event.json" => json,
            _ => null,
        };
        if (value is not null)
        {
            return true;
        }

        if (transformer.InputPathsMap?.TryGetValue(name, out var path) != true)
        {
            return false;
        }

        value = EventPath.Find(json, path!);
        return true;
    }

    /// <summary>The event as it came, but for its detail.</summary>
    private static JsonElement WithoutDetail(JsonElement json)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            writer.WriteStartObject();
            foreach (var member in json.EnumerateObject().Where(member => member.Name != "detail"))
            {
                writer.WritePropertyName(member.Name == "detail-type" ? "detailType" : member.Name);
                member.Value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Disa.Emulator.Aws.OwnJson.Parse(buffer.WrittenSpan);
    }

    private static string Quoted(JsonElement? value) =>
        value switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } text => JsonEncodedText
                .Encode(text.GetString()!, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
                .ToString(),
            { } other => other.GetRawText().Replace("\"", "", StringComparison.Ordinal),
        };

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, EventsStore.Default.String);

    [GeneratedRegex("<([A-Za-z0-9._-]+)>")]
    private static partial Regex Placeholder();
}

using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Events;

/// <summary>What a target gets of an event: all of it, a constant, a part, or a template filled in.</summary>
internal static class TargetInput
{
    public static string Of(Target target, Rule rule, JsonElement json)
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

    /// <summary>
    /// Inside quotes a value comes as text, outside as JSON. What is not in the event is left out inside quotes, and null outside.
    /// </summary>
    private static string Fill(InputTransformer transformer, Rule rule, JsonElement json)
    {
        var template = transformer.InputTemplate!;
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

            filled.Append(quoted ? Quoted(value) : value?.GetRawText() ?? "null");
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
            "aws.events.event" or "aws.events.event.json" => json,
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

    private static string Quoted(JsonElement? value)
    {
        var text = value is null ? "" : value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()! : value.Value.GetRawText();
        return JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, EventsStore.Default.String);
}

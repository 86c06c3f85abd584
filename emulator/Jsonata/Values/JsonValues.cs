using System.Text.Json;

namespace Disa.Jsonata.Values;

/// <summary>From JSON to values and back.</summary>
internal static class JsonValues
{
    public static Value? Of(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => new ObjectValue(json),
            JsonValueKind.Array => Array(json),
            JsonValueKind.String => new StringValue(Text(json)),
            JsonValueKind.Number => new NumberValue(json.GetDouble(), json.GetRawText()),
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            JsonValueKind.Null => NullValue.Instance,
            _ => null,
        };

    /// <summary>Undefined for undefined.</summary>
    public static JsonElement ToJson(Value? value, Budget budget)
    {
        switch (value)
        {
            case null:
                return default;
            case ObjectValue { Source.ValueKind: JsonValueKind.Object } unchanged when !budget.HasStepFunctions:
                return unchanged.Source;
            default:
                var text = new JsonText(budget, budget.HasStepFunctions ? Numbers.ToJavaText : Numbers.ToJsonText).Of(value);
                return JsonInput.Parse(text, new JsonDocumentOptions { MaxDepth = 1_000 });
        }
    }

    private static ArrayValue Array(JsonElement json)
    {
        var items = new List<Value?>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            items.Add(Of(item));
        }

        return new ArrayValue(items);
    }

    /// <summary>A text of JSON, in which half a surrogate pair may stand.</summary>
    private static string Text(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return System.Text.RegularExpressions.Regex.Unescape(json.GetRawText()[1..^1]);
        }
    }
}

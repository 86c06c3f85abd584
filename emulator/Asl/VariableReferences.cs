using System.Text.Json;
using Disa.Asl.Data;
using Disa.Jsonata;

namespace Disa.Asl;

/// <summary>Which variables each state of a definition reads: what DescribeStateMachine shows as variableReferences.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html</remarks>
public static class VariableReferences
{
    private static readonly string[] Bodies = ["States", "Branches", "Iterator", "ItemProcessor"];

    /// <summary>By state, those that read none left out; the definition is one that was checked.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(string definition)
    {
        var found = new OrderedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Collect(JsonInput.Parse(definition), found);
        return found;
    }

    private static void Collect(JsonElement body, OrderedDictionary<string, IReadOnlyList<string>> found)
    {
        if (
            body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("States", out var states)
            || states.ValueKind != JsonValueKind.Object
        )
        {
            return;
        }

        foreach (var state in states.EnumerateObject())
        {
            var names = new List<string>();
            Read(state.Value, "", names);
            if (names.Count > 0)
            {
                found[state.Name] = [.. names.Distinct(StringComparer.Ordinal)];
            }

            foreach (var inner in Inside(state.Value))
            {
                Collect(inner, found);
            }
        }
    }

    private static IEnumerable<JsonElement> Inside(JsonElement state)
    {
        foreach (var name in (string[])["Iterator", "ItemProcessor"])
        {
            if (state.TryGetProperty(name, out var body))
            {
                yield return body;
            }
        }

        if (state.TryGetProperty("Branches", out var branches) && branches.ValueKind == JsonValueKind.Array)
        {
            foreach (var branch in branches.EnumerateArray())
            {
                yield return branch;
            }
        }
    }

    private static void Read(JsonElement node, string field, List<string> names)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in node.EnumerateObject().Where(member => !Bodies.Contains(member.Name)))
                {
                    Read(member.Value, member.Name, names);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in node.EnumerateArray())
                {
                    Read(item, "", names);
                }

                break;
            case JsonValueKind.String when JsonataField.IsExpression(node):
                names.AddRange(OfExpression(node));
                break;
            case JsonValueKind.String
                when field == "Variable"
                    || field.EndsWith(".$", StringComparison.Ordinal)
                    || field.EndsWith("Path", StringComparison.Ordinal):
                names.AddRange(Variables(node.GetString()!));
                break;
        }
    }

    /// <summary>Neither <c>$states</c> nor what the expression binds itself, and no functions.</summary>
    private static IEnumerable<string> OfExpression(JsonElement text)
    {
        try
        {
            return JsonataField.Parse(text, "").Variables.Where(name => !JsonataExpression.IsFunction(name));
        }
        catch (JsonataException)
        {
            // A text of a JSONPath state that only looks like one.
            return [];
        }
    }

    private static IEnumerable<string> Variables(string text)
    {
        try
        {
            return Expression.Parse(text).Variables;
        }
        catch (FormatException)
        {
            // A literal member that only looks like a field of the language.
            return [];
        }
    }
}

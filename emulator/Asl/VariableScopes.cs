using System.Text.Json;

namespace Disa.Asl;

/// <summary>Variables belong to the machine, the branch or the Map that assigns them: what is inside reads those around it, and may not assign them.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html ("Variable scope")</remarks>
internal static class VariableScopes
{
    public static void Check(DefinitionReader machine) => Check(machine, machine.Source, "", []);

    private static void Check(DefinitionReader reader, JsonElement body, string location, HashSet<string> outer)
    {
        if (
            body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("States", out var states)
            || states.ValueKind != JsonValueKind.Object
        )
        {
            return;
        }

        var own = new HashSet<string>(outer, StringComparer.Ordinal);
        foreach (var state in states.EnumerateObject().Where(state => state.Value.ValueKind == JsonValueKind.Object))
        {
            foreach (var (field, name) in Assigned(state.Value))
            {
                own.Add(name);
                if (outer.Contains(name))
                {
                    reader.Diagnostics.Add(
                        new Diagnostic(
                            "DUPLICATE_VARIABLE_NAME",
                            $"The variable name '{name}' was already defined in a parent scope.",
                            $"{location}/States/{state.Name}/{field}"
                        )
                    );
                }
            }
        }

        foreach (var state in states.EnumerateObject().Where(state => state.Value.ValueKind == JsonValueKind.Object))
        {
            foreach (var (field, inner) in Inside(state.Value))
            {
                Check(reader, inner, $"{location}/States/{state.Name}/{field}", own);
            }
        }
    }

    private static IEnumerable<(string Field, string Name)> Assigned(JsonElement state)
    {
        foreach (var (field, assign) in Assignments(state))
        {
            if (assign.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            foreach (var variable in assign.EnumerateObject())
            {
                yield return (
                    $"{field}/{variable.Name}",
                    variable.Name.EndsWith(".$", StringComparison.Ordinal) ? variable.Name[..^2] : variable.Name
                );
            }
        }
    }

    private static IEnumerable<(string Field, JsonElement Assign)> Assignments(JsonElement state)
    {
        if (state.TryGetProperty("Assign", out var own))
        {
            yield return ("Assign", own);
        }

        foreach (var list in (string[])["Choices", "Catch"])
        {
            foreach (var (field, rule) in Items(state, list))
            {
                if (rule.ValueKind == JsonValueKind.Object && rule.TryGetProperty("Assign", out var assign))
                {
                    yield return ($"{field}/Assign", assign);
                }
            }
        }
    }

    private static IEnumerable<(string Field, JsonElement Body)> Inside(JsonElement state)
    {
        foreach (var field in (string[])["ItemProcessor", "Iterator"])
        {
            if (state.TryGetProperty(field, out var body))
            {
                yield return (field, body);
            }
        }

        foreach (var branch in Items(state, "Branches"))
        {
            yield return branch;
        }
    }

    private static IEnumerable<(string Field, JsonElement Item)> Items(JsonElement state, string field) =>
        state.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select((item, i) => ($"{field}[{i}]", item))
            : [];
}

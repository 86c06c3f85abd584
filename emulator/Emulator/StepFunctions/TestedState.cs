using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions;

/// <summary>The state that TestState runs, as a machine of its own: a definition of one state, or one of a whole machine's.</summary>
internal static class TestedState
{
    /// <summary>What the context object calls the state, also one that is found by its name (recorded on AWS).</summary>
    private const string Shown = "StateName";

    private static readonly string[] Bodies = ["ItemProcessor", "Iterator"];

    public static StateMachine Read(string definition, string? name)
    {
        var source = Parse(definition);
        if (name is null)
        {
            return Machine(source, default);
        }

        Check(definition);
        var state = Find(source, name) ?? throw StepFunctionsErrors.Invalid("State not found in definition");
        return Machine(state, source.TryGetProperty("QueryLanguage", out var language) ? language : default);
    }

    private static JsonElement Parse(string definition)
    {
        try
        {
            var source = JsonInput.Parse(definition);
            if (source.ValueKind == JsonValueKind.Object)
            {
                return source;
            }
        }
        catch (JsonException)
        {
            // Said in the words of a definition below.
        }

        Check(definition);
        throw StepFunctionsErrors.InvalidDefinition("SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object");
    }

    private static void Check(string definition)
    {
        if (StateMachine.TryParse(definition, out var diagnostics) is null)
        {
            Refuse(diagnostics);
        }
    }

    private static StateMachine Machine(JsonElement state, JsonElement language)
    {
        var definition = Json.Write(writer =>
        {
            writer.WriteStartObject();
            if (language.IsDefined())
            {
                writer.WritePropertyName("QueryLanguage");
                language.WriteTo(writer);
            }

            writer.WriteString("StartAt", Shown);
            writer.WriteStartObject("States");
            writer.WritePropertyName(Shown);
            state.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        var machine = StateMachine.TryParseState(definition.GetRawText(), out var diagnostics);
        if (machine is null)
        {
            Refuse(diagnostics.Select(diagnostic => diagnostic with { Location = Below(diagnostic.Location, $"/States/{Shown}") }));
        }

        return machine!;
    }

    private static string? Below(string? location, string state) =>
        location is not null && location.StartsWith(state, StringComparison.Ordinal)
            ? location.Length == state.Length
                ? "/"
                : location[state.Length..]
            : location;

    private static void Refuse(IEnumerable<Diagnostic> diagnostics)
    {
        var wrong = diagnostics.ToList();
        if (wrong.FirstOrDefault(diagnostic => diagnostic.Code == Diagnostic.Unsupported) is { } refused)
        {
            throw AwsException.NotImplemented($"{refused.Message} (at {refused.Location})");
        }

        throw StepFunctionsErrors.InvalidDefinition(string.Join(", ", wrong));
    }

    /// <summary>Names are unique in the whole machine.</summary>
    private static JsonElement? Find(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("States", out var states))
        {
            return null;
        }

        foreach (var state in states.EnumerateObject())
        {
            if (state.NameEquals(name))
            {
                return state.Value;
            }

            foreach (var inner in Inside(state.Value))
            {
                if (Find(inner, name) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static IEnumerable<JsonElement> Inside(JsonElement state)
    {
        var branches = state.TryGetProperty("Branches", out var list) ? list.EnumerateArray().ToList() : [];
        return branches.Concat(Bodies.Where(body => state.TryGetProperty(body, out _)).Select(body => state.GetProperty(body)));
    }
}

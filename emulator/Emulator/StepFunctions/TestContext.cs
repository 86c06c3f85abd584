using System.Text.Json;
using Disa.Asl.States;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions;

/// <summary>The context object that a tested state is to see.</summary>
internal static class TestContext
{
    private static readonly Dictionary<string, (string Name, JsonValueKind Kind)[]> Fields = new(StringComparer.Ordinal)
    {
        ["Execution"] =
        [
            ("Id", JsonValueKind.String),
            ("Input", JsonValueKind.Undefined),
            ("Name", JsonValueKind.String),
            ("RoleArn", JsonValueKind.String),
            ("StartTime", JsonValueKind.String),
            ("RedriveCount", JsonValueKind.Number),
            ("RedriveTime", JsonValueKind.String),
        ],
        ["State"] = [("EnteredTime", JsonValueKind.String), ("Name", JsonValueKind.String), ("RetryCount", JsonValueKind.Number)],
        ["StateMachine"] = [("Id", JsonValueKind.String), ("Name", JsonValueKind.String)],
        ["Task"] = [("Token", JsonValueKind.String)],
    };

    /// <summary>Undefined where none is given.</summary>
    public static JsonElement Read(string? text, State state)
    {
        if (text is null)
        {
            return default;
        }

        var context = Parse(text);
        foreach (var part in context.EnumerateObject())
        {
            if (part.NameEquals("Map"))
            {
                throw StepFunctionsErrors.InvalidContext("'Map' field is not supported when mocking a Context object");
            }

            if (!Fields.TryGetValue(part.Name, out var fields))
            {
                throw StepFunctionsErrors.InvalidContext($"Field '{part.Name}' is not allowed");
            }

            Check(part, fields);
        }

        if (context.TryGetProperty("Task", out _) && !(state is TaskState task && TaskResource.IsSubmitted(task.Resource)))
        {
            throw StepFunctionsErrors.InvalidContext(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
            );
        }

        return context;
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonInput.Parse(text) is { ValueKind: JsonValueKind.Object } context
                ? context
                : throw StepFunctionsErrors.InvalidContext("Context object must be a JSON object");
        }
        catch (JsonException)
        {
            throw StepFunctionsErrors.InvalidContext("Context object must be a JSON object");
        }
    }

    private static void Check(JsonProperty part, (string Name, JsonValueKind Kind)[] fields)
    {
        if (part.Value.ValueKind != JsonValueKind.Object)
        {
            throw StepFunctionsErrors.InvalidContext($"{part.Name} must be an object");
        }

        foreach (var field in part.Value.EnumerateObject())
        {
            var (name, kind) = fields.FirstOrDefault(known => field.NameEquals(known.Name));
            if (name is null)
            {
                throw StepFunctionsErrors.InvalidContext($"Field '{field.Name}' is not allowed");
            }

            if (kind != JsonValueKind.Undefined && field.Value.ValueKind != kind)
            {
                throw StepFunctionsErrors.InvalidContext(
                    $"{part.Name}.{name} must be a {(kind == JsonValueKind.String ? "string" : "number")}"
                );
            }
        }
    }
}

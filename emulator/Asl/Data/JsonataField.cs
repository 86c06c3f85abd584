using System.Text.Json;
using Disa.Asl.States;
using Disa.Jsonata;

namespace Disa.Asl.Data;

/// <summary>A field, or a text inside of one, that is a JSONata expression: <c>{% … %}</c>.</summary>
/// <param name="location">As causes and events name it, such as <c>Output/a/b[0]</c>.</param>
internal sealed class JsonataField(JsonataExpression expression, string location)
{
    public const string Reserved = "states";

    private readonly IReadOnlyList<string>? _members = expression.MembersOf(Reserved);

    public IReadOnlyList<string> Variables { get; } = [.. expression.FreeVariables.Where(name => name != Reserved)];

    public JsonataExpression Expression => expression;

    public static bool IsExpression(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: >= 4 } text
        && text.StartsWith("{%", StringComparison.Ordinal)
        && text.EndsWith("%}", StringComparison.Ordinal);

    /// <exception cref="JsonataException">The source is wrong.</exception>
    public static JsonataField Parse(JsonElement value, string location) =>
        new(JsonataExpression.Parse(value.GetString()![2..^2].Trim()), location);

    public JsonElement Evaluate(Scope scope)
    {
        JsonataResult result;
        try
        {
            result = expression.EvaluateTyped(
                default,
                Bindings(scope),
                new EvaluationEnvironment(scope.Moment.Now, scope.Random),
                EvaluationOptions.StepFunctions
            );
        }
        catch (JsonataException error)
        {
            // A limit has no code, and AWS's sentence goes on in another way.
            throw Failed($"threw an error during evaluation{(error.Code == "U1001" ? ": " : $". {error.Code}: ")}{error.Message}");
        }

        return result.Type switch
        {
            "undefined" => throw Failed("returned nothing (undefined)."),
            "function" => throw Failed("returned an unsupported result type."),
            _ => result.Json,
        };
    }

    /// <param name="type">As <c>$type</c> names it.</param>
    public JsonElement Evaluate(Scope scope, string type)
    {
        var value = Evaluate(scope);
        var actual = TypeOf(value);
        return actual == type
            ? value
            : throw Failed($"returned an unexpected result type. Expected '{type}', but was '{actual}' for value: {Json.Compact(value)}");
    }

    public int Integer(Scope scope, int least)
    {
        var value = Evaluate(scope, "number");
        var isWhole = value.TryGetInt64(out var number) && number >= least && number <= TaskState.LongestTimeout;
        return isWhole
            ? (int)number
            : throw Failed(
                $"returned a value outside of the allowed range: an integer from {least} to {TaskState.LongestTimeout}, but was {Json.Compact(value)}"
            );
    }

    public WorkflowException Failed(string how) =>
        new(
            WorkflowError.QueryEvaluationError,
            $"The JSONata expression '{expression.Text}' specified for the field '{location}' {how}",
            location
        );

    public static string TypeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => "number",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            _ => "null",
        };

    private JsonataBindings Bindings(Scope scope)
    {
        var bindings = new JsonataBindings();
        foreach (var name in Variables)
        {
            if (scope.Variables.ValueKind == JsonValueKind.Object && scope.Variables.TryGetProperty(name, out var value))
            {
                bindings.Add(name, value);
            }
        }

        var readsContext = _members is null || _members.Contains("context");
        bindings.Add(
            Reserved,
            ("input", scope.Input),
            ("context", readsContext ? scope.Context : default),
            ("result", scope.Result),
            ("errorOutput", scope.ErrorOutput)
        );
        return bindings;
    }
}

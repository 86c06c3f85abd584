using System.Text.Json;
using Disa.Asl.Data;
using Disa.Asl.States;
using Disa.Jsonata;

namespace Disa.Asl;

/// <summary>A state machine definition in the Amazon States Language, parsed and checked.</summary>
public sealed class StateMachine
{
    private StateMachine(Branch root, int? timeoutSeconds, string? comment) =>
        (Root, TimeoutSeconds, Comment) = (root, timeoutSeconds, comment);

    public string? Comment { get; }

    /// <summary>How long an execution may run, in seconds.</summary>
    public int? TimeoutSeconds { get; }

    /// <summary>Every state, those of branches and iterations included.</summary>
    public IEnumerable<State> States => Root.AllStates;

    /// <summary>Every state, and whether it runs in an EXPRESS execution.</summary>
    public IEnumerable<(State State, bool IsExpress)> StatesOf(bool isExpress) => Root.StatesOf(isExpress);

    internal Branch Root { get; }

    /// <summary>The state machine that a distributed Map's child executions run; null if the state machine has no such Map.</summary>
    /// <param name="machine">This machine's ARN.</param>
    public StateMachine? Child(string machine, string label) =>
        States.OfType<DistributedMapState>().FirstOrDefault(map => map.LabelIn(machine) == label) is { Branches: [var processor] } found
            ? new StateMachine(processor, null, null) { IsExpress = found.IsExpress }
            : null;

    /// <summary>Of child executions: whether they are EXPRESS.</summary>
    public bool IsExpress { get; private init; }

    /// <exception cref="InvalidDefinitionException">It cannot be run; the exception says all that is wrong.</exception>
    public static StateMachine Parse(string definition) =>
        TryParse(definition, out var diagnostics) ?? throw new InvalidDefinitionException(diagnostics);

    /// <summary>A definition of which only the first state counts: where its transitions lead need not be there.</summary>
    public static StateMachine? TryParseState(string definition, out IReadOnlyList<Diagnostic> diagnostics) =>
        TryParse(definition, isWhole: false, out diagnostics);

    /// <summary>Null where something is wrong.</summary>
    public static StateMachine? TryParse(string definition, out IReadOnlyList<Diagnostic> diagnostics) =>
        TryParse(definition, isWhole: true, out diagnostics);

    private static StateMachine? TryParse(string definition, bool isWhole, out IReadOnlyList<Diagnostic> diagnostics)
    {
        var wrong = new List<Diagnostic>();
        diagnostics = wrong;
        JsonElement source;
        try
        {
            source = string.IsNullOrWhiteSpace(definition) ? default : JsonInput.Parse(definition);
        }
        catch (JsonException error)
        {
            var said = JacksonWords.Of(definition, error);
            wrong.Add(new Diagnostic("INVALID_JSON_DESCRIPTION", $"{said.Message}\n at {said.Location}", said.Location));
            return null;
        }

        if (source.ValueKind != JsonValueKind.Object)
        {
            wrong.Add(new Diagnostic("SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object", null));
            return null;
        }

        // Literal parts show in histories, which know no white space of the definition.
        var reader = new DefinitionReader(JsonElement.Parse(Json.Compact(source)), "", wrong);
        reader.Any("Version");
        reader.Language = reader.MachineLanguage = Languages.Read(reader);
        var timeout = reader.Integer("TimeoutSeconds", 1, TaskState.LongestTimeout);
        var root = Branch.Read(reader, new HashSet<string>(StringComparer.Ordinal));
        reader.NoOthers();
        VariableScopes.Check(reader);
        if (!isWhole)
        {
            wrong.RemoveAll(diagnostic => diagnostic.Code == Branch.MissingTarget);
        }

        return wrong.Count == 0 ? new StateMachine(root!, timeout, reader.String("Comment")) : null;
    }
}

using System.Text.Json;
using Disa.Asl.Choices;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Goes where the first rule that holds says.</summary>
internal sealed class ChoiceState : State
{
    private readonly DataFlow _flow;
    private readonly string? _default;
    private readonly List<Choice> _choices = [];

    public ChoiceState(DefinitionReader reader, string name)
        : base(reader, name, "Choice", hasNext: false)
    {
        _flow = DataFlow.Read(reader);
        _default = reader.String("Default");
        reader.Require("Choices");
        var choices = reader.Array("Choices");
        if (choices.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var source in choices.EnumerateArray())
        {
            var inner = reader.Inner($"Choices[{_choices.Count}]", source);
            if (source.ValueKind != JsonValueKind.Object)
            {
                inner.Wrong("Expected value of type Object");
                continue;
            }

            inner.Require("Next");
            _choices.Add(reader.Language == QueryLanguage.Jsonata ? Jsonata(inner, $"Choices[{_choices.Count}]/") : JsonPath(inner));
            inner.NoOthers();
        }

        if (_choices.Count == 0)
        {
            reader.Wrong("The list must not be empty", "Choices");
        }
    }

    internal override IEnumerable<Transition> Transitions
    {
        get
        {
            var ways = _choices.Select((choice, i) => new Transition($"Choices[{i}]/Next", choice.Next));
            return _default is null ? ways : ways.Append(new Transition("Default", _default));
        }
    }

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        var input = scope.With(_flow.Input(scope));
        foreach (var choice in _choices)
        {
            if (choice.Condition?.Holds(input) ?? choice.Rule!.Holds(input))
            {
                var variables = choice.Variables?.Evaluate(input) ?? choice.Assign?.Evaluate(input) ?? default;
                step.Exit(position, choice.Output?.Evaluate(input) ?? _flow.Chosen(input), variables, choice.Next);
                return;
            }
        }

        if (_default is null)
        {
            // The language's specification calls this States.NoChoiceMatched; AWS answers States.Runtime.
            throw WorkflowException.Runtime("Failed to transition out of the state. The state does not point to a next state.");
        }

        var (output, assigned) = _flow.Passed(input);
        step.Exit(position, output, assigned, _default);
    }

    private static Choice JsonPath(DefinitionReader reader)
    {
        Languages.Refuse(reader, QueryLanguage.JsonPath);
        var next = reader.String("Next") ?? "";
        var assign = reader.Template("Assign");
        return new Choice(ChoiceRule.Read(reader), next) { Assign = assign };
    }

    private static Choice Jsonata(DefinitionReader reader, string prefix)
    {
        reader.Require("Condition");
        var condition = reader.JsonataOnly("Condition", prefix);
        var literal = reader.Any("Condition");
        if (literal.IsDefined() && literal.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            reader.Wrong("Expected value of type Boolean", "Condition");
        }

        return new Choice(null, reader.String("Next") ?? "")
        {
            Condition = new Condition(condition, literal.ValueKind == JsonValueKind.True),
            Output = reader.Jsonata("Output", prefix: prefix),
            Variables = reader.Jsonata("Assign", prefix: prefix),
        };
    }

    private sealed record Choice(ChoiceRule? Rule, string Next)
    {
        public Template? Assign { get; init; }

        public Condition? Condition { get; init; }

        public JsonataTemplate? Output { get; init; }

        public JsonataTemplate? Variables { get; init; }
    }

    private sealed record Condition(JsonataField? Field, bool Literal)
    {
        public bool Holds(Scope scope) => Field?.Evaluate(scope, "boolean").GetBoolean() ?? Literal;
    }
}

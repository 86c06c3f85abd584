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
        _flow = new DataFlow(reader);
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
            var next = inner.String("Next") ?? "";
            var assign = inner.Template("Assign");
            _choices.Add(new Choice(ChoiceRule.Read(inner), next, assign));
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
        var (output, assigned) = _flow.Passed(input);
        foreach (var choice in _choices)
        {
            if (choice.Rule!.Holds(input))
            {
                step.Exit(position, output, choice.Assign?.Evaluate(input) ?? default, choice.Next);
                return;
            }
        }

        if (_default is null)
        {
            // The language's specification calls this States.NoChoiceMatched; AWS answers States.Runtime.
            throw WorkflowException.Runtime("Failed to transition out of the state. The state does not point to a next state.");
        }

        step.Exit(position, output, assigned, _default);
    }

    private sealed record Choice(ChoiceRule? Rule, string Next, Template? Assign);
}

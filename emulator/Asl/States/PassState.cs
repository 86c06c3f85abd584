using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Passes its input on, or a fixed result.</summary>
internal sealed class PassState : State
{
    private readonly DataFlow _flow;
    private readonly JsonElement _result;
    private readonly bool _isPassing;

    public PassState(DefinitionReader reader, string name)
        : base(reader, name, "Pass")
    {
        _flow = DataFlow.Read(reader, parameters: true, result: true);
        _result = reader.Any("Result");
        _isPassing = reader.Language == QueryLanguage.Jsonata;
    }

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        if (_isPassing)
        {
            var (passed, variables) = _flow.Passed(scope);
            step.Exit(position, passed, variables, Next);
            return;
        }

        if (_result.IsDefined())
        {
            step.Moment.Inspection?.Note("result", _result);
        }

        var result = _result.IsDefined() ? _result : _flow.EffectiveInput(scope);
        var (output, assigned) = _flow.Output(scope, result);
        step.Exit(position, output, assigned, Next);
    }
}

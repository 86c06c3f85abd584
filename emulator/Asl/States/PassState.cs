using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Passes its input on, or a fixed result.</summary>
internal sealed class PassState : State
{
    private readonly DataFlow _flow;
    private readonly JsonElement _result;

    public PassState(DefinitionReader reader, string name)
        : base(reader, name, "Pass")
    {
        _flow = new DataFlow(reader, parameters: true, result: true);
        _result = reader.Any("Result");
    }

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        var result = _result.IsDefined() ? _result : _flow.EffectiveInput(scope);
        var (output, assigned) = _flow.Output(scope, result);
        step.Exit(position, output, assigned, Next);
    }
}

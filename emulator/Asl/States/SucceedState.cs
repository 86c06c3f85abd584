namespace Disa.Asl.States;

/// <summary>Ends its branch with success.</summary>
internal sealed class SucceedState(DefinitionReader reader, string name) : State(reader, name, "Succeed", hasNext: false)
{
    private readonly DataFlow _flow = DataFlow.Read(reader);

    internal override void Run(Step step, Position position)
    {
        var scope = step.Scope(position);
        var (output, assigned) = _flow.Passed(scope.With(_flow.Input(scope)));
        step.Exit(position, output, assigned, null);
    }
}

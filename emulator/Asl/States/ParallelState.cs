using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>A state that waits for what runs below it.</summary>
internal abstract class JoiningState : State
{
    protected JoiningState(DefinitionReader reader, string name, string type)
        : base(reader, name, type)
    {
        Retriers = Retrier.ReadAll(reader);
        Catchers = Catcher.ReadAll(reader);
    }

    internal override bool CanRetry => true;

    internal override IReadOnlyList<Retrier> Retriers { get; }

    internal override IReadOnlyList<Catcher> Catchers { get; }

    internal override IEnumerable<Transition> Transitions =>
        base.Transitions.Concat(Catchers.Select((rule, i) => new Transition($"Catch[{i}]/Next", rule.Next)));

    /// <summary>The states that a child walks through.</summary>
    internal abstract Branch BranchOf(int index);

    /// <summary>What came of it is said from outside.</summary>
    internal void Answered(Step step, Position position, JsonElement result, WorkflowError? error)
    {
        step.Clear(position);
        if (error is not null)
        {
            step.Fail(position.Id, error, $"{Type}StateFailed");
            return;
        }

        position = position with { Join = null };
        step.Put(position);
        var (output, assigned) = Flow.Output(step.Scope(position), result);
        step.Exit(position, output, assigned, Next);
    }

    private protected abstract DataFlow Flow { get; }

    /// <summary>A child has reached its end.</summary>
    internal abstract void Joined(Step step, Position position, Position child);

    /// <summary>A child has failed, and no state of it caught that: the others are given up.</summary>
    internal abstract void Broken(Step step, Position position, Position child, WorkflowError error);
}

/// <summary>Runs branches at the same time, each with the same input.</summary>
internal sealed class ParallelState : JoiningState
{
    private readonly DataFlow _flow;
    private readonly List<Branch> _branches = [];

    public ParallelState(DefinitionReader reader, string name, HashSet<string> names)
        : base(reader, name, "Parallel")
    {
        _flow = DataFlow.Read(reader, parameters: true, result: true, selector: true);
        reader.Require("Branches");
        var branches = reader.Array("Branches");
        if (branches.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var index = 0;
        foreach (var source in branches.EnumerateArray())
        {
            var inner = reader.Inner($"Branches[{index++}]", source);
            if (source.ValueKind != JsonValueKind.Object)
            {
                inner.Wrong("Expected value of type Object");
            }
            else if (Branch.Read(inner, names) is { } branch)
            {
                _branches.Add(branch);
                inner.NoOthers();
            }
        }

        if (index == 0)
        {
            reader.Wrong("The list must not be empty", "Branches");
        }
    }

    internal override IReadOnlyList<Branch> Branches => _branches;

    private protected override DataFlow Flow => _flow;

    internal override Branch BranchOf(int index) => _branches[index];

    internal override void Run(Step step, Position position)
    {
        var input = _flow.EffectiveInput(step.Scope(position));
        Step.CheckSize(input, Name);
        var started = step.Record("ParallelStateStarted", position.LastEvent);
        step.Put(
            position with
            {
                Phase = Phase.Join,
                LastEvent = started,
                Due = null,
                Join = new Join { Length = _branches.Count, Started = _branches.Count },
            }
        );
        for (var i = 0; i < _branches.Count; i++)
        {
            step.Add(position, i, _branches[i].StartAt, input, started);
        }
    }

    internal override void Joined(Step step, Position position, Position child)
    {
        if (position.Join!.Finished < position.Join.Length)
        {
            step.Put(position);
            return;
        }

        var result = step.Collect(position);
        step.Record("ParallelStateSucceeded", child.LastEvent);
        position = position with { LastEvent = child.LastEvent, Join = null };
        step.Put(position);
        var (output, assigned) = _flow.Output(step.Scope(position), result);
        step.Exit(position, output, assigned, Next);
    }

    internal override void Broken(Step step, Position position, Position child, WorkflowError error)
    {
        step.Abort(position, child.LastEvent, _ => { });
        step.Put(position with { LastEvent = child.LastEvent, Join = null });
        step.Fail(position.Id, error, "ParallelStateFailed");
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>Runs one state of a machine and nothing after it: what TestState does.</summary>
public sealed class StateTest
{
    private readonly StateMachine _machine;
    private readonly Inspection _inspection;
    private readonly Random _random;
    private DateTimeOffset _now;
    private Run _run;

    /// <param name="machine">Read with <see cref="StateMachine.TryParseState"/>: it starts at the state.</param>
    /// <param name="variables">An object.</param>
    public StateTest(
        StateMachine machine,
        ExecutionFacts facts,
        JsonElement variables,
        Inspection inspection,
        DateTimeOffset now,
        Random random
    )
    {
        (_machine, _inspection, _now, _random) = (machine, inspection, now, random);
        var position = new Position
        {
            State = machine.Root.StartAt,
            Input = facts.Input,
            Variables = variables,
        };
        _run = new Run { Facts = facts, Positions = ImmutableSortedDictionary<int, Position>.Empty.Add(position.Id, position) };
        _inspection.Note("input", facts.Input);
        Take(new Entering(position.Id));
        if (Position is { Phase: Phase.Wait, Due: { } due })
        {
            _now = due;
            Take(new Elapsed());
        }
    }

    public State State => _machine.Root[_machine.Root.StartAt];

    public Outcome? Outcome { get; private set; }

    /// <summary>Where the execution stands; null once it is over.</summary>
    public Position? Position => _run.Positions.GetValueOrDefault(0);

    /// <summary>The task that somebody has to run.</summary>
    public TaskOrder? Task => Position is { Phase: Phase.Task } position ? position.Task : null;

    /// <summary>Gives a task its answer, or a Map or Parallel its result, of which nothing was run.</summary>
    public void Answer(JsonElement result)
    {
        if (Task is { } task)
        {
            Take(new TaskSucceeded(0, task.Id, result));
        }
        else if (Position?.Phase is Phase.Join or Phase.MapRun)
        {
            Take(new JoinAnswered(0, result, null));
        }
    }

    public void Fail(WorkflowError error)
    {
        if (Task is { } task)
        {
            Take(new TaskFailed(0, task.Id, error));
        }
        else if (Position?.Phase is Phase.Join or Phase.MapRun)
        {
            Take(new JoinAnswered(0, default, error));
        }
    }

    private void Take(Happening happening)
    {
        var decision = Interpreter.Decide(_machine, _run, happening, new Moment(_now, _random, _inspection));
        _run = decision.Run;
        Outcome = decision.Outcome;
    }
}

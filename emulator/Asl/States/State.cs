namespace Disa.Asl.States;

/// <summary>A node of the machine: immutable, and the same for every execution.</summary>
public abstract class State
{
    internal State(DefinitionReader reader, string name, string type, bool hasNext = true)
    {
        Name = name;
        Type = type;
        reader.Any("Type");
        reader.Language = Languages.OfState(reader);
        if (!hasNext)
        {
            return;
        }

        Next = reader.String("Next");
        var end = reader.Boolean("End") ?? false;
        if (end == Next is not null)
        {
            reader.Wrong(end ? "Only one of these fields is allowed: [Next, End]" : "One of these fields is required: [Next, End]");
        }
    }

    public string Name { get; }

    public string Type { get; }

    /// <summary>The state that follows; null at the end of a branch.</summary>
    public string? Next { get; }

    /// <summary>How many branches a Parallel has; a Map has one.</summary>
    public int BranchCount => Branches.Count;

    /// <summary>The branches inside, for Parallel and Map.</summary>
    internal virtual IReadOnlyList<Branch> Branches => [];

    /// <summary>Every way out.</summary>
    internal virtual IEnumerable<Transition> Transitions => Next is null ? [] : [new("Next", Next)];

    internal virtual IReadOnlyList<Retrier> Retriers => [];

    /// <summary>Of a type that may have a Retry: only there the context object counts retries.</summary>
    internal virtual bool CanRetry => false;

    internal virtual IReadOnlyList<Catcher> Catchers => [];

    /// <summary>What the state does once it has been entered, and again at each retry.</summary>
    /// <exception cref="WorkflowException">It fails.</exception>
    internal abstract void Run(Step step, Position position);

    /// <summary>The position's time has come.</summary>
    internal virtual void Elapsed(Step step, Position position) { }

    /// <summary>Null where the type is none.</summary>
    internal static State? Read(DefinitionReader reader, string name, HashSet<string> names)
    {
        reader.Require("Type");
        State? state = reader.String("Type") switch
        {
            "Pass" => new PassState(reader, name),
            "Task" => new TaskState(reader, name),
            "Choice" => new ChoiceState(reader, name),
            "Wait" => new WaitState(reader, name),
            "Succeed" => new SucceedState(reader, name),
            "Fail" => new FailState(reader, name),
            "Parallel" => new ParallelState(reader, name, names),
            "Map" => DistributedMapState.IsMeant(reader) ? new DistributedMapState(reader, name, names) : new MapState(reader, name, names),
            null => null,
            _ => Unknown(reader),
        };

        if (state is not null)
        {
            reader.NoOthers();
        }

        return state;
    }

    private static State? Unknown(DefinitionReader reader)
    {
        reader.Wrong("The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", "Type");
        return null;
    }
}

using Disa.Asl;

namespace Disa.Emulator.StepFunctions;

/// <summary>An execution in memory, as long as something is in progress in it.</summary>
internal sealed class ExecutionFlow(long id)
{
    public long Id { get; } = id;

    public Queue<ExecutionEntry> Queue { get; } = new();

    /// <summary>Tasks in flight, by their id and whether they were submitted.</summary>
    public HashSet<(long Task, bool Submitted)> Running { get; } = [];

    public bool IsActive { get; set; }

    public TaskCompletionSource Idle { get; set; } = NewIdle();

    public ExecutionRow? Row { get; set; }

    public StateMachineDocument? Machine { get; set; }

    /// <summary>Null until it has been read from the store.</summary>
    public Run? Run { get; set; }

    public static TaskCompletionSource NewIdle() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A happening that waits for its decision; none where the execution is only to be taken up.</summary>
internal sealed class ExecutionEntry(Happening? happening)
{
    public Happening? Happening { get; } = happening;

    public TaskCompletionSource<bool> Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

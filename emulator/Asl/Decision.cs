using System.Text.Json;

namespace Disa.Asl;

/// <summary>What follows from something that happened: to be recorded as a whole, and then acted upon.</summary>
/// <remarks>
/// The actions are the changed positions' phases: run a <see cref="Phase.Task"/>, wake at a position's Due,
/// decide again where one is <see cref="Phase.Enter"/>.
/// </remarks>
public sealed record Decision
{
    /// <summary>The execution afterwards.</summary>
    public required Run Run { get; init; }

    /// <summary>Positions that are new or differ.</summary>
    public required IReadOnlyList<Position> Changed { get; init; }

    /// <summary>Positions that are no more.</summary>
    public required IReadOnlyList<int> Removed { get; init; }

    public required IReadOnlyList<HistoryEvent> Events { get; init; }

    /// <summary>Set when the execution is over.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Map runs that begin, and items of such that have been read.</summary>
    public IReadOnlyList<MapStart> Maps { get; init; } = [];

    /// <summary>Of an execution that did not succeed: where it can be taken up again.</summary>
    public IReadOnlyList<Position> Left { get; init; } = [];

    /// <summary>Nothing came of it: a late answer, an elapsed time that no longer counts.</summary>
    public bool IsNothing => Events.Count == 0 && Changed.Count == 0 && Removed.Count == 0;
}

/// <summary>How an execution ended.</summary>
/// <param name="Status">As DescribeExecution answers it.</param>
/// <param name="Output">Of a successful one.</param>
/// <param name="Error">Of any other.</param>
public sealed record Outcome(string Status, JsonElement Output, WorkflowError? Error)
{
    public const string Succeeded = "SUCCEEDED";
    public const string Failed = "FAILED";
    public const string TimedOut = "TIMED_OUT";
    public const string Aborted = "ABORTED";
}

/// <summary>One event of an execution's history, as GetExecutionHistory answers it.</summary>
/// <param name="DetailsName">The member that holds the details, such as <c>stateEnteredEventDetails</c>; null where the type has none.</param>
/// <param name="Details">That member's object.</param>
public sealed record HistoryEvent(
    long Id,
    long PreviousEventId,
    DateTimeOffset Timestamp,
    string Type,
    string? DetailsName,
    JsonElement Details
);

/// <summary>Something that happened to an execution.</summary>
public abstract record Happening;

/// <summary>A position stands before a state: enter it.</summary>
public sealed record Entering(int Position) : Happening;

/// <summary>A task answered.</summary>
/// <param name="Task">The <see cref="TaskOrder.Id"/> that it answers.</param>
public sealed record TaskSucceeded(int Position, long Task, JsonElement Output) : Happening;

/// <summary>A task that waits for a callback or another execution was accepted.</summary>
public sealed record TaskSubmitted(int Position, long Task, JsonElement Output) : Happening;

/// <summary>A task failed.</summary>
public sealed record TaskFailed(int Position, long Task, WorkflowError Error) : Happening;

/// <summary>A worker has taken the task of an activity.</summary>
/// <param name="Worker">Its name; null where it gives none.</param>
public sealed record TaskStarted(int Position, long Task, string? Worker) : Happening;

/// <summary>A task is still alive.</summary>
public sealed record TaskHeartbeat(int Position, long Task) : Happening;

/// <summary>A Map or Parallel is told what came of its iterations or branches, none of which was run: only where a state is tested.</summary>
/// <param name="Error">Null where it succeeded.</param>
internal sealed record JoinAnswered(int Position, JsonElement Result, WorkflowError? Error) : Happening;

/// <summary>The items of a distributed Map have been read.</summary>
/// <param name="Map">The <see cref="MapOrder.Id"/> that they are for.</param>
public sealed record ItemsRead(int Position, long Map, IReadOnlyList<MapItem> Items) : Happening;

/// <summary>A Map run is over.</summary>
/// <param name="Result">Of a successful one.</param>
/// <param name="Error">Of any other.</param>
public sealed record MapRunEnded(int Position, long Map, JsonElement Result, WorkflowError? Error) : Happening;

/// <summary>Time passed: whatever is due happens.</summary>
public sealed record Elapsed : Happening;

/// <summary>Someone stopped the execution.</summary>
public sealed record Stopped(string? Error, string? Cause) : Happening;

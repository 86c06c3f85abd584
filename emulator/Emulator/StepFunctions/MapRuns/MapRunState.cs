using Disa.Asl;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>How far a Map run is, and what it belongs to.</summary>
internal sealed class MapRunState
{
    private readonly IReadOnlyList<MapChildCount> _counts;

    private MapRunState(MapRunRow run, ExecutionRow parent, StateMachineDocument machine, IReadOnlyList<MapChildCount> counts) =>
        (Run, Parent, Machine, _counts) = (run, parent, machine, counts);

    public MapRunRow Run { get; }

    public ExecutionRow Parent { get; }

    /// <summary>The parent's machine, as it was when it began.</summary>
    public StateMachineDocument Machine { get; }

    public bool IsRunning => Run.Status == ExecutionRow.Running;

    public long Running => With(ExecutionRow.Running).Sum(count => count.Executions);

    public long Pending => With(MapChildRow.Pending).Sum(count => count.Executions);

    /// <summary>Whether more items failed than may, by the limits as they are now.</summary>
    public bool IsExceeded =>
        MapOrder.Exceeds(
            Run.ToleratedFailureCount,
            Run.ToleratedFailurePercentage,
            With(Outcome.Failed, Outcome.TimedOut, Outcome.Aborted).Sum(count => count.Items),
            _counts.Sum(count => count.Items)
        );

    public static MapRunState? Read(Transaction transaction, string arn)
    {
        if (MapRuns.Get(transaction, arn) is not { } run || Executions.Get(transaction, run.Execution) is not { } parent)
        {
            return null;
        }

        var machine = StateMachines.Revision(transaction, parent.Machine, parent.Revision, parent.Arn);
        return new MapRunState(run, parent, machine, MapChildren.Count(transaction, run.Id));
    }

    private IEnumerable<MapChildCount> With(params string[] statuses) => _counts.Where(count => statuses.Contains(count.Status));
}

/// <summary>What is left to be done for Map runs.</summary>
internal static class MapRunQueue
{
    /// <summary>Runs that go on, or whose children still do.</summary>
    public static List<string> Unfinished(Transaction transaction) =>
        transaction.Query(
            "SELECT arn FROM stepfunctions_maprun WHERE status = 'RUNNING' OR EXISTS "
                + "(SELECT 1 FROM stepfunctions_mapchild WHERE run = id AND stepfunctions_mapchild.status = 'RUNNING')",
            row => row.GetString(0)
        );

    /// <summary>The executions of a run's children that are running.</summary>
    public static List<long> Children(Transaction transaction, MapRunRow run) =>
        transaction.Query(
            "SELECT id FROM stepfunctions_execution WHERE maprun = $1 AND status = 'RUNNING' ORDER BY id",
            row => row.GetInt64(0),
            run.Arn
        );
}

using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>What an execution's step means for Map runs: those that it starts and ends, and the one that it is a child of.</summary>
internal sealed class MapEffects(MapRunner maps)
{
    /// <summary>In the transaction of the step.</summary>
    public static void Record(Transaction transaction, ExecutionRow row, Recording recording)
    {
        foreach (var (arn, status) in recording.EndedMaps)
        {
            MapRuns.End(transaction, arn, status, recording.At);
        }

        foreach (var start in recording.Maps)
        {
            MapRuns.Record(transaction, row.Id, start, recording.At);
        }

        if (row.MapRun is not null && recording.Outcome is { } outcome)
        {
            MapChildren.Ended(transaction, row.Arn, outcome, recording.At);
        }
    }

    /// <summary>Once the step is recorded.</summary>
    public void Signal(ExecutionRow row, Recording recording)
    {
        foreach (var arn in recording.Maps.Select(start => start.Order.Arn).Concat(recording.EndedMaps.Select(ended => ended.Arn)))
        {
            maps.Signal(arn);
        }

        if (row.MapRun is not null && recording.Outcome is not null)
        {
            maps.Signal(row.MapRun);
        }
    }
}

using System.Text.Json.Serialization;
using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions.MapRuns;

internal sealed record DescribeMapRunRequest
{
    public string? MapRunArn { get; init; }
}

internal sealed record MapRunCounts
{
    public long Pending { get; init; }

    public long Running { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long TimedOut { get; init; }

    public long Aborted { get; init; }

    public long Total { get; init; }

    public long ResultsWritten { get; init; }

    public long FailuresNotRedrivable { get; init; }

    public long PendingRedrive { get; init; }

    public static MapRunCounts Of(IReadOnlyList<MapChildCount> counts, Func<MapChildCount, long> of, MapRunRow run)
    {
        long With(string status) => counts.Where(count => count.Status == status).Sum(of);
        return new MapRunCounts
        {
            Pending = With(MapChildRow.Pending),
            Running = With(ExecutionRow.Running),
            Succeeded = With(Outcome.Succeeded),
            Failed = With(Outcome.Failed),
            TimedOut = With(Outcome.TimedOut),
            Aborted = With(Outcome.Aborted),
            Total = counts.Sum(of),
            ResultsWritten = run.IsWritten ? counts.Where(count => count.Status != MapChildRow.Pending).Sum(of) : 0,
        };
    }
}

internal sealed record DescribeMapRunResponse
{
    public required string MapRunArn { get; init; }

    public required string ExecutionArn { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public DateTimeOffset? StopDate { get; init; }

    public required int MaxConcurrency { get; init; }

    [JsonConverter(typeof(JavaDouble))]
    public required double ToleratedFailurePercentage { get; init; }

    public required long ToleratedFailureCount { get; init; }

    public required MapRunCounts ItemCounts { get; init; }

    public required MapRunCounts ExecutionCounts { get; init; }

    public int RedriveCount { get; init; }

    public DateTimeOffset? RedriveDate { get; init; }
}

/// <summary>Shows a Map run: its limits, and how far it is.</summary>
internal sealed class DescribeMapRun(Database database)
{
    public DescribeMapRunResponse Run(DescribeMapRunRequest request, Caller caller) =>
        database.Read(transaction =>
        {
            var run = MapRuns.Find(transaction, request.MapRunArn);
            var counts = MapChildren.Count(transaction, run.Id);
            return new DescribeMapRunResponse
            {
                MapRunArn = run.Arn,
                ExecutionArn = MapRuns.Parent(transaction, run).Arn,
                Status = run.Status,
                StartDate = run.Started,
                StopDate = run.Stopped,
                MaxConcurrency = run.MaxConcurrency,
                ToleratedFailurePercentage = run.ToleratedFailurePercentage,
                ToleratedFailureCount = run.ToleratedFailureCount,
                ItemCounts = MapRunCounts.Of(counts, count => count.Items, run),
                ExecutionCounts = MapRunCounts.Of(counts, count => count.Executions, run),
                RedriveCount = run.Redrives,
                RedriveDate = run.Redriven,
            };
        });
}

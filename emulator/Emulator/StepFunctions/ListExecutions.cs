using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListExecutionsRequest
{
    public string? StateMachineArn { get; init; }

    public string? StatusFilter { get; init; }

    public string? MapRunArn { get; init; }

    public string? RedriveFilter { get; init; }

    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListExecutionsResponse(IReadOnlyList<ExecutionItem> Executions, string? NextToken);

internal sealed record ExecutionItem
{
    public required string ExecutionArn { get; init; }

    public required string StateMachineArn { get; init; }

    public string? StateMachineVersionArn { get; init; }

    public string? StateMachineAliasArn { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public DateTimeOffset? StopDate { get; init; }

    public string? MapRunArn { get; init; }

    public int? ItemCount { get; init; }

    public int RedriveCount { get; init; }

    public DateTimeOffset? RedriveDate { get; init; }
}

/// <summary>Lists the executions of a STANDARD machine, or those that a version or an alias began, newest first.</summary>
internal sealed class ListExecutions(Database database, StateMachineVersions versions, Listings lists)
{
    private static ExecutionFilter Filter(ListExecutionsRequest request) =>
        new(request.StatusFilter, request.RedriveFilter is null ? null : request.RedriveFilter == "REDRIVEN");

    private List<ExecutionRow> OfMachine(ListExecutionsRequest request, long? after, int limit)
    {
        var target = versions.Find(request.StateMachineArn);
        return target.Machine.IsExpress
            ? throw StepFunctionsErrors.TypeNotSupported()
            : database.Read(transaction => Executions.List(transaction, target, Filter(request), after, limit));
    }

    private List<ExecutionRow> OfMapRun(ListExecutionsRequest request, long? after, int limit) =>
        request.StateMachineArn is not null
            ? throw StepFunctionsErrors.Invalid("Only one of the following parameters can be specified: [stateMachineArn, mapRunArn]")
            : database.Read(transaction =>
            {
                var run = MapRuns.MapRuns.Find(transaction, request.MapRunArn);
                return Executions.ListChildren(transaction, run.Arn, Filter(request), after, limit);
            });

    public ListExecutionsResponse Run(ListExecutionsRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken, tokenLimit: 3096);
        var list = lists.Of(
            "ListExecutions",
            caller.Scope,
            request.StateMachineArn,
            request.MapRunArn,
            request.StatusFilter,
            request.RedriveFilter
        );
        var after = list.Number(request.NextToken);
        if (request.RedriveFilter is not (null or "REDRIVEN" or "NOT_REDRIVEN"))
        {
            throw StepFunctionsErrors.NotOneOf(request.RedriveFilter, "redriveFilter", "REDRIVEN", "NOT_REDRIVEN");
        }

        if (
            request.StatusFilter
            is not (
                null
                or ExecutionRow.Running
                or Outcome.Succeeded
                or Outcome.Failed
                or Outcome.TimedOut
                or Outcome.Aborted
                or "PENDING_REDRIVE"
            )
        )
        {
            throw StepFunctionsErrors.NotOneOf(
                request.StatusFilter,
                "statusFilter",
                Outcome.Succeeded,
                Outcome.TimedOut,
                "PENDING_REDRIVE",
                Outcome.Aborted,
                Outcome.Failed,
                ExecutionRow.Running
            );
        }

        var rows = request.MapRunArn is null ? OfMachine(request, after, size + 1) : OfMapRun(request, after, size + 1);
        var items = rows.Take(size)
            .Select(row => new ExecutionItem
            {
                ExecutionArn = row.Arn,
                StateMachineArn = row.Machine,
                StateMachineVersionArn = row.Version,
                StateMachineAliasArn = row.Alias,
                Name = row.Name,
                Status = row.Status,
                StartDate = row.Started,
                StopDate = row.Stopped,
                MapRunArn = row.MapRun,
                ItemCount = row.Items,
                RedriveCount = row.Redrives,
                RedriveDate = row.Redriven,
            })
            .ToList();
        return new(items, rows.Count <= size ? null : list.Token(rows[size - 1].Id));
    }
}

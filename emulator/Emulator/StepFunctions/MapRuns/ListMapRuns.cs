using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions.MapRuns;

internal sealed record ListMapRunsRequest
{
    public string? ExecutionArn { get; init; }

    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListMapRunsResponse(IReadOnlyList<MapRunItem> MapRuns, string? NextToken);

internal sealed record MapRunItem
{
    public required string ExecutionArn { get; init; }

    public required string MapRunArn { get; init; }

    public required string StateMachineArn { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public DateTimeOffset? StopDate { get; init; }
}

/// <summary>Lists the Map runs of an execution, newest first.</summary>
internal sealed class ListMapRuns(Database database, Listings lists)
{
    public ListMapRunsResponse Run(ListMapRunsRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken);
        var list = lists.Of("ListMapRuns", caller.Scope, request.ExecutionArn);
        var after = list.Number(request.NextToken);
        return database.Read(transaction =>
        {
            var execution = Executions.FindStandard(transaction, request.ExecutionArn);
            var runs = MapRuns.List(transaction, execution.Id, after, size + 1);
            return new ListMapRunsResponse(
                [
                    .. runs.Take(size)
                        .Select(run => new MapRunItem
                        {
                            ExecutionArn = execution.Arn,
                            MapRunArn = run.Arn,
                            StateMachineArn = $"{execution.Machine.Split('/')[0]}/{run.Order.Label}",
                            StartDate = run.Started,
                            StopDate = run.Stopped,
                        }),
                ],
                runs.Count <= size ? null : list.Token(runs[size - 1].Id)
            );
        });
    }
}

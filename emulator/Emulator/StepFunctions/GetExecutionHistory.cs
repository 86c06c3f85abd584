using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record GetExecutionHistoryRequest
{
    public string? ExecutionArn { get; init; }

    public int? MaxResults { get; init; }

    public bool? ReverseOrder { get; init; }

    public string? NextToken { get; init; }

    public bool? IncludeExecutionData { get; init; }
}

internal sealed record GetExecutionHistoryResponse(IReadOnlyList<JsonElement> Events, string? NextToken);

/// <summary>Shows what happened in an execution, event by event.</summary>
internal sealed class GetExecutionHistory(Database database, Listings lists)
{
    public GetExecutionHistoryResponse Run(GetExecutionHistoryRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken);
        var list = lists.Of("GetExecutionHistory", caller.Scope, request.ExecutionArn, $"{request.ReverseOrder == true}");
        var after = list.Number(request.NextToken);
        var events = database.Read(transaction =>
            Executions.Events(
                transaction,
                Executions.FindStandard(transaction, request.ExecutionArn).Id,
                after,
                request.ReverseOrder ?? false,
                size + 1
            )
        );
        var next = events.Count <= size ? null : list.Token(events[size - 1].GetProperty("id").GetInt64());
        var shown = events.Take(size);
        return new([.. request.IncludeExecutionData == false ? shown.Select(HistoryJson.WithoutData) : shown], next);
    }
}

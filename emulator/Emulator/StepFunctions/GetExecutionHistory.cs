using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
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
internal sealed class GetExecutionHistory(Database database)
{
    public GetExecutionHistoryResponse Run(GetExecutionHistoryRequest request, Caller caller)
    {
        var page = Page.Of(request.MaxResults, request.NextToken);
        var events = database.Read(transaction =>
            Executions.Events(
                transaction,
                Executions.FindStandard(transaction, request.ExecutionArn).Id,
                page.AfterNumber,
                request.ReverseOrder ?? false,
                page.Size + 1
            )
        );
        var next =
            events.Count <= page.Size
                ? null
                : Page.Token(events[page.Size - 1].GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture));
        var shown = events.Take(page.Size);
        return new([.. request.IncludeExecutionData == false ? shown.Select(HistoryJson.WithoutData) : shown], next);
    }
}

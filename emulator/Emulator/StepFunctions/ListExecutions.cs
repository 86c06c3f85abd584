using System.Globalization;
using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListExecutionsRequest
{
    public string? StateMachineArn { get; init; }

    public string? StatusFilter { get; init; }

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

    public int RedriveCount { get; init; }
}

/// <summary>Lists the executions of a STANDARD machine, or those that a version or an alias began, newest first.</summary>
internal sealed class ListExecutions(Database database, StateMachineVersions versions)
{
    public ListExecutionsResponse Run(ListExecutionsRequest request, Caller caller)
    {
        var page = Page.Of(request.MaxResults, request.NextToken, tokenLimit: 3096);
        var target = versions.Find(request.StateMachineArn);
        if (target.Machine.IsExpress)
        {
            throw StepFunctionsErrors.TypeNotSupported();
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
                ExecutionRow.Running,
                Outcome.Succeeded,
                Outcome.Failed,
                Outcome.TimedOut,
                Outcome.Aborted,
                "PENDING_REDRIVE"
            );
        }

        var rows = database.Read(transaction =>
            Executions.List(transaction, target, request.StatusFilter, page.AfterNumber, page.Size + 1)
        );
        var items = rows.Take(page.Size)
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
            })
            .ToList();
        return new(items, rows.Count <= page.Size ? null : Page.Token(rows[page.Size - 1].Id.ToString(CultureInfo.InvariantCulture)));
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record DescribeExecutionRequest
{
    public string? ExecutionArn { get; init; }

    public string? IncludedData { get; init; }
}

internal sealed record DataDetails(bool IsIncluded)
{
    public static readonly DataDetails Included = new(true);

    [System.Text.Json.Serialization.JsonPropertyName("included")]
    public bool IsIncluded { get; init; } = IsIncluded;
}

internal sealed record DescribeExecutionResponse
{
    public required string ExecutionArn { get; init; }

    public required string StateMachineArn { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public DateTimeOffset? StopDate { get; init; }

    public string? Input { get; init; }

    public DataDetails? InputDetails { get; init; }

    public string? Output { get; init; }

    public DataDetails? OutputDetails { get; init; }

    public string? TraceHeader { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? StateMachineVersionArn { get; init; }

    public string? StateMachineAliasArn { get; init; }

    public string? MapRunArn { get; init; }

    public int RedriveCount { get; init; }

    public DateTimeOffset? RedriveDate { get; init; }

    public required string RedriveStatus { get; init; }

    public string? RedriveStatusReason { get; init; }
}

/// <summary>Shows an execution.</summary>
internal sealed class DescribeExecution(Database database, TimeProvider clock)
{
    public DescribeExecutionResponse Run(DescribeExecutionRequest request, Caller caller)
    {
        var (row, redrive) = database.Read(transaction =>
        {
            var found = Executions.FindStandard(transaction, request.ExecutionArn);
            return (found, RedriveExecution.Status(transaction, found, clock.GetUtcNow()));
        });
        var withData = request.IncludedData != "METADATA_ONLY";
        return new DescribeExecutionResponse
        {
            ExecutionArn = row.Arn,
            StateMachineArn = row.Machine,
            Name = row.Name,
            Status = row.Status,
            StartDate = row.Started,
            StopDate = row.Stopped,
            Input = withData ? row.Input : null,
            InputDetails = withData ? DataDetails.Included : null,
            Output = withData ? row.Output : null,
            OutputDetails = withData && row.Output is not null ? DataDetails.Included : null,
            TraceHeader = row.TraceHeader,
            Error = row.Error,
            Cause = row.Cause,
            StateMachineVersionArn = row.Version,
            StateMachineAliasArn = row.Alias,
            MapRunArn = row.MapRun,
            RedriveCount = row.Redrives,
            RedriveDate = row.Redriven,
            RedriveStatus = redrive.Status,
            RedriveStatusReason = redrive.Reason,
        };
    }
}

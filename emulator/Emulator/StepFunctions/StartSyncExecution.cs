using Disa.Asl;
using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record StartSyncExecutionRequest
{
    public string? StateMachineArn { get; init; }

    public string? Name { get; init; }

    public string? Input { get; init; }

    public string? TraceHeader { get; init; }
}

internal sealed record StartSyncExecutionResponse
{
    public required string ExecutionArn { get; init; }

    public required string StateMachineArn { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public required DateTimeOffset StopDate { get; init; }

    public required string Status { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public required string Input { get; init; }

    public DataDetails InputDetails { get; init; } = DataDetails.Included;

    public string? Output { get; init; }

    public DataDetails? OutputDetails { get; init; }

    public string? TraceHeader { get; init; }

    public required BillingDetails BillingDetails { get; init; }
}

internal sealed record BillingDetails(long BilledMemoryUsedInMB, long BilledDurationInMilliseconds);

/// <summary>Starts an EXPRESS execution and answers when it is over.</summary>
internal sealed class StartSyncExecution(StateMachineVersions versions, StartExecution start, ExecutionWorker worker)
{
    public async Task<StartSyncExecutionResponse> Run(StartSyncExecutionRequest request, Caller caller, CancellationToken cancellation)
    {
        if (!versions.Find(request.StateMachineArn).Machine.IsExpress)
        {
            throw StepFunctionsErrors.TypeNotSupported();
        }

        Task<(Outcome Outcome, DateTimeOffset At)>? ended = null;
        var row = await start
            .Start(
                new StartExecutionRequest
                {
                    StateMachineArn = request.StateMachineArn,
                    Name = request.Name,
                    Input = request.Input,
                    TraceHeader = request.TraceHeader ?? (Telemetry.IsOn ? caller.TraceHeader : null),
                },
                started => ended = worker.WhenEnded(started.Id)
            )
            .ConfigureAwait(false);
        var (outcome, at) = await ended!.WaitAsync(cancellation).ConfigureAwait(false);
        var isSuccess = outcome.Status == Outcome.Succeeded;
        return new StartSyncExecutionResponse
        {
            ExecutionArn = row.Arn,
            StateMachineArn = row.Machine,
            Name = row.Name,
            StartDate = row.Started,
            StopDate = at,
            Status = outcome.Status,
            Error = outcome.Error?.Error,
            Cause = outcome.Error?.Cause,
            Input = row.Input,
            Output = isSuccess ? outcome.Output.GetRawText() : null,
            OutputDetails = DataDetails.Included,
            TraceHeader = request.TraceHeader,
            BillingDetails = new(64, Math.Max(100, (long)Math.Ceiling((at - row.Started).TotalMilliseconds / 100) * 100)),
        };
    }
}

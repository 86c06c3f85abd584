using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record StopExecutionRequest
{
    public string? ExecutionArn { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }
}

internal sealed record StopExecutionResponse(DateTimeOffset StopDate);

/// <summary>Ends an execution; one that is over stays as it is.</summary>
internal sealed class StopExecution(Database database, ExecutionWorker worker)
{
    public async Task<StopExecutionResponse> Run(StopExecutionRequest request, Caller caller, CancellationToken cancellation)
    {
        var row = database.Read(transaction => Executions.FindStandard(transaction, request.ExecutionArn));
        await worker.Post(row.Id, new Stopped(request.Error, request.Cause)).ConfigureAwait(false);
        row = database.Read(transaction => Executions.FindStandard(transaction, request.ExecutionArn));
        return new(row.Stopped ?? row.Started);
    }
}

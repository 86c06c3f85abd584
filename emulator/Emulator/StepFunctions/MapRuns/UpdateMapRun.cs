using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions.MapRuns;

internal sealed record UpdateMapRunRequest
{
    public string? MapRunArn { get; init; }

    public int? MaxConcurrency { get; init; }

    public double? ToleratedFailurePercentage { get; init; }

    public long? ToleratedFailureCount { get; init; }
}

/// <summary>Changes the limits of a Map run while it goes on.</summary>
internal sealed class UpdateMapRun(Database database, MapRunner runner)
{
    public async Task<EmptyResponse> Run(UpdateMapRunRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request.MaxConcurrency, "maxConcurrency", double.MaxValue);
        Check(request.ToleratedFailureCount, "toleratedFailureCount", double.MaxValue);
        Check(request.ToleratedFailurePercentage, "toleratedFailurePercentage", 100);
        if (request is { MaxConcurrency: null, ToleratedFailureCount: null, ToleratedFailurePercentage: null })
        {
            throw StepFunctionsErrors.Invalid(
                "At least one of the following parameters must be provided: [maxConcurrency, toleratedFailurePercentage, toleratedFailureCount]"
            );
        }

        await database
            .Write(transaction =>
            {
                var run = MapRuns.Find(transaction, request.MapRunArn);
                if (run.Status != ExecutionRow.Running)
                {
                    throw StepFunctionsErrors.Invalid($"Map Run is {run.Status} and cannot be updated");
                }

                MapRuns.Update(
                    transaction,
                    run with
                    {
                        MaxConcurrency = request.MaxConcurrency ?? run.MaxConcurrency,
                        ToleratedFailureCount = request.ToleratedFailureCount ?? run.ToleratedFailureCount,
                        ToleratedFailurePercentage = request.ToleratedFailurePercentage ?? run.ToleratedFailurePercentage,
                    }
                );
            })
            .ConfigureAwait(false);
        runner.Signal(request.MapRunArn!);
        return EmptyResponse.Value;
    }

    private static void Check(double? value, string member, double most)
    {
        if (value < 0 || value > most)
        {
            throw StepFunctionsErrors.Invalid(
                $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value "
                    + (value < 0 ? "greater than or equal to 0" : $"less than or equal to {most}")
            );
        }
    }
}

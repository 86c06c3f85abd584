using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record DeleteActivityRequest
{
    public string? ActivityArn { get; init; }
}

/// <summary>Deletes an activity; a missing one is not an error.</summary>
internal sealed class DeleteActivity(Database database, Activities activities)
{
    public Task<EmptyResponse> Run(DeleteActivityRequest request, Caller caller, CancellationToken cancellation)
    {
        var arn = request.ActivityArn ?? throw StepFunctionsErrors.Missing("activityArn");
        activities.Get(arn);
        return database.Write(transaction =>
        {
            activities.Remove(transaction, arn);
            return EmptyResponse.Value;
        });
    }
}

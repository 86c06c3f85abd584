using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record DeleteStateMachineVersionRequest
{
    public string? StateMachineVersionArn { get; init; }
}

/// <summary>Deletes a version that no alias names; its executions go on. One that is not there is deleted already.</summary>
internal sealed class DeleteStateMachineVersion(Database database, StateMachineVersions versions)
{
    public Task<EmptyResponse> Run(DeleteStateMachineVersionRequest request, Caller caller, CancellationToken cancellation)
    {
        var arn = request.StateMachineVersionArn ?? throw StepFunctionsErrors.Missing("stateMachineVersionArn");
        versions.Version(arn);
        return database.Write(transaction =>
        {
            if (versions.Version(transaction, arn) is not { } version)
            {
                return EmptyResponse.Value;
            }

            var names = versions
                .Aliases(transaction, version.Machine)
                .Where(alias => alias.Routes.Any(route => route.StateMachineVersionArn == arn))
                .Select(alias => alias.Name)
                .ToList();
            if (names.Count > 0)
            {
                throw StepFunctionsErrors.Conflict(
                    "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: "
                        + $"[{string.Join(", ", names)}]"
                );
            }

            versions.Remove(transaction, version);
            return EmptyResponse.Value;
        });
    }
}

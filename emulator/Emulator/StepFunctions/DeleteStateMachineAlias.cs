using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record DeleteStateMachineAliasRequest
{
    public string? StateMachineAliasArn { get; init; }
}

/// <summary>Deletes an alias; its executions go on. One that is not there is deleted already.</summary>
internal sealed class DeleteStateMachineAlias(Database database, StateMachineVersions versions)
{
    public Task<EmptyResponse> Run(DeleteStateMachineAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var arn = request.StateMachineAliasArn ?? throw StepFunctionsErrors.Missing("stateMachineAliasArn");
        versions.Alias(arn);
        return database.Write(transaction =>
        {
            if (versions.Alias(transaction, arn) is { } alias)
            {
                versions.Remove(transaction, alias);
            }

            return EmptyResponse.Value;
        });
    }
}

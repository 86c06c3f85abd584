using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record DeleteStateMachineRequest
{
    public string? StateMachineArn { get; init; }
}

/// <summary>Deletes a state machine with its versions, aliases and executions; those that run end with it. A machine that is not there is deleted already.</summary>
internal sealed class DeleteStateMachine(Database database, StateMachines machines, StateMachineVersions versions)
{
    public async Task<EmptyResponse> Run(DeleteStateMachineRequest request, Caller caller, CancellationToken cancellation)
    {
        if (machines.Get(request.StateMachineArn) is { } machine)
        {
            await database
                .Write(transaction =>
                {
                    versions.RemoveAll(transaction, machine);
                    machines.Remove(transaction, machine.Arn);
                    Executions.RemoveAll(transaction, machine.Arn);
                })
                .ConfigureAwait(false);
        }

        return EmptyResponse.Value;
    }
}

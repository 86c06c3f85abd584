using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record ContinueUpdateRollbackRequest(
    string? StackName = null,
    List<string>? ResourcesToSkip = null,
    string? ClientRequestToken = null
);

/// <summary>Goes on with a rollback that failed.</summary>
internal static class ContinueUpdateRollback
{
    public static async Task<EmptyResponse> Run(ContinueUpdateRollbackRequest request, Caller caller, StackEngine engine)
    {
        var store = engine.Store;
        var uuid = await store
            .Database.Write(transaction =>
            {
                var stack =
                    store.Find(transaction, caller.Scope, request.StackName ?? "") ?? throw StackErrors.NoStack(request.StackName ?? "");
                if (stack.Status != "UPDATE_ROLLBACK_FAILED")
                {
                    throw StackErrors.Validation($"Stack:{stack.Id} is in {stack.Status} state and can not continue rollback.");
                }

                engine
                    .Open(transaction, caller.Scope, stack.Uuid)
                    .Enter(
                        "UPDATE_ROLLBACK_IN_PROGRESS",
                        "User Initiated",
                        StackRequests.Operation(caller, engine, request.ClientRequestToken) with
                        {
                            Token = stack.UpdateToken!,
                            Skip = request.ResourcesToSkip ?? [],
                        }
                    );
                return stack.Uuid;
            })
            .ConfigureAwait(false);
        engine.Signal(caller.Scope, uuid);
        return EmptyResponse.Value;
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record CancelUpdateStackRequest(string? StackName = null, string? ClientRequestToken = null);

/// <summary>Takes a running update back.</summary>
internal static class CancelUpdateStack
{
    public static async Task Run(CancelUpdateStackRequest request, Caller caller, StackEngine engine)
    {
        var store = engine.Store;
        var uuid = await store
            .Database.Write(transaction =>
            {
                var stack =
                    store.Find(transaction, caller.Scope, request.StackName ?? "") ?? throw StackErrors.NoStack(request.StackName ?? "");
                if (stack.Status != "UPDATE_IN_PROGRESS")
                {
                    throw StackErrors.Validation($"CancelUpdateStack cannot be called from current stack status");
                }

                engine
                    .Open(transaction, caller.Scope, stack.Uuid)
                    .Interrupt(
                        "UPDATE_ROLLBACK_IN_PROGRESS",
                        "User Initiated",
                        stack.Operation! with
                        {
                            ClientRequestToken = request.ClientRequestToken,
                        }
                    );
                return stack.Uuid;
            })
            .ConfigureAwait(false);
        engine.Signal(caller.Scope, uuid);
    }
}

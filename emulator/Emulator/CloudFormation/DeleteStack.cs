using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record DeleteStackRequest
{
    public string? StackName { get; init; }

    public List<string>? RetainResources { get; init; }

    public string? RoleARN { get; init; }

    public string? ClientRequestToken { get; init; }
}

/// <summary>Starts deleting a stack and everything in it; a stack that does not exist is deleted already.</summary>
internal static class DeleteStack
{
    public static async Task Run(DeleteStackRequest request, Caller caller, StackEngine engine)
    {
        var store = engine.Store;
        var scope = caller.Scope;
        if (
            store.Find(null, scope, request.StackName ?? throw StackErrors.Validation("StackName is a required parameter."))
            is not { IsDeleted: false } stack
        )
        {
            return;
        }

        await store
            .Database.Write(transaction =>
            {
                stack = store.Stacks.Get(transaction, scope, stack.Uuid)!;
                if (stack.TerminationProtection)
                {
                    throw StackErrors.Protected(stack.Name);
                }

                if (stack.Status is "DELETE_IN_PROGRESS" or "DELETE_COMPLETE")
                {
                    return;
                }

                if (stack.Operation is not null && stack.Status is not ("CREATE_IN_PROGRESS" or "ROLLBACK_IN_PROGRESS"))
                {
                    throw StackErrors.CannotDelete(stack);
                }

                if (request.RetainResources is { Count: > 0 } retain)
                {
                    if (stack.Status != "DELETE_FAILED")
                    {
                        throw StackErrors.Validation(
                            $"Invalid operation on stack [{stack.Name}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state."
                        );
                    }

                    if (retain.Find(r => store.Resources.Get(transaction, scope, $"{stack.Uuid}/{r}") is null) is { } unknown)
                    {
                        throw StackErrors.Validation($"Resource {unknown} does not exist for stack {stack.Name}");
                    }
                }

                if (stack.Status == "REVIEW_IN_PROGRESS")
                {
                    foreach (var (_, changeSet) in store.ChangeSets.List(transaction, scope).Where(c => c.Value.StackId == stack.Id))
                    {
                        store.ChangeSets.Remove(transaction, scope, changeSet.Uuid);
                    }
                }

                if (request.RoleARN is not null)
                {
                    engine.Save(transaction, scope, stack with { Input = stack.Input with { RoleArn = request.RoleARN } });
                }

                engine
                    .Open(transaction, scope, stack.Uuid)
                    .Interrupt(
                        "DELETE_IN_PROGRESS",
                        "User Initiated",
                        StackRequests.Operation(caller, engine, request.ClientRequestToken) with
                        {
                            Retain = request.RetainResources ?? [],
                        }
                    );
            })
            .ConfigureAwait(false);
        engine.Signal(scope, stack.Uuid);
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;

namespace Disa.Emulator.CloudFormation;

internal sealed record ExecuteChangeSetRequest
{
    public string? ChangeSetName { get; init; }

    public string? StackName { get; init; }

    public string? ClientRequestToken { get; init; }

    public bool? DisableRollback { get; init; }
}

/// <summary>Starts doing what a change set says; the stack's other change sets are void from then on.</summary>
internal static class ExecuteChangeSet
{
    public static async Task<EmptyResponse> Run(ExecuteChangeSetRequest request, Caller caller, StackEngine engine)
    {
        var store = engine.Store;
        var scope = caller.Scope;
        var id = ChangeSets.Find(store, scope, request.ChangeSetName, request.StackName).Uuid;
        var uuid = await store
            .Database.Write(transaction =>
            {
                var changeSet = store.ChangeSets.Get(transaction, scope, id) ?? throw StackErrors.NoChangeSet(request.ChangeSetName!);
                if (changeSet.ExecutionStatus != "AVAILABLE")
                {
                    throw StackErrors.BadChangeSetStatus(changeSet.Id, changeSet.Status == "FAILED" ? "FAILED" : changeSet.ExecutionStatus);
                }

                ChangeSets.RefuseNested(changeSet);
                var stack = store.Find(transaction, scope, changeSet.StackId)!;
                var operation = StackRequests.Operation(caller, engine, request.ClientRequestToken);
                if (stack.Operation is not null)
                {
                    throw StackErrors.CannotUpdate(stack);
                }

                stack = stack with { ChangeSetId = changeSet.Id };
                if (changeSet.Type == "CREATE")
                {
                    engine.Save(
                        transaction,
                        scope,
                        stack with
                        {
                            Input = changeSet.Input,
                            LastUpdatedTime = engine.Now,
                            DisableRollback = request.DisableRollback == true,
                            OnFailure = request.DisableRollback == true ? "DO_NOTHING" : "ROLLBACK",
                        }
                    );
                    engine.Open(transaction, scope, stack.Uuid).Enter("CREATE_IN_PROGRESS", "User Initiated", operation);
                }
                else if (request.DisableRollback == true)
                {
                    throw AwsException.NotImplemented("the parameter DisableRollback of cloudformation:ExecuteChangeSet for an update");
                }
                else
                {
                    StackStart.BeginUpdate(engine, transaction, scope, stack, changeSet.Input, operation);
                }

                foreach (
                    var (_, other) in store
                        .ChangeSets.List(transaction, scope)
                        .Where(c => c.Value.StackId == stack.Id || c.Value.RootId == changeSet.Id)
                )
                {
                    if (other.Id == changeSet.Id)
                    {
                        store.ChangeSets.Put(transaction, scope, other.Uuid, other with { ExecutionStatus = "EXECUTE_COMPLETE" });
                    }
                    else
                    {
                        store.ChangeSets.Remove(transaction, scope, other.Uuid);
                    }
                }

                return stack.Uuid;
            })
            .ConfigureAwait(false);
        engine.Signal(scope, uuid);
        return EmptyResponse.Value;
    }
}

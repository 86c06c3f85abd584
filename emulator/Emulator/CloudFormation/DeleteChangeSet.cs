using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record DeleteChangeSetRequest(string? ChangeSetName = null, string? StackName = null);

/// <summary>Removes a change set; one that does not exist is removed already.</summary>
internal static class DeleteChangeSet
{
    public static async Task<EmptyResponse> Run(DeleteChangeSetRequest request, Caller caller, StackStore store)
    {
        try
        {
            var changeSet = ChangeSets.Find(store, caller.Scope, request.ChangeSetName, request.StackName);
            ChangeSets.RefuseNested(changeSet);
            await store
                .Database.Write(transaction =>
                {
                    store.ChangeSets.Remove(transaction, caller.Scope, changeSet.Uuid);
                    foreach (var (_, nested) in store.ChangeSets.List(transaction, caller.Scope).Where(c => c.Value.RootId == changeSet.Id))
                    {
                        store.ChangeSets.Remove(transaction, caller.Scope, nested.Uuid);
                    }
                })
                .ConfigureAwait(false);
        }
        catch (AwsException missing) when (missing.Code == "ChangeSetNotFound")
        {
            // As on AWS: deleting what is not there succeeds.
        }

        return EmptyResponse.Value;
    }
}

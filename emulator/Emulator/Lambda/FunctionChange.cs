using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Lambda;

/// <summary>What both update operations do around the change itself: one update at a time, revisions, publishing.</summary>
internal static class FunctionChange
{
    /// <exception cref="AwsException">ResourceConflictException while it is created or updated; PreconditionFailedException for another revision.</exception>
    public static void Check(Function function, FunctionReference reference, string? revision)
    {
        var latest = function.Latest;
        if (latest.State == "Pending")
        {
            throw LambdaErrors.NotReady(reference.Arn, latest.State);
        }

        if (latest.LastUpdateStatus == "InProgress")
        {
            throw LambdaErrors.UpdateInProgress((reference with { Qualifier = null }).Arn);
        }

        if (revision is not null && revision != latest.RevisionId)
        {
            throw LambdaErrors.StaleRevision();
        }
    }

    public static Task<FunctionDescription> Run(
        FunctionStore functions,
        FunctionReference reference,
        string? revision,
        bool dryRun,
        bool publish,
        Func<Transaction, FunctionVersion, FunctionVersion> change
    ) =>
        functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference);
            Check(function, reference, revision);
            var changed = change(transaction, function.Latest) with
            {
                LastModified = functions.Clock.GetUtcNow(),
                RevisionId = FunctionStore.NewRevision(),
                LastUpdateStatus = "InProgress",
                Build = FunctionStore.NewRevision(),
            };
            if (dryRun)
            {
                return FunctionDescription.Of(
                    reference.Scope,
                    function.Name,
                    changed with
                    {
                        LastUpdateStatus = "Successful",
                        RevisionId = function.Latest.RevisionId,
                    },
                    qualified: false
                );
            }

            var updated = function with { Latest = changed };
            if (publish)
            {
                updated = PublishVersion.Publish(updated, changed.Description, functions);
            }

            functions.Put(transaction, reference.Scope, updated);
            functions.SweepCode(transaction, reference.Scope, function.Latest);
            functions.Announce(transaction, reference.Scope, function.Name);
            return FunctionDescription.Of(reference.Scope, function.Name, publish ? updated.Published[^1] : changed, qualified: publish);
        });
}

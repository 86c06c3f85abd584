using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <content>Removes resources, each once nothing that depends on it is left.</content>
internal sealed partial class StackProgress
{
    /// <summary>A delete, or the rollback of a create: everything goes.</summary>
    private bool RemoveAll()
    {
        var rollback = Stack.Status == "ROLLBACK_IN_PROGRESS";
        if (resources.Values.Any(r => r.Pending is { Action: not (StepAction.Delete or StepAction.DeleteObsolete) }))
        {
            return false; // of the status before: what it made is removed once it is known
        }

        if (!rollback && Stack.Outputs.FirstOrDefault(o => o.ExportName is not null && Importers(o.ExportName).Count > 0) is { } used)
        {
            var back = Stack.LastUpdatedTime is null ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";
            Finish(
                back,
                $"Delete canceled. Cannot delete export {used.ExportName} as it is in use by {Importers(used.ExportName!)[0].Name}."
            );
            return true;
        }

        foreach (
            var resource in resources
                .Values.Where(r =>
                    r.Current is null && r.Obsolete.Count == 0 && r.Status != "DELETE_COMPLETE" && r.Status != "DELETE_SKIPPED"
                )
                .ToList()
        )
        {
            Status(resource with { Done = Operation.Phase }, "DELETE_COMPLETE", null, default);
        }

        foreach (
            var resource in resources.Values.Where(r => r.Current is not null && r.Pending is null && r.Done != Operation.Phase).ToList()
        )
        {
            var keep =
                Operation.Retain.Contains(resource.LogicalId)
                || (resource.Current!.DeletionPolicy) switch
                {
                    RetentionPolicy.Retain => true,
                    RetentionPolicy.RetainExceptOnCreate => !rollback,
                    _ => false,
                };
            if (keep)
            {
                Status(resource with { Current = null, Done = Operation.Phase }, "DELETE_SKIPPED", null, default);
            }
        }

        RemoveNext(resource => resource.Current is not null);
        if (resources.Values.Any(r => r.Pending is not null))
        {
            return false;
        }

        var failed = resources.Values.Where(r => r.Current is not null || r.Obsolete.Count > 0).ToList();
        if (failed.Count > 0)
        {
            Finish(
                rollback ? "ROLLBACK_FAILED" : "DELETE_FAILED",
                $"The following resource(s) failed to delete: [{string.Join(", ", Operation.FailedToDelete)}]. "
            );
            return true;
        }

        if (rollback)
        {
            Finish("ROLLBACK_COMPLETE", null);
        }
        else
        {
            Put(Stack with { Outputs = [], Imports = [] });
            Finish("DELETE_COMPLETE", null);
        }

        return true;
    }

    /// <summary>The end of an update: what was replaced or is no longer wanted goes. A failure here does not take the update back.</summary>
    private bool CleanUp()
    {
        if (Operation.Held)
        {
            return false;
        }

        var rollback = Stack.Status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
        HashSet<string> wanted;
        if (rollback)
        {
            wanted = [.. resources.Values.Where(r => !r.New).Select(r => r.LogicalId)];
        }
        else
        {
            var template = store.Template(transaction, scope, Stack.Input.TemplateId!);
            wanted = [.. Dependencies.Of(template, Evaluation(template)).Keys];
            foreach (
                var nested in resources
                    .Values.Where(r =>
                        r is { Touched: true, Type: TemplateChecks.NestedStack, Pending: null }
                        && wanted.Contains(r.LogicalId)
                        && r.Done != Operation.Phase
                    )
                    .ToList()
            )
            {
                Put(nested with { Pending = new PendingStep(StepAction.CleanUp, Guid.NewGuid().ToString(), nested.Current!) });
            }
        }

        foreach (
            var resource in resources
                .Values.Where(r => !wanted.Contains(r.LogicalId) && r.Pending is null && r.Done != Operation.Phase)
                .ToList()
        )
        {
            if (resource.Current is null && resource.Obsolete.Count == 0)
            {
                if (rollback)
                {
                    Status(resource, "DELETE_COMPLETE", null, default);
                }

                Drop(resources[resource.LogicalId]);
            }
            else if (!rollback && resource.Current is { DeletionPolicy: not RetentionPolicy.Delete })
            {
                Status(resource, "DELETE_SKIPPED", null, default);
                Drop(resources[resource.LogicalId]);
            }
        }

        RemoveNext(resource => resource.Current is not null && !wanted.Contains(resource.LogicalId));
        if (resources.Values.Any(r => r.Pending is not null))
        {
            return false;
        }

        var reason = Operation.FailedToDelete.Count > 0 ? "One or more resources could not be deleted." : null;
        Finish(rollback ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", reason);
        return true;
    }

    /// <summary>Starts every removal that nothing left stands in the way of.</summary>
    private void RemoveNext(Func<ResourceDocument, bool> goes)
    {
        var left = resources
            .Values.Where(r => goes(r) || r.Obsolete.Count > 0)
            .SelectMany(r => r.Obsolete.Select(o => (r.LogicalId, Version: o)).Concat(goes(r) ? [(r.LogicalId, Version: r.Current!)] : []))
            .ToList();
        foreach (
            var resource in resources
                .Values.Where(r => r.Pending is null && r.Done != Operation.Phase && (goes(r) || r.Obsolete.Count > 0))
                .ToList()
        )
        {
            if (left.Any(other => other.LogicalId != resource.LogicalId && other.Version.DependsOn.Contains(resource.LogicalId)))
            {
                continue;
            }

            if (resource.Obsolete is [var old, ..])
            {
                if (old.UpdateReplacePolicy == RetentionPolicy.Retain && Stack.Status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
                {
                    ResourceEvent(resource with { PhysicalId = old.PhysicalId }, "DELETE_SKIPPED", null, default);
                    Put(resource with { Obsolete = resource.Obsolete[1..] });
                    continue;
                }

                ResourceEvent(resource with { PhysicalId = old.PhysicalId }, "DELETE_IN_PROGRESS", null, default);
                Put(resource with { Pending = new PendingStep(StepAction.DeleteObsolete, Guid.NewGuid().ToString(), old) });
            }
            else
            {
                Status(resource, "DELETE_IN_PROGRESS", null, default);
                Put(
                    resources[resource.LogicalId] with
                    {
                        Pending = new PendingStep(StepAction.Delete, Guid.NewGuid().ToString(), resource.Current!),
                    }
                );
            }
        }
    }

    private void RecordRemoved(ResourceDocument resource, PendingStep step, string? failure)
    {
        var cleanup = Stack.Status.EndsWith("_CLEANUP_IN_PROGRESS", StringComparison.Ordinal);
        var shown = resource with { PhysicalId = step.Target.PhysicalId };
        resource = resource with { Pending = null };
        if (failure is not null)
        {
            Put(Stack with { Operation = Operation with { FailedToDelete = [.. Operation.FailedToDelete, resource.LogicalId] } });
        }

        var status = failure is null ? "DELETE_COMPLETE" : "DELETE_FAILED";
        if (step.Action == StepAction.DeleteObsolete)
        {
            ResourceEvent(shown, status, failure, default);
            Put(
                failure is null || cleanup
                    ? resource with
                    {
                        Obsolete = [.. resource.Obsolete.Where(o => o.PhysicalId != step.Target.PhysicalId)],
                    }
                    : resource with
                    {
                        Done = Operation.Phase,
                    }
            );
        }
        else if (cleanup)
        {
            Status(resource, status, failure, default);
            Drop(resources[resource.LogicalId]);
        }
        else
        {
            Status(
                failure is null ? resource with { Current = null, Done = Operation.Phase } : resource with { Done = Operation.Phase },
                status,
                failure,
                default
            );
        }
    }
}

using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Removes resources, each once nothing that depends on it is left.</summary>
internal sealed class StackRemoval(StackDraft draft)
{
    /// <summary>A delete, or the rollback of a create: everything goes.</summary>
    public bool RemoveAll()
    {
        var rollback = draft.Stack.Status == "ROLLBACK_IN_PROGRESS";
        if (draft.Resources.Values.Any(r => r.Pending is { Action: not (StepAction.Delete or StepAction.DeleteObsolete) }))
        {
            return false; // of the status before: what it made is removed once it is known
        }

        if (
            !rollback
            && draft.Stack.Outputs.FirstOrDefault(o => o.ExportName is not null && draft.Importers(o.ExportName).Count > 0) is { } used
        )
        {
            var back = draft.Stack.LastUpdatedTime is null ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";
            draft.Finish(
                back,
                $"Delete canceled. Cannot delete export {used.ExportName} as it is in use by {draft.Importers(used.ExportName!)[0].Name}."
            );
            return true;
        }

        foreach (
            var resource in draft
                .Resources.Values.Where(r =>
                    r.Current is null && r.Obsolete.Count == 0 && r.Status != "DELETE_COMPLETE" && r.Status != "DELETE_SKIPPED"
                )
                .ToList()
        )
        {
            draft.Status(resource with { Done = draft.Operation.Phase }, "DELETE_COMPLETE", null, null);
        }

        foreach (
            var resource in draft
                .Resources.Values.Where(r => r.Current is not null && r.Pending is null && r.Done != draft.Operation.Phase)
                .ToList()
        )
        {
            var keep =
                draft.Operation.Retain.Contains(resource.LogicalId)
                || (resource.Current!.DeletionPolicy) switch
                {
                    RetentionPolicy.Retain => true,
                    RetentionPolicy.RetainExceptOnCreate => !rollback,
                    _ => false,
                };
            if (keep)
            {
                draft.Status(resource with { Current = null, Done = draft.Operation.Phase }, "DELETE_SKIPPED", null, null);
            }
        }

        RemoveNext(resource => resource.Current is not null);
        if (draft.Resources.Values.Any(r => r.Pending is not null))
        {
            return false;
        }

        var failed = draft.Resources.Values.Where(r => r.Current is not null || r.Obsolete.Count > 0).ToList();
        if (failed.Count > 0)
        {
            draft.Finish(
                rollback ? "ROLLBACK_FAILED" : "DELETE_FAILED",
                $"The following resource(s) failed to delete: [{string.Join(", ", draft.Operation.FailedToDelete)}]. "
            );
            return true;
        }

        if (rollback)
        {
            draft.Finish("ROLLBACK_COMPLETE", null);
        }
        else
        {
            draft.Put(draft.Stack with { Outputs = [], Imports = [] });
            draft.Finish("DELETE_COMPLETE", null);
        }

        return true;
    }

    /// <summary>Ends an update: deletes what was replaced or removed. A failure here does not roll the update back.</summary>
    public bool CleanUp()
    {
        if (draft.Operation.Held)
        {
            return false;
        }

        var rollback = draft.Stack.Status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
        HashSet<string> wanted;
        if (rollback)
        {
            wanted = [.. draft.Resources.Values.Where(r => !r.New).Select(r => r.LogicalId)];
        }
        else
        {
            var template = draft.Template();
            wanted = [.. Dependencies.Of(template, draft.Evaluation(template)).Keys];
            foreach (
                var nested in draft
                    .Resources.Values.Where(r =>
                        r is { Touched: true, Type: TemplateChecks.NestedStack, Pending: null }
                        && wanted.Contains(r.LogicalId)
                        && r.Done != draft.Operation.Phase
                    )
                    .ToList()
            )
            {
                draft.Put(nested with { Pending = new PendingStep(StepAction.CleanUp, Guid.NewGuid().ToString(), nested.Current!) });
            }
        }

        foreach (
            var resource in draft
                .Resources.Values.Where(r => !wanted.Contains(r.LogicalId) && r.Pending is null && r.Done != draft.Operation.Phase)
                .ToList()
        )
        {
            if (resource.Current is null && resource.Obsolete.Count == 0)
            {
                if (rollback)
                {
                    draft.Status(resource, "DELETE_COMPLETE", null, null);
                }

                draft.Drop(draft.Resources[resource.LogicalId]);
            }
            else if (!rollback && resource.Current is { DeletionPolicy: not RetentionPolicy.Delete })
            {
                draft.Status(resource, "DELETE_SKIPPED", null, null);
                draft.Drop(draft.Resources[resource.LogicalId]);
            }
        }

        RemoveNext(resource => resource.Current is not null && !wanted.Contains(resource.LogicalId));
        if (draft.Resources.Values.Any(r => r.Pending is not null))
        {
            return false;
        }

        var reason = draft.Operation.FailedToDelete.Count > 0 ? "One or more resources could not be deleted." : null;
        draft.Finish(rollback ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", reason);
        return true;
    }

    /// <summary>Starts every removal that nothing left stands in the way of.</summary>
    private void RemoveNext(Func<ResourceDocument, bool> goes)
    {
        var left = draft
            .Resources.Values.Where(r => goes(r) || r.Obsolete.Count > 0)
            .SelectMany(r => r.Obsolete.Select(o => (r.LogicalId, Version: o)).Concat(goes(r) ? [(r.LogicalId, Version: r.Current!)] : []))
            .ToList();
        foreach (
            var resource in draft
                .Resources.Values.Where(r => r.Pending is null && r.Done != draft.Operation.Phase && (goes(r) || r.Obsolete.Count > 0))
                .ToList()
        )
        {
            if (left.Any(other => other.LogicalId != resource.LogicalId && other.Version.DependsOn.Contains(resource.LogicalId)))
            {
                continue;
            }

            if (resource.Obsolete is [var old, ..])
            {
                if (old.UpdateReplacePolicy == RetentionPolicy.Retain && draft.Stack.Status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
                {
                    draft.ResourceEvent(resource with { PhysicalId = old.PhysicalId }, "DELETE_SKIPPED", null, null);
                    draft.Put(resource with { Obsolete = resource.Obsolete[1..] });
                    continue;
                }

                draft.ResourceEvent(resource with { PhysicalId = old.PhysicalId }, "DELETE_IN_PROGRESS", null, null);
                draft.Put(resource with { Pending = new PendingStep(StepAction.DeleteObsolete, Guid.NewGuid().ToString(), old) });
            }
            else
            {
                draft.Status(resource, "DELETE_IN_PROGRESS", null, null);
                draft.Put(
                    draft.Resources[resource.LogicalId] with
                    {
                        Pending = new PendingStep(StepAction.Delete, Guid.NewGuid().ToString(), resource.Current!),
                    }
                );
            }
        }
    }

    public void Record(ResourceDocument resource, PendingStep step, string? failure)
    {
        var cleanup = draft.Stack.Status.EndsWith("_CLEANUP_IN_PROGRESS", StringComparison.Ordinal);
        var shown = resource with { PhysicalId = step.Target.PhysicalId };
        resource = resource with { Pending = null };
        if (failure is not null)
        {
            draft.Put(
                draft.Stack with
                {
                    Operation = draft.Operation with { FailedToDelete = [.. draft.Operation.FailedToDelete, resource.LogicalId] },
                }
            );
        }

        var status = failure is null ? "DELETE_COMPLETE" : "DELETE_FAILED";
        if (step.Action == StepAction.DeleteObsolete)
        {
            draft.ResourceEvent(shown, status, failure, null);
            draft.Put(
                failure is null || cleanup
                    ? resource with
                    {
                        Obsolete = [.. resource.Obsolete.Where(o => o.PhysicalId != step.Target.PhysicalId)],
                    }
                    : resource with
                    {
                        Done = draft.Operation.Phase,
                    }
            );
        }
        else if (cleanup)
        {
            draft.Status(resource, status, failure, null);
            draft.Drop(draft.Resources[resource.LogicalId]);
        }
        else
        {
            draft.Status(
                failure is null
                    ? resource with
                    {
                        Current = null,
                        Done = draft.Operation.Phase,
                    }
                    : resource with
                    {
                        Done = draft.Operation.Phase,
                    },
                status,
                failure,
                null
            );
        }
    }
}

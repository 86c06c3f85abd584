namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Takes an update back: every resource becomes what it was.</summary>
internal sealed class StackRestoration(StackDraft draft)
{
    /// <summary>True where the stack entered another status.</summary>
    public bool Restore()
    {
        if (draft.Operation.FailedToUpdate.Count > 0)
        {
            if (draft.Resources.Values.Any(r => r.Pending is not null))
            {
                return false;
            }

            draft.Enter(
                "UPDATE_ROLLBACK_FAILED",
                $"The following resource(s) failed to update: [{string.Join(", ", draft.Operation.FailedToUpdate)}]. ",
                null
            );
            return true;
        }

        var touched = draft.Resources.Values.Where(r => r.Before is not null).Select(r => r.LogicalId).ToHashSet();
        while (
            touched.FirstOrDefault(name =>
                draft.Resources[name] is { Pending: null } resource
                && resource.Done != draft.Operation.Phase
                && resource.Before!.DependsOn.All(d => !touched.Contains(d) || draft.IsDone(d))
            )
                is { } next
        )
        {
            // One that is done at once lets others go on that may come before it.
            Restore(draft.Resources[next], draft.Resources[next].Before!);
        }

        if (!touched.All(draft.IsDone))
        {
            return false;
        }

        draft.Put(draft.Stack with { Input = draft.Stack.Previous!, Outputs = draft.Stack.PreviousOutputs! });
        draft.Enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", null, draft.Operation);
        return true;
    }

    private void Restore(ResourceDocument resource, ResourceVersion before)
    {
        if (draft.Operation.Skip.Contains(resource.LogicalId))
        {
            draft.Status(resource with { Current = before, Done = draft.Operation.Phase }, "UPDATE_COMPLETE", null, before);
        }
        else if (resource.Current!.PhysicalId != before.PhysicalId)
        {
            draft.Status(
                resource with
                {
                    PhysicalId = before.PhysicalId,
                    Current = before,
                    Obsolete = [.. resource.Obsolete.Where(o => o.PhysicalId != before.PhysicalId), resource.Current],
                    Done = draft.Operation.Phase,
                },
                "UPDATE_COMPLETE",
                null,
                before
            );
        }
        else if (resource.Touched)
        {
            draft.Status(resource, "UPDATE_IN_PROGRESS", null, before);
            draft.Put(
                draft.Resources[resource.LogicalId] with
                {
                    Pending = new PendingStep(StepAction.Update, Guid.NewGuid().ToString(), before),
                }
            );
        }
        else if (resource.Status == "UPDATE_FAILED")
        {
            draft.Status(resource with { Current = before, Done = draft.Operation.Phase }, "UPDATE_COMPLETE", null, before);
        }
        else
        {
            draft.Put(resource with { Current = before, Done = draft.Operation.Phase });
        }
    }
}

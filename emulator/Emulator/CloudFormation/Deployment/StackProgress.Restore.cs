namespace Disa.Emulator.CloudFormation.Deployment;

/// <content>Takes an update back: every resource becomes what it was.</content>
internal sealed partial class StackProgress
{
    private bool Restore()
    {
        if (Operation.FailedToUpdate.Count > 0)
        {
            if (resources.Values.Any(r => r.Pending is not null))
            {
                return false;
            }

            Enter(
                "UPDATE_ROLLBACK_FAILED",
                $"The following resource(s) failed to update: [{string.Join(", ", Operation.FailedToUpdate)}]. ",
                null
            );
            return true;
        }

        var touched = resources.Values.Where(r => r.Before is not null).Select(r => r.LogicalId).ToHashSet();
        foreach (var name in touched)
        {
            var resource = resources[name];
            if (
                resource.Pending is null
                && resource.Done != Operation.Phase
                && resource.Before!.DependsOn.All(d => !touched.Contains(d) || IsDone(d))
            )
            {
                Restore(resource, resource.Before!);
            }
        }

        if (!touched.All(IsDone))
        {
            return false;
        }

        Put(Stack with { Input = Stack.Previous!, Outputs = Stack.PreviousOutputs! });
        Enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", null, Operation);
        return true;
    }

    private void Restore(ResourceDocument resource, ResourceVersion before)
    {
        if (Operation.Skip.Contains(resource.LogicalId))
        {
            Status(resource with { Current = before, Done = Operation.Phase }, "UPDATE_COMPLETE", null, before.Properties);
        }
        else if (resource.Current!.PhysicalId != before.PhysicalId)
        {
            Status(
                resource with
                {
                    PhysicalId = before.PhysicalId,
                    Current = before,
                    Obsolete = [.. resource.Obsolete.Where(o => o.PhysicalId != before.PhysicalId), resource.Current],
                    Done = Operation.Phase,
                },
                "UPDATE_COMPLETE",
                null,
                before.Properties
            );
        }
        else if (resource.Touched)
        {
            Status(resource, "UPDATE_IN_PROGRESS", null, before.Properties);
            Put(resources[resource.LogicalId] with { Pending = new PendingStep(StepAction.Update, Guid.NewGuid().ToString(), before) });
        }
        else if (resource.Status == "UPDATE_FAILED")
        {
            Status(resource with { Current = before, Done = Operation.Phase }, "UPDATE_COMPLETE", null, before.Properties);
        }
        else
        {
            Put(resource with { Current = before, Done = Operation.Phase });
        }
    }
}

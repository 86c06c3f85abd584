using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>
/// A stack under change: decides what comes next, records it before it is done, and records what became of it. Pure but for the store: a
/// stack that is taken up after a crash goes through here as any other.
/// </summary>
internal sealed class StackProgress
{
    private readonly StackDraft draft;
    private readonly StackDeployment deployment;
    private readonly StackRemoval removal;
    private readonly StackRestoration restoration;

    /// <param name="transaction">The write that this is part of; null for a draft, which sees the last commit.</param>
    /// <param name="alarms">What may object to an operation.</param>
    public StackProgress(
        StackStore store,
        IReadOnlyDictionary<string, IResource> types,
        Transaction? transaction,
        Scope scope,
        string uuid,
        DateTimeOffset now,
        AlarmBoard? alarms
    )
    {
        draft = new StackDraft(store, transaction, scope, uuid, now);
        deployment = new StackDeployment(draft, types, new RollbackWatch(draft, alarms));
        removal = new StackRemoval(draft);
        restoration = new StackRestoration(draft);
    }

    public StackDocument Stack => draft.Stack;

    /// <inheritdoc cref="StackDraft.Keep"/>
    public bool Keep(Transaction write) => draft.Keep(write);

    /// <inheritdoc cref="StackDraft.Enter"/>
    public void Enter(string status, string? reason, StackOperation? operation) => draft.Enter(status, reason, operation);

    /// <summary>The stack cannot go on because of a fault of the emulator: it ends in failure, rather than being taken up for ever.</summary>
    public IReadOnlyList<ResourceDocument> GiveUp()
    {
        const string reason = "Internal Failure";
        switch (draft.Stack.Status)
        {
            case "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS":
                deployment.Fail(reason + ".");
                deployment.EndInFailure();
                break;
            case "UPDATE_ROLLBACK_IN_PROGRESS":
                draft.Enter("UPDATE_ROLLBACK_FAILED", reason, null);
                break;
            case "ROLLBACK_IN_PROGRESS":
                draft.Finish("ROLLBACK_FAILED", reason);
                break;
            case "DELETE_IN_PROGRESS":
                draft.Finish("DELETE_FAILED", reason);
                break;
            default:
                draft.Finish(draft.Stack.Status.Replace("_CLEANUP_IN_PROGRESS", "", StringComparison.Ordinal), reason);
                break;
        }

        return draft.Pending;
    }

    /// <summary>Goes as far as it can without waiting, and answers every step that is to be running now.</summary>
    public IReadOnlyList<ResourceDocument> Advance()
    {
        while (draft.Stack.Operation is not null)
        {
            var moved = draft.Stack.Status switch
            {
                "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS" => deployment.Deploy(),
                "ROLLBACK_IN_PROGRESS" or "DELETE_IN_PROGRESS" => removal.RemoveAll(),
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" or "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => removal.CleanUp(),
                "UPDATE_ROLLBACK_IN_PROGRESS" => restoration.Restore(),
                _ => throw new InvalidOperationException($"A stack in {draft.Stack.Status} has no operation in progress."),
            };
            if (!moved)
            {
                break;
            }
        }

        return draft.Pending;
    }

    /// <summary>Enters another status although steps may be running: they are told as cancelled, and waited for.</summary>
    public void Interrupt(string status, string? reason, StackOperation operation)
    {
        if (draft.Stack.Operation is not null)
        {
            draft.CancelOthers();
        }

        draft.Enter(status, reason, operation);
    }

    /// <summary>The parent's update has succeeded: there is no way back any more.</summary>
    public void Release()
    {
        if (draft.Stack.Operation is { Held: true } operation)
        {
            draft.Put(draft.Stack with { Operation = operation with { Held = false } });
        }
    }

    /// <summary>Records how a step ended.</summary>
    /// <param name="state">What exists now; null where nothing came of it. A nested stack that failed exists.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    public void Record(string logicalId, string token, ResourceState? state, string? failure)
    {
        if (!draft.Resources.TryGetValue(logicalId, out var resource) || resource.Pending is not { } step || step.Token != token)
        {
            return; // recorded before
        }

        switch (step.Action)
        {
            case StepAction.Create or StepAction.Replace or StepAction.Update:
                deployment.Record(resource, step, state, failure);
                break;
            case StepAction.CleanUp:
                draft.Put(resource with { Pending = null, Done = draft.Operation.Phase });
                break;
            default:
                removal.Record(resource, step, failure);
                break;
        }
    }

    /// <summary>Tells of something that happens to a resource while its status stays.</summary>
    public void Note(ResourceDocument resource, string reason) =>
        draft.ResourceEvent(resource, resource.Status, reason, resource.Pending?.Target);

    /// <summary>A nested stack exists, long before it is complete.</summary>
    public void Announce(string logicalId, string token, string physicalId)
    {
        if (
            draft.Resources.TryGetValue(logicalId, out var resource)
            && resource.Pending is { Initiated: false } step
            && step.Token == token
            && !step.Cancelled
        )
        {
            resource = resource with { PhysicalId = physicalId, Pending = step with { Initiated = true } };
            draft.Put(resource);
            draft.ResourceEvent(resource, resource.Status, "Resource creation Initiated", step.Target);
        }
    }
}

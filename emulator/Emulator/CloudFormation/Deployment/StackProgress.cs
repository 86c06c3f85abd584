using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>
/// A stack under change: decides what comes next, records it before it is done, and records what became of it. Pure but for the store: a
/// stack that is taken up after a crash goes through here as any other. Within a write it changes the store at once; as a draft, outside
/// of one, it keeps its changes until <see cref="Keep"/>: whatever evaluates templates must not hold up everybody's writes.
/// </summary>
internal sealed partial class StackProgress
{
    private readonly StackStore store;
    private readonly IReadOnlyDictionary<string, IResource> types;
    private readonly Transaction? transaction;
    private readonly Scope scope;
    private readonly DateTimeOffset now;
    private readonly SortedDictionary<string, ResourceDocument> resources = new(StringComparer.Ordinal);
    private readonly List<Action<Transaction>> changes = [];
    private readonly StackDocument before;
    private readonly ResourceDocument[] resourcesBefore;
    private StackDocument[]? othersBefore;

    /// <param name="transaction">The write that this is part of; null for a draft, which sees the last commit.</param>
    public StackProgress(
        StackStore store,
        IReadOnlyDictionary<string, IResource> types,
        Transaction? transaction,
        Scope scope,
        string uuid,
        DateTimeOffset now
    )
    {
        this.store = store;
        this.types = types;
        this.transaction = transaction;
        this.scope = scope;
        this.now = now;
        Stack = before = store.Get(transaction, scope, uuid)!;
        resourcesBefore = store.ResourcesOf(transaction, scope, uuid);
        foreach (var resource in resourcesBefore)
        {
            resources[resource.LogicalId] = resource;
        }
    }

    public StackDocument Stack { get; private set; }

    private StackOperation Operation => Stack.Operation!;

    /// <summary>Makes a draft's changes. False where what it saw is no longer so: then it is to be drafted again.</summary>
    public bool Keep(Transaction write)
    {
        if (
            !ReferenceEquals(store.Get(write, scope, before.Uuid), before)
            || !Same(store.ResourcesOf(write, scope, before.Uuid), resourcesBefore)
            || (othersBefore is not null && !Same(Others(write), othersBefore))
        )
        {
            return false;
        }

        foreach (var change in changes)
        {
            change(write);
        }

        return true;
    }

    /// <summary>Documents are immutable, and a change makes another.</summary>
    private static bool Same<T>(T[] now, T[] then)
        where T : class => now.Length == then.Length && now.Zip(then).All(pair => ReferenceEquals(pair.First, pair.Second));

    /// <summary>The stacks that give or take exports: looked at when exports are.</summary>
    private StackDocument[] Others(Transaction? see) =>
        [
            .. store
                .All(see, scope)
                .Where(stack =>
                    stack.Id != before.Id && (stack.Imports.Count > 0 || stack.Outputs.Exists(output => output.ExportName is not null))
                ),
        ];

    private void LookAtOthers() => othersBefore ??= transaction is null ? Others(null) : [];

    private void Change(Action<Transaction> change)
    {
        if (transaction is null)
        {
            changes.Add(change);
        }
        else
        {
            change(transaction);
        }
    }

    /// <summary>The stack cannot go on because of a fault of the emulator: it ends in failure, rather than being taken up for ever.</summary>
    public IReadOnlyList<ResourceDocument> GiveUp()
    {
        const string reason = "Internal Failure";
        switch (Stack.Status)
        {
            case "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS":
                Fail(reason + ".");
                EndInFailure();
                break;
            case "UPDATE_ROLLBACK_IN_PROGRESS":
                Enter("UPDATE_ROLLBACK_FAILED", reason, null);
                break;
            case "ROLLBACK_IN_PROGRESS":
                Finish("ROLLBACK_FAILED", reason);
                break;
            case "DELETE_IN_PROGRESS":
                Finish("DELETE_FAILED", reason);
                break;
            default:
                Finish(Stack.Status.Replace("_CLEANUP_IN_PROGRESS", "", StringComparison.Ordinal), reason);
                break;
        }

        return [.. resources.Values.Where(r => r.Pending is not null)];
    }

    /// <summary>Goes as far as it can without waiting, and answers every step that is to be running now.</summary>
    public IReadOnlyList<ResourceDocument> Advance()
    {
        while (Stack.Operation is not null)
        {
            var moved = Stack.Status switch
            {
                "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS" => Deploy(),
                "ROLLBACK_IN_PROGRESS" or "DELETE_IN_PROGRESS" => RemoveAll(),
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" or "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => CleanUp(),
                "UPDATE_ROLLBACK_IN_PROGRESS" => Restore(),
                _ => throw new InvalidOperationException($"A stack in {Stack.Status} has nothing under way."),
            };
            if (!moved)
            {
                break;
            }
        }

        return [.. resources.Values.Where(r => r.Pending is not null)];
    }

    /// <summary>Starts another status of the stack: with an operation while work is to be done, without one at the end.</summary>
    public void Enter(string status, string? reason, StackOperation? operation)
    {
        var clientRequestToken = (operation ?? Stack.Operation)?.ClientRequestToken;
        Put(
            Stack with
            {
                Status = status,
                StatusReason = reason,
                Operation = operation is null
                    ? null
                    : operation with
                    {
                        Phase = Guid.NewGuid().ToString(),
                        Held = false,
                        Failure = null,
                        FailedToCreate = [],
                        FailedToUpdate = [],
                        FailedToDelete = [],
                    },
                DeletionTime = status == "DELETE_COMPLETE" ? now : Stack.DeletionTime,
            }
        );
        StackEvent(status, reason, clientRequestToken);
    }

    /// <summary>Enters another status although steps may be running: they are told as cancelled, and waited for.</summary>
    public void Interrupt(string status, string? reason, StackOperation operation)
    {
        if (Stack.Operation is not null)
        {
            CancelOthers();
        }

        Enter(status, reason, operation);
    }

    /// <summary>The parent's update has succeeded: there is no way back any more.</summary>
    public void Release()
    {
        if (Stack.Operation is { Held: true } operation)
        {
            Put(Stack with { Operation = operation with { Held = false } });
        }
    }

    /// <summary>Records how a step ended.</summary>
    /// <param name="state">What exists now; null where nothing came of it. A nested stack that failed exists.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    public void Record(string logicalId, string token, ResourceState? state, string? failure)
    {
        if (!resources.TryGetValue(logicalId, out var resource) || resource.Pending is not { } step || step.Token != token)
        {
            return; // recorded before
        }

        switch (step.Action)
        {
            case StepAction.Create or StepAction.Replace or StepAction.Update:
                RecordDeployed(resource, step, state, failure);
                break;
            case StepAction.CleanUp:
                Put(resource with { Pending = null, Done = Operation.Phase });
                break;
            default:
                RecordRemoved(resource, step, failure);
                break;
        }
    }

    /// <summary>A nested stack exists, long before it is complete.</summary>
    public void Announce(string logicalId, string token, string physicalId)
    {
        if (
            resources.TryGetValue(logicalId, out var resource)
            && resource.Pending is { Initiated: false } step
            && step.Token == token
            && !step.Cancelled
        )
        {
            resource = resource with { PhysicalId = physicalId, Pending = step with { Initiated = true } };
            Put(resource);
            ResourceEvent(resource, resource.Status, "Resource creation Initiated", step.Target.Properties);
        }
    }

    private void Put(StackDocument stack)
    {
        Stack = stack;
        Change(write => store.Stacks.Put(write, scope, stack.Uuid, stack));
    }

    private void Put(ResourceDocument resource)
    {
        resources[resource.LogicalId] = resource;
        Change(write => store.Resources.Put(write, scope, $"{before.Uuid}/{resource.LogicalId}", resource));
    }

    private void Drop(ResourceDocument resource)
    {
        resources.Remove(resource.LogicalId);
        Change(write => store.Resources.Remove(write, scope, $"{before.Uuid}/{resource.LogicalId}"));
    }

    /// <summary>Changes a resource's status, with the event that says so.</summary>
    private void Status(ResourceDocument resource, string status, string? reason, JsonElement properties)
    {
        Put(resource with { Status = status, StatusReason = reason, Timestamp = now });
        ResourceEvent(resource, status, reason, properties);
    }

    private void ResourceEvent(ResourceDocument resource, string status, string? reason, JsonElement properties) =>
        Add(
            new StackEvent
            {
                StackId = Stack.Id,
                StackName = Stack.Name,
                EventId = $"{resource.LogicalId}-{status}-{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}",
                LogicalResourceId = resource.LogicalId,
                PhysicalResourceId = resource.PhysicalId ?? "",
                ResourceType = resource.Type,
                Timestamp = now,
                ResourceStatus = status,
                ResourceStatusReason = reason,
                ResourceProperties = properties.ValueKind == JsonValueKind.Undefined ? null : properties.GetRawText(),
                ClientRequestToken = Stack.Operation?.ClientRequestToken,
            }
        );

    private void Add(StackEvent happened) => Change(write => StackStore.AddEvent(write, scope, before.Uuid, happened));

    private void StackEvent(string status, string? reason, string? clientRequestToken) =>
        Add(
            new StackEvent
            {
                StackId = Stack.Id,
                StackName = Stack.Name,
                EventId = Guid.NewGuid().ToString(),
                LogicalResourceId = Stack.Name,
                PhysicalResourceId = Stack.Id,
                ResourceType = TemplateChecks.NestedStack,
                Timestamp = now,
                ResourceStatus = status,
                ResourceStatusReason = reason,
                ClientRequestToken = clientRequestToken,
            }
        );
}

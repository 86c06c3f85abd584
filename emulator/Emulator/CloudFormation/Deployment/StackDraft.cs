using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>
/// A stack and its resources as they become, with the events that tell of it. Within a write a change is made at once; outside of one it
/// waits for <see cref="Keep"/>: whatever evaluates templates must not hold up everybody's writes.
/// </summary>
internal sealed class StackDraft
{
    private readonly StackStore store;
    private readonly Transaction? transaction;
    private readonly Scope scope;
    private readonly DateTimeOffset now;
    private readonly SortedDictionary<string, ResourceDocument> resources = new(StringComparer.Ordinal);
    private readonly List<Action<Transaction>> changes = [];
    private readonly StackDocument before;
    private readonly ResourceDocument[] resourcesBefore;
    private StackDocument[]? othersBefore;

    /// <param name="transaction">The write that this is part of; null for a draft, which sees the last commit.</param>
    public StackDraft(StackStore store, Transaction? transaction, Scope scope, string uuid, DateTimeOffset now)
    {
        this.store = store;
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

    public DateTimeOffset Now => now;

    public IReadOnlyDictionary<string, ResourceDocument> Resources => resources;

    /// <summary>What is to be running now.</summary>
    public IReadOnlyList<ResourceDocument> Pending => [.. resources.Values.Where(r => r.Pending is not null)];

    public StackOperation Operation => Stack.Operation!;

    /// <summary>Applies a draft's changes. Returns false if the stack has changed since it was drafted: then it has to be drafted again.</summary>
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

    /// <summary>Ends the operation, and forgets what only a rollback needs.</summary>
    public void Finish(string status, string? reason)
    {
        foreach (var resource in resources.Values.Where(r => r.Before is not null || r.New || r.Touched).ToList())
        {
            Put(resource with { Before = null, New = false, Touched = false });
        }

        Put(Stack with { Previous = null, PreviousOutputs = null });
        Enter(status, reason, null);
    }

    /// <summary>What is still running is told as cancelled; its outcome is waited for, so that the rollback finds what it made.</summary>
    public void CancelOthers()
    {
        foreach (var resource in resources.Values.Where(r => r.Pending is { Cancelled: false }).ToList())
        {
            var step = resource.Pending!;
            var creating = step.Action == StepAction.Create;
            Status(
                resource with
                {
                    Pending = step with { Cancelled = true },
                },
                creating ? "CREATE_FAILED" : "UPDATE_FAILED",
                creating ? "Resource creation cancelled" : "Resource update cancelled",
                step.Target
            );
            Put(
                Stack with
                {
                    Operation = creating
                        ? Operation with
                        {
                            FailedToCreate = [.. Operation.FailedToCreate, resource.LogicalId],
                        }
                        : Operation with
                        {
                            FailedToUpdate = [.. Operation.FailedToUpdate, resource.LogicalId],
                        },
                }
            );
        }
    }

    /// <summary>The template that the stack is to be as.</summary>
    public Template Template() => store.Template(transaction, scope, Stack.Input.TemplateId!);

    public Evaluation Evaluation(Template template) =>
        new(template, Stack.Input.Values, new PseudoParameters(scope, Stack.Name, Stack.Id, []))
        {
            References = Stack.Input.References,
            Existing = name => IsDone(name) ? resources[name].Current?.State : null,
            Exports = Import,
        };

    private string? Import(string name)
    {
        LookAtOthers();
        var value = store.Exports(transaction, scope).FirstOrDefault(e => e.Output.ExportName == name).Output?.OutputValue;
        if (value is not null && !Stack.Imports.Contains(name))
        {
            Put(Stack with { Imports = [.. Stack.Imports, name] });
        }

        return value;
    }

    public bool IsDone(string name) => resources.TryGetValue(name, out var resource) && resource.Done == Operation.Phase;

    public bool IsPending(string name) => resources.TryGetValue(name, out var resource) && resource.Pending is not null;

    /// <summary>Another stack that exports a name; null where there is none.</summary>
    public StackDocument? Exporter(string name)
    {
        LookAtOthers();
        return store.Exports(transaction, scope).FirstOrDefault(e => e.Output.ExportName == name && e.Stack.Id != Stack.Id).Stack;
    }

    /// <summary>The other stacks that use an export.</summary>
    public List<StackDocument> Importers(string export)
    {
        LookAtOthers();
        return [.. store.All(transaction, scope).Where(s => !s.IsDeleted && s.Id != Stack.Id && s.Imports.Contains(export))];
    }

    public void Put(StackDocument stack)
    {
        Stack = stack;
        Change(write => store.Stacks.Put(write, scope, stack.Uuid, stack));
    }

    public void Put(ResourceDocument resource)
    {
        resources[resource.LogicalId] = resource;
        Change(write => store.Resources.Put(write, scope, $"{before.Uuid}/{resource.LogicalId}", resource));
    }

    public void Drop(ResourceDocument resource)
    {
        resources.Remove(resource.LogicalId);
        Change(write => store.Resources.Remove(write, scope, $"{before.Uuid}/{resource.LogicalId}"));
    }

    /// <summary>Changes a resource's status, with the event that says so.</summary>
    /// <param name="version">What the event shows the properties of; null where it shows none.</param>
    public void Status(ResourceDocument resource, string status, string? reason, ResourceVersion? version)
    {
        Put(resource with { Status = status, StatusReason = reason, Timestamp = now });
        ResourceEvent(resource, status, reason, version);
    }

    /// <inheritdoc cref="Status"/>
    public void ResourceEvent(ResourceDocument resource, string status, string? reason, ResourceVersion? version)
    {
        // What the end of an update removes has ids of another kind (recorded on AWS 15-04-2025).
        var isCleanup = version is null && Stack.Status.EndsWith("CLEANUP_IN_PROGRESS", StringComparison.Ordinal);
        Add(
            new StackEvent
            {
                StackId = Stack.Id,
                StackName = Stack.Name,
                EventId = isCleanup ? $"{resource.LogicalId}-{Guid.NewGuid()}" : $"{resource.LogicalId}-{status}-",
                LogicalResourceId = resource.LogicalId,
                PhysicalResourceId = resource.PhysicalId ?? "",
                ResourceType = resource.Type,
                Timestamp = now,
                ResourceStatus = status,
                ResourceStatusReason = reason,
                ResourceProperties = version?.Shown.GetRawText(),
                ClientRequestToken = Stack.Operation?.ClientRequestToken,
            },
            endsWithTime: !isCleanup
        );
    }

    private void Add(StackEvent happened, bool endsWithTime = false) =>
        Change(write =>
            StackStore.AddEvent(
                write,
                scope,
                before.Uuid,
                now,
                time =>
                    happened with
                    {
                        EventId = endsWithTime ? $"{happened.EventId}{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}" : happened.EventId,
                        Timestamp = time,
                    }
            )
        );

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

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

/// <summary>AWS::SQS::QueuePolicy: one policy, set on each queue of a list; AWS::SQS::QueueInlinePolicy, on one queue.</summary>
internal sealed class QueuePolicyResource(Database database, Queues queues, SetQueueAttributes set, bool isInline = false) : IResource
{
    public string Type => isInline ? "AWS::SQS::QueueInlinePolicy" : "AWS::SQS::QueuePolicy";

    public ResourceActions? Actions => new("sqs:SetQueueAttributes", "sqs:SetQueueAttributes", "sqs:SetQueueAttributes");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["PolicyDocument"] = new(Required: true),
            [isInline ? "Queue" : "Queues"] = new(isInline ? UpdateType.Replacement : UpdateType.InPlace, Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = isInline ? [] : ["Id"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        await Set(request, QueuesOf(request.Properties), TemplateText.Of(request.Properties, "PolicyDocument") ?? "").ConfigureAwait(false);
        if (isInline)
        {
            return ResourceState.Of(QueuesOf(request.Properties)[0]);
        }

        var id = request.GenerateName(128);
        return ResourceState.Of(id, ("Id", id));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = QueuesOf(request.Properties);
        await Remove(request, QueuesOf(request.PreviousProperties).Except(wanted)).ConfigureAwait(false);
        await Set(request, wanted, TemplateText.Of(request.Properties, "PolicyDocument") ?? "").ConfigureAwait(false);
        return isInline ? ResourceState.Of(request.PhysicalId!) : ResourceState.Of(request.PhysicalId!, ("Id", request.PhysicalId!));
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => Remove(request, QueuesOf(request.Properties));

    private IReadOnlyList<string> QueuesOf(JsonElement properties) =>
        isInline ? [TemplateText.Of(properties, "Queue") ?? ""] : [.. TemplateText.List(properties, "Queues")];

    private Task Set(ResourceRequest request, IEnumerable<string> urls, string policy)
    {
        var found = urls.Select(url => queues.Find(url, request.Caller, "SetQueueAttributes")).ToList();
        return database.Write(transaction =>
            found.ForEach(queue => set.Set(transaction, queue, new Dictionary<string, string> { ["Policy"] = policy }))
        );
    }

    /// <summary>Queues that are gone have no policy any more.</summary>
    private Task Remove(ResourceRequest request, IEnumerable<string> urls)
    {
        var names = urls.Select(url => url.Split('/'))
            .Where(parts => parts.Length >= 2)
            .Select(parts => (Scope: new Scope(parts[^2], request.Caller.Region), Name: parts[^1]))
            .ToList();
        return database.Write(transaction =>
        {
            foreach (var (scope, name) in names)
            {
                if (queues.Shelf.Get(transaction, scope, name) is { } queue)
                {
                    set.Set(transaction, queue, new Dictionary<string, string> { ["Policy"] = "" });
                }
            }
        });
    }
}

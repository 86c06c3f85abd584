using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

/// <summary>AWS::SQS::QueuePolicy: one policy, set on each queue of a list.</summary>
internal sealed class QueuePolicyResource(Database database, Queues queues, SetQueueAttributes set) : IResource
{
    public string Type => "AWS::SQS::QueuePolicy";

    public ResourceActions? Actions => new("sqs:SetQueueAttributes", "sqs:SetQueueAttributes", "sqs:SetQueueAttributes");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["PolicyDocument"] = new(Required: true),
            ["Queues"] = new(Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        await Set(request, TemplateText.List(request.Properties, "Queues"), TemplateText.Of(request.Properties, "PolicyDocument") ?? "")
            .ConfigureAwait(false);
        var id = request.GenerateName(128);
        return ResourceState.Of(id, ("Id", id));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateText.List(request.Properties, "Queues");
        await Remove(request, TemplateText.List(request.PreviousProperties, "Queues").Except(wanted)).ConfigureAwait(false);
        await Set(request, wanted, TemplateText.Of(request.Properties, "PolicyDocument") ?? "").ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!, ("Id", request.PhysicalId!));
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        Remove(request, TemplateText.List(request.Properties, "Queues"));

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

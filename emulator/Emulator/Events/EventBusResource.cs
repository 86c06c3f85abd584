using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Events;

internal sealed record BusProperties(string? Name, string? Description, List<Tag>? Tags);

/// <summary>CloudFormation's <c>AWS::Events::EventBus</c>.</summary>
internal sealed class EventBusResource(EventBuses buses) : IResource
{
    public string Type => "AWS::Events::EventBus";

    public ResourceActions? Actions => new("events:CreateEventBus", "events:UpdateEventBus", "events:DeleteEventBus");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement, Required: true),
            ["Description"] = new(UpdateType.Replacement),
            ["Tags"] = new(UpdateType.Replacement),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "Name"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => EventsTemplate.Default.BusProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var bus = request.Properties.Deserialize(EventsTemplate.Default.BusProperties)!;
        var tags = (bus.Tags ?? []).Concat(request.StackTags.Select(tag => new Tag(tag.Key, tag.Value))).ToList();
        await buses.Create(new CreateEventBusRequest(bus.Name, bus.Description, tags), request.Caller, cancellation).ConfigureAwait(false);
        return State(bus.Name!, request.Caller.Scope);
    }

    /// <summary>Every property replaces: an update changes nothing.</summary>
    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(State(request.PhysicalId!, request.Caller.Scope));

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        buses.Delete(new EventBusRequest(request.PhysicalId), request.Caller, cancellation);

    private static ResourceState State(string name, Scope scope) =>
        ResourceState.Of(name, ("Arn", EventBuses.ArnOf(name, scope)), ("Name", name));
}

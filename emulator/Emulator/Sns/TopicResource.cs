using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

/// <summary>AWS::SNS::Topic, with the subscriptions that its template lists. Ref is the ARN.</summary>
internal sealed class TopicResource(
    Database database,
    Topics topics,
    CreateTopic create,
    DeleteTopic delete,
    Subscribe subscribe,
    Unsubscribe unsubscribe
) : IResource
{
    private static readonly string[] OfTheTopic =
    [
        "ContentBasedDeduplication",
        "DisplayName",
        "FifoThroughputScope",
        "KmsMasterKeyId",
        "MaximumMessageSize",
        "SignatureVersion",
        "TracingConfig",
    ];

    public string Type => "AWS::SNS::Topic";

    public ResourceActions? Actions =>
        new(
            "sns:CreateTopic sns:Subscribe",
            "sns:SetTopicAttributes sns:Subscribe sns:Unsubscribe sns:TagResource sns:UntagResource",
            "sns:DeleteTopic"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        OfTheTopic
            .Concat(["DeliveryStatusLogging", "Subscription", "Tags"])
            .Select(name => (name, new PropertyRule()))
            .Append(("TopicName", new(UpdateType.Replacement)))
            .Append(("FifoTopic", new(UpdateType.Replacement)))
            .ToDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Attributes { get; } = ["TopicArn", "TopicName"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var fifo = TemplateText.Of(request.Properties, "FifoTopic") == "true";
        var name =
            TemplateText.Of(request.Properties, "TopicName") ?? (fifo ? request.GenerateName(251) + ".fifo" : request.GenerateName(256));
        var attributes = Wanted(request.Properties);
        if (fifo)
        {
            attributes["FifoTopic"] = "true";
        }

        var tags = TemplateText.Tags(request).Select(tag => new Tag(tag.Key, tag.Value)).ToList();
        var topic = await create.Create(new(name, attributes, tags), request.Caller.Scope, request.Token).ConfigureAwait(false);
        foreach (var (protocol, endpoint) in Subscriptions(request.Properties))
        {
            await subscribe.Create(topic, new(topic.Arn, protocol, endpoint, null, true), request.Caller).ConfigureAwait(false);
        }

        return State(topic);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Wanted(request.Properties);
        var tags = TemplateText.Tags(request);
        var topic = await database
            .Write(transaction =>
            {
                var arn = Arn.Parse(request.PhysicalId!);
                var current = topics.Shelf.Get(transaction, arn.Scope, arn.Resource) ?? throw SnsErrors.TopicDoesNotExist();
                // From nothing, so that a property that the template no longer sets returns to its default; the policy is another resource's, and a delivery policy no template's.
                var kept = current.Set.Where(entry => entry.Key is "Policy" or "FifoTopic" or "DeliveryPolicy").ToDictionary();
                var changed = current with { Set = TopicAttributes.Apply(kept, wanted, current.Fifo, onCreate: false), Tags = tags };
                LargeTopic.Check(changed, [.. topics.Of(transaction, changed).Select(subscription => subscription.Protocol)]);
                topics.Shelf.Put(transaction, arn.Scope, arn.Resource, changed);
                return changed;
            })
            .ConfigureAwait(false);

        var subscriptions = Subscriptions(request.Properties);
        foreach (var gone in Subscriptions(request.PreviousProperties).Except(subscriptions))
        {
            if (topics.Of(topic).FirstOrDefault(subscription => (subscription.Protocol, subscription.Endpoint) == gone) is { } subscription)
            {
                await unsubscribe.End(subscription).ConfigureAwait(false);
            }
        }

        foreach (var added in subscriptions.Except(Subscriptions(request.PreviousProperties)))
        {
            await subscribe.Create(topic, new(topic.Arn, added.Protocol, added.Endpoint, null, true), request.Caller).ConfigureAwait(false);
        }

        return State(topic);
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        topics.FindOrNone(request.PhysicalId ?? "") is { } topic ? delete.Delete(topic) : Task.CompletedTask;

    private static Dictionary<string, string> Wanted(JsonElement properties) =>
        OfTheTopic
            .Select(name => (name, TemplateText.Of(properties, name)))
            .Where(entry => entry.Item2 is not null)
            .Select(entry => (entry.name, Value: entry.Item2!))
            .Concat(StatusAttributes.FromTemplate(properties))
            .GroupBy(entry => entry.Item1, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last().Item2, StringComparer.Ordinal);

    private static List<(string Protocol, string Endpoint)> Subscriptions(JsonElement properties) =>
        properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty("Subscription", out var list)
        && list.ValueKind == JsonValueKind.Array
            ?
            [
                .. list.EnumerateArray()
                    .Select(item =>
                        (
                            TemplateText.Of(item, "Protocol") ?? throw SnsErrors.Invalid("Protocol"),
                            TemplateText.Of(item, "Endpoint") ?? throw SnsErrors.Invalid("Endpoint")
                        )
                    ),
            ]
            : [];

    private static ResourceState State(Topic topic) => ResourceState.Of(topic.Arn, ("TopicArn", topic.Arn), ("TopicName", topic.Name));
}

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Sns;

/// <summary>AWS::SNS::Subscription. Ref is the ARN, also while the endpoint has not confirmed.</summary>
internal sealed class SubscriptionResource(Topics topics, Subscribe subscribe, Unsubscribe unsubscribe, SetSubscriptionAttributes set)
    : IResource
{
    private static readonly string[] OfTheSubscription =
    [
        "DeliveryPolicy",
        "FilterPolicy",
        "FilterPolicyScope",
        "RawMessageDelivery",
        "RedrivePolicy",
    ];

    public string Type => "AWS::SNS::Subscription";

    public ResourceActions? Actions => new("sns:Subscribe", "sns:SetSubscriptionAttributes", "sns:Unsubscribe");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        OfTheSubscription
            .Select(name => (name, new PropertyRule()))
            .Concat(
                ((string[])["Endpoint", "Protocol", "TopicArn"]).Select(name =>
                    (name, new PropertyRule(UpdateType.Replacement, Required: true))
                )
            )
            .ToDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = request.Properties;
        var topic = topics.Find(TemplateText.Of(properties, "TopicArn"), request.Caller, "Subscribe");
        var input = new SubscribeInput(
            topic.Arn,
            TemplateText.Of(properties, "Protocol"),
            TemplateText.Of(properties, "Endpoint"),
            Wanted(properties),
            true
        );
        return State((await subscribe.Create(topic, input, request.Caller).ConfigureAwait(false)).Arn);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var subscription = topics.Subscription(request.PhysicalId!) ?? throw SnsErrors.SubscriptionDoesNotExist();
        var wanted = Wanted(request.Properties);
        foreach (var gone in Wanted(request.PreviousProperties).Keys.Except(wanted.Keys))
        {
            wanted[gone] = gone switch
            {
                "RawMessageDelivery" => "false",
                "FilterPolicyScope" => "MessageAttributes",
                _ => "",
            };
        }

        await set.Set(subscription, wanted).ConfigureAwait(false);
        return State(subscription.Arn);
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        request.PhysicalId is { } arn && topics.Subscription(arn) is { } subscription ? unsubscribe.End(subscription) : Task.CompletedTask;

    private static Dictionary<string, string> Wanted(JsonElement properties) =>
        OfTheSubscription
            .Select(name => (name, TemplateText.Of(properties, name)))
            .Where(entry => entry.Item2 is not null)
            .ToDictionary(entry => entry.name, entry => entry.Item2!, StringComparer.Ordinal);

    private static ResourceState State(string arn) => ResourceState.Of(arn, ("Arn", arn));
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

/// <summary>All of a subscription's attributes.</summary>
internal sealed class GetSubscriptionAttributes(Topics topics)
{
    public AttributesResponse Run(SubscriptionArnInput input, Caller caller)
    {
        var subscription = topics.FindSubscription(input.SubscriptionArn, caller, "GetSubscriptionAttributes");
        return new(SubscriptionAttributes.Describe(subscription, topics.FindOrNone(subscription.TopicArn)));
    }
}

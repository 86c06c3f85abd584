using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record SetSubscriptionAttributesInput(string? SubscriptionArn, string? AttributeName, string? AttributeValue);

/// <summary>Sets one of a subscription's attributes.</summary>
internal sealed class SetSubscriptionAttributes(Database database, Topics topics)
{
    public Task Run(SetSubscriptionAttributesInput input, Caller caller, CancellationToken cancellation)
    {
        var subscription = topics.FindSubscription(input.SubscriptionArn, caller, "SetSubscriptionAttributes");
        var name = input.AttributeName ?? throw SnsErrors.Missing("AttributeName");
        return Set(subscription, new Dictionary<string, string> { [name] = input.AttributeValue ?? "" });
    }

    public Task Set(Subscription subscription, IReadOnlyDictionary<string, string> attributes) =>
        database.Write(transaction =>
        {
            var current = topics.Subscription(transaction, subscription.Arn) ?? throw SnsErrors.SubscriptionDoesNotExist();
            topics.Put(transaction, current with { Set = SubscriptionAttributes.Apply(current.Set, attributes, current.Protocol, "") });
        });
}

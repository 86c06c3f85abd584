namespace Disa.Emulator.Tests.Sns;

/// <summary>Topics with subscribers by HTTP.</summary>
public abstract class WithSubscribers : WithTopics
{
    private protected async Task<string> Confirmed(string topic, Subscriber endpoint, params (string, string)[] attributes)
    {
        await Subscribe(topic, "http", endpoint.Url, attributes);
        var arn = Value(await Open(Text((await endpoint.Next()).Json, "SubscribeURL"), "*/*"), "SubscriptionArn");
        Assert.True(await cloud.Clock.Settle(Patience));
        return arn;
    }

    private protected Task<string> Described(string arn) => cloud.Query("sns", "GetSubscriptionAttributes", ("SubscriptionArn", arn));
}

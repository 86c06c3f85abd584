using Disa.Emulator.Rooms;

namespace Disa.Emulator.Sns;

/// <summary>The links that mails and notifications carry: they lead to this emulator, and work.</summary>
internal sealed class Links(EmulatorEndpoint endpoint)
{
    public string Confirm(string topicArn, string token) => $"{Root}/?Action=ConfirmSubscription&TopicArn={topicArn}&Token={token}";

    public string Unsubscribe(string subscriptionArn) => $"{Root}/?Action=Unsubscribe&SubscriptionArn={subscriptionArn}";

    public string Certificate(string name) => $"{Root}/_disa/sns/{name}";

    private string Root => endpoint.Uri.ToString().TrimEnd('/');
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sns;

/// <summary>The topics and their subscriptions.</summary>
internal sealed class Topics(Database database, Clock clock, Tokens tokens)
{
    /// <summary>By topic name.</summary>
    public Shelf<Topic> Shelf { get; } = new(database, "sns.topic", SnsDocuments.Default.Topic);

    /// <summary>By <c>topic:id</c>, so that a topic's lie together.</summary>
    public Shelf<Subscription> Subscriptions { get; } = new(database, "sns.subscription", SnsDocuments.Default.Subscription);

    public Listings Lists { get; } = new(tokens, "sns", () => SnsErrors.Invalid("NextToken"));

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <exception cref="AwsException">InvalidParameter, NotFound, AuthorizationError.</exception>
    public Topic Find(string? topicArn, Caller caller, string action, string parameter = "TopicArn")
    {
        var arn = ParseArn(topicArn, parameter);
        if (arn.Region != caller.Region || arn.Service != "sns")
        {
            throw SnsErrors.Invalid(parameter);
        }

        var topic = Shelf.Get(arn.Scope, arn.Resource) ?? throw SnsErrors.TopicDoesNotExist();
        Authorize(topic, caller, action);
        return topic;
    }

    public Topic? FindOrNone(string topicArn) =>
        Arn.TryParse(topicArn) is { Service: "sns" } arn ? Shelf.Get(arn.Scope, arn.Resource) : null;

    /// <summary>An empty token asks for the first page: the AWS SDK for .NET sends one.</summary>
    public static string? TokenOf(string? given) => string.IsNullOrEmpty(given) ? null : given;

    /// <exception cref="AwsException">InvalidParameter: not an ARN.</exception>
    public static Arn ParseArn(string? text, string parameter)
    {
        var elements = (text ?? "").Split(':').Length;
        return elements < 6
            ? throw SnsErrors.Invalid($"{parameter} Reason: An ARN must have at least 6 elements, not {elements}")
            : Arn.TryParse(text) ?? throw SnsErrors.Invalid(parameter);
    }

    /// <summary>The topic's subscriptions that have not lapsed.</summary>
    public IEnumerable<Subscription> Of(Topic topic) => Live(Subscriptions.List(topic.Scope), topic.Name);

    public IEnumerable<Subscription> Of(Transaction transaction, Topic topic) =>
        Live(Subscriptions.List(transaction, topic.Scope), topic.Name);

    public Subscription? Subscription(string arn) =>
        Key(arn) is var (scope, name) && Subscriptions.Get(scope, name) is { } found && found.IsLive(Now) ? found : null;

    public Subscription? Subscription(Transaction transaction, string arn) =>
        Key(arn) is var (scope, name) && Subscriptions.Get(transaction, scope, name) is { } found && found.IsLive(Now) ? found : null;

    /// <exception cref="AwsException">InvalidParameter, NotFound, AuthorizationError.</exception>
    public Subscription FindSubscription(string? arn, Caller caller, string action)
    {
        ParseArn(arn, "SubscriptionArn");
        var subscription = Subscription(arn!) ?? throw SnsErrors.SubscriptionDoesNotExist();
        return subscription.Owner == caller.Account ? subscription : throw SnsErrors.NotAuthorized(caller, action, subscription.TopicArn);
    }

    public void Put(Transaction transaction, Subscription subscription)
    {
        var (scope, name) = Key(subscription.Arn)!.Value;
        Subscriptions.Put(transaction, scope, name, subscription);
    }

    public bool Remove(Transaction transaction, Subscription subscription)
    {
        var (scope, name) = Key(subscription.Arn)!.Value;
        return Subscriptions.Remove(transaction, scope, name);
    }

    /// <summary>Another account needs a policy of the topic's own; what that policy says is not looked at yet.</summary>
    private static void Authorize(Topic topic, Caller caller, string action)
    {
        if (caller.Account != topic.Account && !topic.Set.ContainsKey("Policy"))
        {
            throw SnsErrors.NotAuthorized(caller, action, topic.Arn);
        }
    }

    private IEnumerable<Subscription> Live(IEnumerable<KeyValuePair<string, Subscription>> all, string topic)
    {
        var prefix = topic + ":";
        var now = Now;
        return all.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => entry.Value)
            .Where(subscription => subscription.IsLive(now));
    }

    private static (Scope Scope, string Name)? Key(string arn) =>
        Arn.TryParse(arn) is { Service: "sns" } parsed ? (parsed.Scope, parsed.Resource) : null;
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sns;

/// <summary>The topics and their subscriptions.</summary>
internal sealed class Topics(Database database, Clock clock, Tokens tokens)
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(2);

    /// <summary>By topic name.</summary>
    public Shelf<Topic> Shelf { get; } = new(database, "sns.topic", SnsDocuments.Default.Topic);

    /// <summary>By <c>topic:id</c>, so that a topic's lie together.</summary>
    public Shelf<Subscription> Subscriptions { get; } = new(database, "sns.subscription", SnsDocuments.Default.Subscription);

    /// <summary>Subscriptions by HTTP and HTTPS that have ended, as long as the token in their endpoint's notice restores them; keys as above.</summary>
    public Shelf<Subscription> Ended { get; } = new(database, "sns.ended", SnsDocuments.Default.Subscription);

    public Listings Lists { get; } = new(tokens, "sns", () => SnsErrors.Invalid("NextToken"));

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A token as it is kept: its digest, for two days.</summary>
    public ConfirmationToken Issued(string token) => new(Subscribe.Digest(token), Now + TokenLife);

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

    /// <summary>Keeps a subscription that has ended, and forgets those whose tokens have expired.</summary>
    public void PutEnded(Transaction transaction, Subscription subscription)
    {
        var (scope, name) = Key(subscription.Arn)!.Value;
        var now = Now;
        foreach (var (gone, old) in Ended.List(transaction, scope).ToList())
        {
            if (!old.Tokens.Any(token => token.Expires > now))
            {
                Ended.Remove(transaction, scope, gone);
            }
        }

        Ended.Put(transaction, scope, name, subscription);
    }

    /// <summary>The topic's subscription that has ended and that a token restores; it is no longer kept as one that has ended.</summary>
    public Subscription? TakeEnded(Transaction transaction, Topic topic, string digest)
    {
        var (prefix, now) = (topic.Name + ":", Now);
        var (key, found) = Ended
            .List(transaction, topic.Scope)
            .FirstOrDefault(entry =>
                entry.Key.StartsWith(prefix, StringComparison.Ordinal)
                && entry.Value.Tokens.Any(token => token.Digest == digest && token.Expires > now)
            );
        if (found is not null)
        {
            Ended.Remove(transaction, topic.Scope, key);
        }

        return found;
    }

    /// <summary>Forgets the subscriptions of a topic that have ended.</summary>
    public void DropEnded(Transaction transaction, Topic topic)
    {
        foreach (
            var (key, _) in Ended
                .List(transaction, topic.Scope)
                .Where(entry => entry.Key.StartsWith(topic.Name + ":", StringComparison.Ordinal))
                .ToList()
        )
        {
            Ended.Remove(transaction, topic.Scope, key);
        }
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

using System.Globalization;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Sns;

/// <summary>A topic as it is kept: its name, what was set of its attributes, and its tags.</summary>
internal sealed record Topic
{
    public const int DefaultMessageSize = 262_144;

    /// <summary>Subscriptions of a topic of large messages.</summary>
    public const int LargeSubscriptions = 100;

    public required string Name { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>The attributes that were set, by AWS's names.</summary>
    public required IReadOnlyDictionary<string, string> Set { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How many confirmed subscriptions were deleted.</summary>
    public int DeletedSubscriptions { get; init; }

    /// <summary>The token of the CloudFormation step that created it.</summary>
    public string? CreationToken { get; init; }

    /// <summary>https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html</summary>
    public ServiceMetric Metric(string name, string unit = "Count") => new(Scope, "AWS/SNS", name, "TopicName", Name, unit);

    [JsonIgnore]
    public Scope Scope => new(Account, Region);

    [JsonIgnore]
    public string Arn => Aws.Arn.Of("sns", Scope, Name);

    [JsonIgnore]
    public bool Fifo => Name.EndsWith(".fifo", StringComparison.Ordinal);

    [JsonIgnore]
    public bool ContentBasedDeduplication => Set.GetValueOrDefault("ContentBasedDeduplication") == "true";

    [JsonIgnore]
    public string? KmsKey => Set.GetValueOrDefault("KmsMasterKeyId");

    /// <summary>Bytes of a message with its attributes, and of a batch.</summary>
    /// <remarks>https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html.</remarks>
    [JsonIgnore]
    public int MaximumMessageSize =>
        Set.TryGetValue("MaximumMessageSize", out var size) ? int.Parse(size, CultureInfo.InvariantCulture) : DefaultMessageSize;

    /// <summary>Whether it takes messages that not every subscription can get: then it has few subscriptions, and of some protocols only.</summary>
    [JsonIgnore]
    public bool IsLarge => MaximumMessageSize > DefaultMessageSize;

    [JsonIgnore]
    public string? DisplayName => Set.GetValueOrDefault("DisplayName") is { Length: > 0 } name ? name : null;
}

/// <summary>A subscription as it is kept.</summary>
internal sealed record Subscription
{
    private static readonly TimeSpan DisabledLife = TimeSpan.FromHours(48);

    public required string Arn { get; init; }

    public required string TopicArn { get; init; }

    public required string Owner { get; init; }

    /// <summary>Who subscribed.</summary>
    public required string Principal { get; init; }

    public required string Protocol { get; init; }

    public required string Endpoint { get; init; }

    public bool Confirmed { get; init; }

    /// <summary>Whether whoever confirmed was signed in.</summary>
    public bool ConfirmationWasAuthenticated { get; init; }

    /// <summary>Whether only signed requests may end it.</summary>
    public bool AuthenticateOnUnsubscribe { get; init; }

    /// <summary>When SNS disabled it, for too many mails in a second; null where it did not, or it was confirmed again.</summary>
    public DateTimeOffset? Disabled { get; init; }

    /// <summary>Digests of the tokens that were mailed or posted, each valid for two days.</summary>
    public IReadOnlyList<ConfirmationToken> Tokens { get; init; } = [];

    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    public bool Raw => Set.GetValueOrDefault("RawMessageDelivery") == "true";

    [JsonIgnore]
    public bool Mailed => Protocol is "email" or "email-json";

    /// <summary>Whether it is posted to, by HTTP or HTTPS.</summary>
    [JsonIgnore]
    public bool Posted => Protocol is "http" or "https";

    /// <summary>An unconfirmed subscription goes when its last token has expired, a disabled one not before 48 hours are over.</summary>
    public bool IsLive(DateTimeOffset now) => Confirmed || Disabled + DisabledLife > now || Tokens.Any(token => token.Expires > now);
}

/// <param name="Digest">SHA-256 of the token, in hex: the store does not hold what would confirm.</param>
internal sealed record ConfirmationToken(string Digest, DateTimeOffset Expires);

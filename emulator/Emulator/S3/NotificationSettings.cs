using System.Xml.Linq;

namespace Disa.Emulator.S3;

/// <summary>Who is told of what happens in a bucket: its notification configuration, read.</summary>
internal sealed record NotificationSettings(IReadOnlyList<NotificationRule> Rules, bool ToEventBridge)
{
    private const string Kind = "notification";

    private const string Common = "Id?,Event+,Filter(S3Key(FilterRule(Name,Value)*)?)?";

    public static readonly BucketConfigurations Document = new(
        Kind,
        $"NotificationConfiguration(TopicConfiguration(Topic,{Common})*,QueueConfiguration(Queue,{Common})*,"
            + $"CloudFunctionConfiguration(CloudFunction,{Common})*,EventBridgeConfiguration?)",
        _ => S3Xml.Element("NotificationConfiguration")
    );

    /// <summary>The element that names the destination, by that of the configuration.</summary>
    private static readonly (string Configuration, string Destination)[] Kinds =
    [
        ("TopicConfiguration", "Topic"),
        ("QueueConfiguration", "Queue"),
        ("CloudFunctionConfiguration", "CloudFunction"),
    ];

    /// <summary>Null where nobody is told anything.</summary>
    public static NotificationSettings? Of(Bucket bucket) => Document.Of(bucket) is { } document ? Read(document) : null;

    public static NotificationSettings Read(XElement document) =>
        new(
            [
                .. Kinds.SelectMany(kind =>
                    document
                        .Children(kind.Configuration)
                        .Select(rule => new NotificationRule(
                            rule,
                            kind.Destination,
                            rule.Text(kind.Destination) ?? "",
                            rule.Text("Id") ?? "",
                            [.. rule.Children("Event").Select(name => name.Value)],
                            Filter(rule, "Prefix"),
                            Filter(rule, "Suffix")
                        ))
                ),
            ],
            document.Child("EventBridgeConfiguration") is not null
        );

    public static IEnumerable<XElement> FilterRules(XElement rule) => rule.Child("Filter")?.Child("S3Key")?.Children("FilterRule") ?? [];

    private static string Filter(XElement rule, string name) =>
        FilterRules(rule)
            .Where(filter => string.Equals(filter.Text("Name"), name, StringComparison.OrdinalIgnoreCase))
            .Select(filter => filter.Text("Value"))
            .FirstOrDefault()
        ?? "";
}

/// <summary>One configuration: which events of which keys go where.</summary>
/// <param name="Document">Its element.</param>
/// <param name="Destination"><c>Queue</c>, <c>Topic</c> or <c>CloudFunction</c>.</param>
internal sealed record NotificationRule(
    XElement Document,
    string Destination,
    string Arn,
    string Id,
    IReadOnlyList<string> Events,
    string Prefix,
    string Suffix
)
{
    public bool IsFor(BucketEvent happened) =>
        happened.Key.StartsWith(Prefix, StringComparison.Ordinal)
        && happened.Key.EndsWith(Suffix, StringComparison.Ordinal)
        && Events.Any(wanted => Covers(wanted, "s3:" + happened.Name));

    /// <summary>Whether an event may be both rules'.</summary>
    public bool Overlaps(NotificationRule other) =>
        Events.Any(one => other.Events.Any(two => Covers(one, two) || Covers(two, one)))
        && (Prefix.StartsWith(other.Prefix, StringComparison.Ordinal) || other.Prefix.StartsWith(Prefix, StringComparison.Ordinal))
        && (Suffix.EndsWith(other.Suffix, StringComparison.Ordinal) || other.Suffix.EndsWith(Suffix, StringComparison.Ordinal));

    private static bool Covers(string wanted, string name) =>
        wanted == name || (wanted.EndsWith(":*", StringComparison.Ordinal) && name.StartsWith(wanted[..^1], StringComparison.Ordinal));
}

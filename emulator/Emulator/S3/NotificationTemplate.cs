using System.Xml.Linq;

namespace Disa.Emulator.S3;

internal sealed record NotificationProperties(
    EventBridgeProperties? EventBridgeConfiguration,
    IReadOnlyList<LambdaNotificationProperties>? LambdaConfigurations,
    IReadOnlyList<QueueNotificationProperties>? QueueConfigurations,
    IReadOnlyList<TopicNotificationProperties>? TopicConfigurations
);

internal sealed record EventBridgeProperties(bool? EventBridgeEnabled);

internal sealed record LambdaNotificationProperties(string? Event, string? Function, NotificationFilterProperties? Filter);

internal sealed record QueueNotificationProperties(string? Event, string? Queue, NotificationFilterProperties? Filter);

internal sealed record TopicNotificationProperties(string? Event, string? Topic, NotificationFilterProperties? Filter);

internal sealed record NotificationFilterProperties(KeyFilterProperties? S3Key);

internal sealed record KeyFilterProperties(IReadOnlyList<FilterRuleProperties>? Rules);

internal sealed record FilterRuleProperties(string? Name, string? Value);

/// <summary>What a template says of a bucket's notifications, as the document that the operation keeps.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html</remarks>
internal static class NotificationTemplate
{
    public static XElement Document(NotificationProperties wanted)
    {
        var root = S3Xml.Element("NotificationConfiguration");
        foreach (var topic in wanted.TopicConfigurations ?? [])
        {
            root.Add(Rule("TopicConfiguration", "Topic", topic.Topic, topic.Event, topic.Filter));
        }

        foreach (var queue in wanted.QueueConfigurations ?? [])
        {
            root.Add(Rule("QueueConfiguration", "Queue", queue.Queue, queue.Event, queue.Filter));
        }

        foreach (var function in wanted.LambdaConfigurations ?? [])
        {
            root.Add(Rule("CloudFunctionConfiguration", "CloudFunction", function.Function, function.Event, function.Filter));
        }

        if (wanted.EventBridgeConfiguration is { EventBridgeEnabled: not false })
        {
            root.Add(S3Xml.Element("EventBridgeConfiguration"));
        }

        return root;
    }

    private static XElement Rule(string kind, string name, string? target, string? wanted, NotificationFilterProperties? filter)
    {
        var rules = (filter?.S3Key?.Rules ?? []).Select(rule =>
            S3Xml.Element("FilterRule", S3Xml.Optional("Name", rule.Name), S3Xml.Optional("Value", rule.Value))
        );
        return S3Xml.Element(
            kind,
            S3Xml.Optional(name, target),
            S3Xml.Optional("Event", wanted),
            filter is null ? null : S3Xml.Element("Filter", S3Xml.Element("S3Key", rules.ToList()))
        );
    }
}

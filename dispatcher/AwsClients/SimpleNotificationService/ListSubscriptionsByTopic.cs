using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>What ListSubscriptionsByTopic asks.</summary>
public sealed class ListSubscriptionsByTopicRequest : AmazonWebServiceRequest
{
    public string? TopicArn { get; set; }

    public string? NextToken { get; set; }
}

/// <summary>What ListSubscriptionsByTopic answers.</summary>
public sealed class ListSubscriptionsByTopicResponse : AmazonWebServiceResponse
{
    public List<Subscription> Subscriptions { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of ListSubscriptionsByTopic.</summary>
public sealed class Subscription
{
    public string? SubscriptionArn { get; set; }

    public string? Owner { get; set; }

    public string? Protocol { get; set; }

    public string? Endpoint { get; set; }

    public string? TopicArn { get; set; }
}

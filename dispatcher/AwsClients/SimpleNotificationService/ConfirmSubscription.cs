using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>What ConfirmSubscription asks.</summary>
public sealed class ConfirmSubscriptionRequest : AmazonWebServiceRequest
{
    public string? TopicArn { get; set; }

    public string? Token { get; set; }

    public string? AuthenticateOnUnsubscribe { get; set; }
}

/// <summary>What ConfirmSubscription answers.</summary>
public sealed class ConfirmSubscriptionResponse : AmazonWebServiceResponse
{
    public string? SubscriptionArn { get; set; }
}

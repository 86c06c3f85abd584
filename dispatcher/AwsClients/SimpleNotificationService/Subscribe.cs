using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>What Subscribe asks.</summary>
public sealed class SubscribeRequest : AmazonWebServiceRequest
{
    public string? TopicArn { get; set; }

    public string? Protocol { get; set; }

    public string? Endpoint { get; set; }

    public Dictionary<string, string>? Attributes { get; set; }

    public bool? ReturnSubscriptionArn { get; set; }
}

/// <summary>What Subscribe answers.</summary>
public sealed class SubscribeResponse : AmazonWebServiceResponse
{
    public string? SubscriptionArn { get; set; }
}

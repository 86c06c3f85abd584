using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>What GetTopicAttributes asks.</summary>
public sealed class GetTopicAttributesRequest : AmazonWebServiceRequest
{
    public string? TopicArn { get; set; }
}

/// <summary>What GetTopicAttributes answers.</summary>
public sealed class GetTopicAttributesResponse : AmazonWebServiceResponse
{
    public Dictionary<string, string> Attributes { get; set; } = [];
}

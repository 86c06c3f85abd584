using Amazon.Runtime;

namespace Amazon.SimpleNotificationService.Model;

/// <summary>What PublishBatch asks.</summary>
public sealed class PublishBatchRequest : AmazonWebServiceRequest
{
    public string? TopicArn { get; set; }

    public List<PublishBatchRequestEntry>? PublishBatchRequestEntries { get; set; }
}

/// <summary>What PublishBatch answers.</summary>
public sealed class PublishBatchResponse : AmazonWebServiceResponse
{
    public List<PublishBatchResultEntry> Successful { get; set; } = [];

    public List<BatchResultErrorEntry> Failed { get; set; } = [];
}

/// <summary>Part of PublishBatch.</summary>
public sealed class PublishBatchRequestEntry
{
    public string? Id { get; set; }

    public string? Message { get; set; }

    public string? Subject { get; set; }

    public string? MessageStructure { get; set; }

    public Dictionary<string, MessageAttributeValue> MessageAttributes { get; set; } = [];

    public string? MessageDeduplicationId { get; set; }

    public string? MessageGroupId { get; set; }
}

/// <summary>Part of PublishBatch.</summary>
public sealed class PublishBatchResultEntry
{
    public string? Id { get; set; }

    public string? MessageId { get; set; }

    public string? SequenceNumber { get; set; }
}

/// <summary>Part of PublishBatch.</summary>
public sealed class BatchResultErrorEntry
{
    public string? Id { get; set; }

    public string? Code { get; set; }

    public string? Message { get; set; }

    public bool? SenderFault { get; set; }
}

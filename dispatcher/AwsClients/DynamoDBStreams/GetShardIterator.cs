using Amazon.Runtime;

namespace Amazon.DynamoDBStreams.Model;

/// <summary>What GetShardIterator asks.</summary>
public sealed class GetShardIteratorRequest : AmazonWebServiceRequest
{
    public string? StreamArn { get; set; }

    public string? ShardId { get; set; }

    public string? ShardIteratorType { get; set; }

    public string? SequenceNumber { get; set; }
}

/// <summary>What GetShardIterator answers.</summary>
public sealed class GetShardIteratorResponse : AmazonWebServiceResponse
{
    public string? ShardIterator { get; set; }
}

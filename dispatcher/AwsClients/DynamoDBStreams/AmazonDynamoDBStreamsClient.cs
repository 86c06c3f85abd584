using Amazon.DynamoDBStreams.Model;
using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.DynamoDBStreams;

/// <summary>Where DynamoDB Streams is and how it is called: a host of its own, signatures of DynamoDB.</summary>
public sealed class AmazonDynamoDBStreamsConfig : ServiceConfig
{
    public AmazonDynamoDBStreamsConfig()
        : base("DynamoDB Streams", "streams.dynamodb", "2012-08-10") => AuthenticationServiceName = "dynamodb";
}

/// <summary>A client of DynamoDB Streams, for the operations that Disa calls.</summary>
public class AmazonDynamoDBStreamsClient : ServiceClient
{
    private static readonly JsonWire Wire = new(
        "Amazon.DynamoDBStreams",
        "DynamoDBStreams_20120810",
        "1.0",
        AmazonDynamoDBStreamsException.Of
    );

    private static readonly Operation<GetShardIteratorRequest, GetShardIteratorResponse> GetShardIteratorOperation = Wire.Operation(
        "GetShardIterator",
        DynamoDBStreamsJson.Default.GetShardIteratorRequest,
        DynamoDBStreamsJson.Default.GetShardIteratorResponse
    );

    private static readonly Operation<GetRecordsRequest, GetRecordsResponse> GetRecordsOperation = Wire.Operation(
        "GetRecords",
        DynamoDBStreamsJson.Default.GetRecordsRequest,
        DynamoDBStreamsJson.Default.GetRecordsResponse
    );

    public AmazonDynamoDBStreamsClient()
        : this(new AmazonDynamoDBStreamsConfig()) { }

    public AmazonDynamoDBStreamsClient(AmazonDynamoDBStreamsConfig config)
        : base(config) { }

    public AmazonDynamoDBStreamsClient(AWSCredentials credentials, AmazonDynamoDBStreamsConfig config)
        : base(credentials, config) { }

    public virtual Task<GetShardIteratorResponse> GetShardIteratorAsync(
        GetShardIteratorRequest request,
        CancellationToken cancellationToken = default
    ) => Call(GetShardIteratorOperation, request, cancellationToken);

    public virtual Task<GetRecordsResponse> GetRecordsAsync(GetRecordsRequest request, CancellationToken cancellationToken = default) =>
        Call(GetRecordsOperation, request, cancellationToken);
}

using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.DynamoDBStreams
{
    /// <summary>An error that DynamoDB Streams answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonDynamoDBStreamsException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonDynamoDBStreamsException Of(Failure failure) =>
            failure.Code switch
            {
                "TrimmedDataAccessException" => new Model.TrimmedDataAccessException(failure),
                "ResourceNotFoundException" => new Model.ResourceNotFoundException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.DynamoDBStreams.Model
{
    /// <summary>DynamoDB Streams answered TrimmedDataAccessException: the records are older than it keeps them.</summary>
    public sealed class TrimmedDataAccessException(Failure failure) : AmazonDynamoDBStreamsException(failure);

    /// <summary>DynamoDB Streams answered ResourceNotFoundException: there is no such stream, or no such shard any more.</summary>
    public sealed class ResourceNotFoundException(Failure failure) : AmazonDynamoDBStreamsException(failure);
}

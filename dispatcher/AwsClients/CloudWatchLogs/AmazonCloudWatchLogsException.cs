using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.CloudWatchLogs
{
    /// <summary>An error that CloudWatch Logs answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonCloudWatchLogsException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonCloudWatchLogsException Of(Failure failure) =>
            failure.Code switch
            {
                "ResourceNotFoundException" => new Model.ResourceNotFoundException(failure),
                "InvalidParameterException" => new Model.InvalidParameterException(failure),
                "ServiceUnavailableException" => new Model.ServiceUnavailableException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.CloudWatchLogs.Model
{
    /// <summary>CloudWatch Logs answered ResourceNotFoundException.</summary>
    public sealed class ResourceNotFoundException(Failure failure) : AmazonCloudWatchLogsException(failure);

    /// <summary>CloudWatch Logs answered InvalidParameterException.</summary>
    public sealed class InvalidParameterException(Failure failure) : AmazonCloudWatchLogsException(failure);

    /// <summary>CloudWatch Logs answered ServiceUnavailableException.</summary>
    public sealed class ServiceUnavailableException(Failure failure) : AmazonCloudWatchLogsException(failure);
}

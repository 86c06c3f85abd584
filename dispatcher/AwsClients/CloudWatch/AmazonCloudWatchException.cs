using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.CloudWatch
{
    /// <summary>An error that CloudWatch answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonCloudWatchException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonCloudWatchException Of(Failure failure) =>
            failure.Code switch
            {
                "ResourceNotFound" => new Model.ResourceNotFoundException(failure),
                "InvalidFormat" => new Model.InvalidFormatFaultException(failure),
                "InvalidParameterValue" => new Model.InvalidParameterValueException(failure),
                "LimitExceeded" => new Model.LimitExceededFaultException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.CloudWatch.Model
{
    /// <summary>CloudWatch answered ResourceNotFound.</summary>
    public sealed class ResourceNotFoundException(Failure failure) : AmazonCloudWatchException(failure);

    /// <summary>CloudWatch answered InvalidFormat.</summary>
    public sealed class InvalidFormatFaultException(Failure failure) : AmazonCloudWatchException(failure);

    /// <summary>CloudWatch answered InvalidParameterValue.</summary>
    public sealed class InvalidParameterValueException(Failure failure) : AmazonCloudWatchException(failure);

    /// <summary>CloudWatch answered LimitExceeded.</summary>
    public sealed class LimitExceededFaultException(Failure failure) : AmazonCloudWatchException(failure);
}

using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.Lambda
{
    /// <summary>An error that Lambda answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonLambdaException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonLambdaException Of(Failure failure) =>
            failure.Code switch
            {
                "ResourceNotFoundException" => new Model.ResourceNotFoundException(failure),
                "InvalidParameterValueException" => new Model.InvalidParameterValueException(failure),
                "ResourceConflictException" => new Model.ResourceConflictException(failure),
                "TooManyRequestsException" => new Model.TooManyRequestsException(failure),
                "ServiceException" => new Model.ServiceException(failure),
                "PreconditionFailedException" => new Model.PreconditionFailedException(failure),
                "InvalidRequestContentException" => new Model.InvalidRequestContentException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.Lambda.Model
{
    /// <summary>Lambda answered ResourceNotFoundException.</summary>
    public sealed class ResourceNotFoundException(Failure failure) : AmazonLambdaException(failure);

    /// <summary>Lambda answered InvalidParameterValueException.</summary>
    public sealed class InvalidParameterValueException(Failure failure) : AmazonLambdaException(failure);

    /// <summary>Lambda answered ResourceConflictException.</summary>
    public sealed class ResourceConflictException(Failure failure) : AmazonLambdaException(failure);

    /// <summary>Lambda answered TooManyRequestsException.</summary>
    public sealed class TooManyRequestsException(Failure failure) : AmazonLambdaException(failure);

    /// <summary>Lambda answered ServiceException.</summary>
    public sealed class ServiceException(Failure failure) : AmazonLambdaException(failure);

    /// <summary>Lambda answered PreconditionFailedException.</summary>
    public sealed class PreconditionFailedException(Failure failure) : AmazonLambdaException(failure);

    /// <summary>Lambda answered InvalidRequestContentException.</summary>
    public sealed class InvalidRequestContentException(Failure failure) : AmazonLambdaException(failure);
}

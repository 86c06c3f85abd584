using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.SimpleNotificationService
{
    /// <summary>An error that SNS answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonSimpleNotificationServiceException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonSimpleNotificationServiceException Of(Failure failure) =>
            failure.Code switch
            {
                "NotFound" => new Model.NotFoundException(failure),
                "AuthorizationError" => new Model.AuthorizationErrorException(failure),
                "InvalidParameter" => new Model.InvalidParameterException(failure),
                "ParameterValueInvalid" => new Model.InvalidParameterValueException(failure),
                "EndpointDisabled" => new Model.EndpointDisabledException(failure),
                "InternalError" => new Model.InternalErrorException(failure),
                "Throttled" => new Model.ThrottledException(failure),
                "KMSAccessDenied" => new Model.KMSAccessDeniedException(failure),
                "KMSDisabled" => new Model.KMSDisabledException(failure),
                "KMSNotFound" => new Model.KMSNotFoundException(failure),
                "KMSThrottling" => new Model.KMSThrottlingException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.SimpleNotificationService.Model
{
    /// <summary>SNS answered NotFound.</summary>
    public sealed class NotFoundException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered AuthorizationError.</summary>
    public sealed class AuthorizationErrorException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered InvalidParameter.</summary>
    public sealed class InvalidParameterException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered ParameterValueInvalid.</summary>
    public sealed class InvalidParameterValueException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered EndpointDisabled.</summary>
    public sealed class EndpointDisabledException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered InternalError.</summary>
    public sealed class InternalErrorException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered Throttled.</summary>
    public sealed class ThrottledException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered KMSAccessDenied.</summary>
    public sealed class KMSAccessDeniedException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered KMSDisabled.</summary>
    public sealed class KMSDisabledException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered KMSNotFound.</summary>
    public sealed class KMSNotFoundException(Failure failure) : AmazonSimpleNotificationServiceException(failure);

    /// <summary>SNS answered KMSThrottling.</summary>
    public sealed class KMSThrottlingException(Failure failure) : AmazonSimpleNotificationServiceException(failure);
}

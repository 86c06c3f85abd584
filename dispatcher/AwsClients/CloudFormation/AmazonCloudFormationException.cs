using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.CloudFormation
{
    /// <summary>An error that CloudFormation answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonCloudFormationException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonCloudFormationException Of(Failure failure) =>
            failure.Code switch
            {
                "AlreadyExistsException" or "AlreadyExists" => new Model.AlreadyExistsException(failure),
                "LimitExceededException" or "LimitExceeded" => new Model.LimitExceededException(failure),
                "InsufficientCapabilitiesException" or "InsufficientCapabilities" => new Model.InsufficientCapabilitiesException(failure),
                "TokenAlreadyExistsException" or "TokenAlreadyExists" => new Model.TokenAlreadyExistsException(failure),
                "ChangeSetNotFound" => new Model.ChangeSetNotFoundException(failure),
                "InvalidChangeSetStatus" => new Model.InvalidChangeSetStatusException(failure),
                "OperationInProgressException" or "OperationInProgress" => new Model.OperationInProgressException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.CloudFormation.Model
{
    /// <summary>CloudFormation answered AlreadyExistsException.</summary>
    public sealed class AlreadyExistsException(Failure failure) : AmazonCloudFormationException(failure);

    /// <summary>CloudFormation answered LimitExceededException.</summary>
    public sealed class LimitExceededException(Failure failure) : AmazonCloudFormationException(failure);

    /// <summary>CloudFormation answered InsufficientCapabilitiesException.</summary>
    public sealed class InsufficientCapabilitiesException(Failure failure) : AmazonCloudFormationException(failure);

    /// <summary>CloudFormation answered TokenAlreadyExistsException.</summary>
    public sealed class TokenAlreadyExistsException(Failure failure) : AmazonCloudFormationException(failure);

    /// <summary>CloudFormation answered ChangeSetNotFound.</summary>
    public sealed class ChangeSetNotFoundException(Failure failure) : AmazonCloudFormationException(failure);

    /// <summary>CloudFormation answered InvalidChangeSetStatus.</summary>
    public sealed class InvalidChangeSetStatusException(Failure failure) : AmazonCloudFormationException(failure);

    /// <summary>CloudFormation answered OperationInProgressException.</summary>
    public sealed class OperationInProgressException(Failure failure) : AmazonCloudFormationException(failure);
}

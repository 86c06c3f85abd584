using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.StepFunctions
{
    /// <summary>An error that SFN answered; <see cref="AmazonServiceException.ErrorCode"/> has its code.</summary>
    public class AmazonStepFunctionsException(Failure failure)
        : AmazonServiceException(
            failure?.Message,
            failure?.Inner,
            failure?.Type ?? ErrorType.Unknown,
            failure?.Code,
            failure?.RequestId,
            failure?.Status ?? default
        )
    {
        internal static AmazonStepFunctionsException Of(Failure failure) =>
            failure.Code switch
            {
                "ExecutionAlreadyExists" => new Model.ExecutionAlreadyExistsException(failure),
                "ExecutionDoesNotExist" => new Model.ExecutionDoesNotExistException(failure),
                "StateMachineDoesNotExist" => new Model.StateMachineDoesNotExistException(failure),
                "InvalidName" => new Model.InvalidNameException(failure),
                "InvalidExecutionInput" => new Model.InvalidExecutionInputException(failure),
                "ExecutionLimitExceeded" => new Model.ExecutionLimitExceededException(failure),
                _ => new(failure),
            };
    }
}

namespace Amazon.StepFunctions.Model
{
    /// <summary>SFN answered ExecutionAlreadyExists.</summary>
    public sealed class ExecutionAlreadyExistsException(Failure failure) : AmazonStepFunctionsException(failure);

    /// <summary>SFN answered ExecutionDoesNotExist.</summary>
    public sealed class ExecutionDoesNotExistException(Failure failure) : AmazonStepFunctionsException(failure);

    /// <summary>SFN answered StateMachineDoesNotExist.</summary>
    public sealed class StateMachineDoesNotExistException(Failure failure) : AmazonStepFunctionsException(failure);

    /// <summary>SFN answered InvalidName.</summary>
    public sealed class InvalidNameException(Failure failure) : AmazonStepFunctionsException(failure);

    /// <summary>SFN answered InvalidExecutionInput.</summary>
    public sealed class InvalidExecutionInputException(Failure failure) : AmazonStepFunctionsException(failure);

    /// <summary>SFN answered ExecutionLimitExceeded.</summary>
    public sealed class ExecutionLimitExceededException(Failure failure) : AmazonStepFunctionsException(failure);
}

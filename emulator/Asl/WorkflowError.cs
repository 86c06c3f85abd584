namespace Disa.Asl;

/// <summary>What went wrong in a workflow, as data: a name that Retry and Catch match, and a cause for people.</summary>
/// <param name="Error">The error's name; null where a Fail state gives none.</param>
/// <param name="Cause">A text, often JSON; null where there is none.</param>
public sealed record WorkflowError(string? Error, string? Cause)
{
    public const string All = "States.ALL";
    public const string DataLimitExceeded = "States.DataLimitExceeded";
    public const string ExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold";
    public const string HeartbeatTimeout = "States.HeartbeatTimeout";
    public const string IntrinsicFailure = "States.IntrinsicFailure";
    public const string ItemReaderFailed = "States.ItemReaderFailed";
    public const string Permissions = "States.Permissions";
    public const string QueryEvaluationError = "States.QueryEvaluationError";
    public const string ReferencePathConflict = "States.ReferencePathConflict";
    public const string ResultPathMatchFailure = "States.ResultPathMatchFailure";
    public const string ResultWriterFailed = "States.ResultWriterFailed";
    public const string Runtime = "States.Runtime";
    public const string TaskFailed = "States.TaskFailed";
    public const string Timeout = "States.Timeout";

    /// <summary>Of a Map run in which more items failed than may.</summary>
    public static WorkflowError Exceeded { get; } =
        new(ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded");

    /// <summary>A timeout that came from a missed heartbeat: in histories it is States.Timeout, but it answers to both names.</summary>
    public bool IsMissedHeartbeat { get; init; }

    /// <summary>Whether the name in an ErrorEquals list stands for this error.</summary>
    /// <remarks>
    /// States.Runtime is final, and States.ALL is all the others: States.DataLimitExceeded too, though the guide leaves it out
    /// (recorded on AWS). States.TaskFailed is all but States.Timeout.
    /// </remarks>
    public bool Matches(string name) =>
        Error != Runtime
        && name switch
        {
            All => true,
            TaskFailed => Error != Timeout,
            HeartbeatTimeout => IsMissedHeartbeat || Error == HeartbeatTimeout,
            _ => name == Error,
        };
}

/// <summary>Carries a workflow error out of an evaluation to the one place that turns it into data.</summary>
/// <param name="location">The field whose expression failed, for the event that tells of it.</param>
internal sealed class WorkflowException(string error, string cause, string? location = null) : Exception(cause)
{
    public string Error { get; } = error;

    public string? Location { get; } = location;

    /// <summary>The expression had its value; it is the state, entered by then, that could not do with it.</summary>
    public bool IsOfValue { get; init; }

    public static WorkflowException Runtime(string cause) => new(WorkflowError.Runtime, cause);
}

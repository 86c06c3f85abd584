using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What GetExecutionHistory asks.</summary>
public sealed class GetExecutionHistoryRequest : AmazonWebServiceRequest
{
    public string? ExecutionArn { get; set; }

    public int? MaxResults { get; set; }

    public bool? ReverseOrder { get; set; }

    public string? NextToken { get; set; }

    public bool? IncludeExecutionData { get; set; }
}

/// <summary>What GetExecutionHistory answers.</summary>
public sealed class GetExecutionHistoryResponse : AmazonWebServiceResponse
{
    public List<HistoryEvent> Events { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class HistoryEvent
{
    public DateTime? Timestamp { get; set; }

    public string? Type { get; set; }

    public long? Id { get; set; }

    public long? PreviousEventId { get; set; }

    public TaskFailedEventDetails? TaskFailedEventDetails { get; set; }

    public TaskScheduledEventDetails? TaskScheduledEventDetails { get; set; }

    public TaskStartFailedEventDetails? TaskStartFailedEventDetails { get; set; }

    public TaskStartedEventDetails? TaskStartedEventDetails { get; set; }

    public TaskSubmitFailedEventDetails? TaskSubmitFailedEventDetails { get; set; }

    public TaskSubmittedEventDetails? TaskSubmittedEventDetails { get; set; }

    public TaskSucceededEventDetails? TaskSucceededEventDetails { get; set; }

    public TaskTimedOutEventDetails? TaskTimedOutEventDetails { get; set; }

    public ExecutionFailedEventDetails? ExecutionFailedEventDetails { get; set; }

    public ExecutionStartedEventDetails? ExecutionStartedEventDetails { get; set; }

    public ExecutionSucceededEventDetails? ExecutionSucceededEventDetails { get; set; }

    public ExecutionAbortedEventDetails? ExecutionAbortedEventDetails { get; set; }

    public ExecutionTimedOutEventDetails? ExecutionTimedOutEventDetails { get; set; }

    public MapStateStartedEventDetails? MapStateStartedEventDetails { get; set; }

    public MapIterationEventDetails? MapIterationStartedEventDetails { get; set; }

    public MapIterationEventDetails? MapIterationSucceededEventDetails { get; set; }

    public MapIterationEventDetails? MapIterationFailedEventDetails { get; set; }

    public MapIterationEventDetails? MapIterationAbortedEventDetails { get; set; }

    public LambdaFunctionFailedEventDetails? LambdaFunctionFailedEventDetails { get; set; }

    public LambdaFunctionScheduleFailedEventDetails? LambdaFunctionScheduleFailedEventDetails { get; set; }

    public LambdaFunctionScheduledEventDetails? LambdaFunctionScheduledEventDetails { get; set; }

    public LambdaFunctionStartFailedEventDetails? LambdaFunctionStartFailedEventDetails { get; set; }

    public LambdaFunctionSucceededEventDetails? LambdaFunctionSucceededEventDetails { get; set; }

    public LambdaFunctionTimedOutEventDetails? LambdaFunctionTimedOutEventDetails { get; set; }

    public StateEnteredEventDetails? StateEnteredEventDetails { get; set; }

    public StateExitedEventDetails? StateExitedEventDetails { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskFailedEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskScheduledEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Region { get; set; }

    public string? Parameters { get; set; }

    public long? TimeoutInSeconds { get; set; }

    public long? HeartbeatInSeconds { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskStartFailedEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskStartedEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskSubmitFailedEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskSubmittedEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Output { get; set; }

    public HistoryEventExecutionDataDetails? OutputDetails { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class HistoryEventExecutionDataDetails
{
    public bool? Truncated { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskSucceededEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Output { get; set; }

    public HistoryEventExecutionDataDetails? OutputDetails { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class TaskTimedOutEventDetails
{
    public string? ResourceType { get; set; }

    public string? Resource { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class ExecutionFailedEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class ExecutionStartedEventDetails
{
    public string? Input { get; set; }

    public HistoryEventExecutionDataDetails? InputDetails { get; set; }

    public string? RoleArn { get; set; }

    public string? StateMachineAliasArn { get; set; }

    public string? StateMachineVersionArn { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class ExecutionSucceededEventDetails
{
    public string? Output { get; set; }

    public HistoryEventExecutionDataDetails? OutputDetails { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class ExecutionAbortedEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class ExecutionTimedOutEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class MapStateStartedEventDetails
{
    public int? Length { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class MapIterationEventDetails
{
    public string? Name { get; set; }

    public int? Index { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class LambdaFunctionFailedEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class LambdaFunctionScheduleFailedEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class LambdaFunctionScheduledEventDetails
{
    public string? Resource { get; set; }

    public string? Input { get; set; }

    public HistoryEventExecutionDataDetails? InputDetails { get; set; }

    public long? TimeoutInSeconds { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class LambdaFunctionStartFailedEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class LambdaFunctionSucceededEventDetails
{
    public string? Output { get; set; }

    public HistoryEventExecutionDataDetails? OutputDetails { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class LambdaFunctionTimedOutEventDetails
{
    public string? Error { get; set; }

    public string? Cause { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class StateEnteredEventDetails
{
    public string? Name { get; set; }

    public string? Input { get; set; }

    public HistoryEventExecutionDataDetails? InputDetails { get; set; }
}

/// <summary>Part of GetExecutionHistory.</summary>
public sealed class StateExitedEventDetails
{
    public string? Name { get; set; }

    public string? Output { get; set; }

    public HistoryEventExecutionDataDetails? OutputDetails { get; set; }
}

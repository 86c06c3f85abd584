namespace Disa.Emulator.Events;

/// <summary>Something on its way to a target, of a rule or of a schedule.</summary>
internal sealed record Delivery
{
    public const int DefaultRetries = 185;
    public const int DefaultAge = 86_400;

    public long Id { get; init; }

    /// <summary>The same for every attempt: a receiver that knows it has had the event.</summary>
    public required string Key { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>The ARN of the rule or the schedule.</summary>
    public required string SourceArn { get; init; }

    public required string TargetArn { get; init; }

    public string? RoleArn { get; init; }

    public required string Payload { get; init; }

    /// <summary>What goes to the dead-letter queue: of a rule the whole event.</summary>
    public required string DeadLetterBody { get; init; }

    public string? DeadLetterArn { get; init; }

    public string? MessageGroupId { get; init; }

    /// <summary>The trace that the event belongs to.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>EventBridge as a target: source and detail type.</summary>
    public string? EventSource { get; init; }

    public string? DetailType { get; init; }

    /// <summary>For schedules: when it was to happen.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    public int Retries { get; init; } = DefaultRetries;

    /// <summary>When it is given up.</summary>
    public DateTimeOffset Expires { get; init; }

    public bool IsSchedule => ScheduledTime is not null;
}

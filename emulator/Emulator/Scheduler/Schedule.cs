using Disa.Emulator.Events;

namespace Disa.Emulator.Scheduler;

public sealed record FlexibleTimeWindow(string? Mode, int? MaximumWindowInMinutes);

public sealed record ScheduleTarget
{
    public string? Arn { get; init; }

    public string? RoleArn { get; init; }

    public string? Input { get; init; }

    public RetryPolicy? RetryPolicy { get; init; }

    public DeadLetterConfig? DeadLetterConfig { get; init; }

    public SqsParameters? SqsParameters { get; init; }

    public EventBridgeParameters? EventBridgeParameters { get; init; }
}

public sealed record EventBridgeParameters(string? DetailType, string? Source);

/// <summary>A schedule as it is stored; its next due time is a row of its own.</summary>
internal sealed record Schedule
{
    public const string Enabled = "ENABLED";

    public required string Name { get; init; }

    public required string Group { get; init; }

    public required string Arn { get; init; }

    public string? Description { get; init; }

    public required string Expression { get; init; }

    public string TimeZone { get; init; } = "UTC";

    public DateTimeOffset? StartDate { get; init; }

    public DateTimeOffset? EndDate { get; init; }

    public required FlexibleTimeWindow Window { get; init; }

    public string State { get; init; } = Enabled;

    public string ActionAfterCompletion { get; init; } = "NONE";

    public required ScheduleTarget Target { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; init; }

    public string? ClientToken { get; init; }

    /// <summary>The shelf's name: neither part may have a slash.</summary>
    public static string Key(string group, string name) => $"{group}/{name}";

    /// <summary>The first time after the one given, within the schedule's dates; null where there is none.</summary>
    /// <remarks>
    /// A rate without a start date runs at once, and counts from there (user guide, "Rate-based schedules"). It counts from a whole
    /// millisecond, because due times are stored in those: one that lay between two would come again after its own stored time.
    /// </remarks>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var expression = ScheduleExpression.TryParse(Expression, TimeZoneInfo.FindSystemTimeZoneById(TimeZone))!;
        var next = expression.Next(
            after,
            expression.IsRate ? Milliseconds(StartDate ?? Modified) : StartDate ?? DateTimeOffset.MinValue.AddDays(1)
        );
        return next <= EndDate || EndDate is null ? next : null;
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}

internal sealed record ScheduleGroup(
    string Name,
    string Arn,
    DateTimeOffset Created,
    DateTimeOffset Modified,
    IReadOnlyDictionary<string, string> Tags,
    string? ClientToken
);

namespace Disa.Emulator.CloudWatch;

/// <summary>An alarm with its state, as it is stored: a metric alarm, or a composite one, which has a rule instead of a metric.</summary>
internal sealed record Alarm
{
    public required string Name { get; init; }

    public required string Arn { get; init; }

    /// <summary>The id that the one metric has in events.</summary>
    public required string MetricId { get; init; }

    public string? Description { get; init; }

    public bool ActionsEnabled { get; init; } = true;

    public IReadOnlyList<string> OkActions { get; init; } = [];

    public IReadOnlyList<string> AlarmActions { get; init; } = [];

    public IReadOnlyList<string> InsufficientDataActions { get; init; } = [];

    /// <summary>Null for an alarm on an expression.</summary>
    public string? Namespace { get; init; }

    public string? MetricName { get; init; }

    public IReadOnlyList<Dimension> Dimensions { get; init; } = [];

    public string? Statistic { get; init; }

    public string? ExtendedStatistic { get; init; }

    /// <summary>The queries of an alarm on an expression; exactly one of them returns data.</summary>
    public IReadOnlyList<MetricDataQuery>? Metrics { get; init; }

    /// <summary>In seconds: 10, 20, 30 or a multiple of 60; of an expression the longest of its metrics'.</summary>
    public required int Period { get; init; }

    public string? Unit { get; init; }

    public required int EvaluationPeriods { get; init; }

    public int? DatapointsToAlarm { get; init; }

    public required double Threshold { get; init; }

    public required string ComparisonOperator { get; init; }

    public string? TreatMissingData { get; init; }

    public string? EvaluateLowSampleCountPercentile { get; init; }

    /// <summary>Of a composite alarm: what it says of other alarms. Null for a metric alarm.</summary>
    public string? Rule { get; init; }

    /// <summary>The name or ARN of the alarm that suppresses the actions of a composite one.</summary>
    public string? Suppressor { get; init; }

    /// <summary>In seconds: how long a change waits for the suppressor to go into ALARM.</summary>
    public int? SuppressorWait { get; init; }

    /// <summary>In seconds: how long the actions wait after the suppressor has left ALARM.</summary>
    public int? SuppressorExtension { get; init; }

    /// <summary><c>Alarm</c>, <c>WaitPeriod</c> or <c>ExtensionPeriod</c>; null while nothing suppresses the actions.</summary>
    public string? SuppressedBy { get; init; }

    public string? SuppressedReason { get; init; }

    /// <summary>When the period ends that suppresses the actions.</summary>
    public DateTimeOffset? SuppressedUntil { get; init; }

    /// <summary>The state before the change whose actions are held back; null where none are.</summary>
    public string? HeldState { get; init; }

    public required DateTimeOffset ConfigurationUpdated { get; init; }

    public string State { get; init; } = AlarmState.InsufficientData;

    public string Reason { get; init; } = "Unchecked: Initial alarm creation";

    public string? ReasonData { get; init; }

    public required DateTimeOffset StateUpdated { get; init; }

    public required DateTimeOffset StateTransitioned { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Periods below a minute are evaluated every ten seconds.</summary>
    public bool IsHighResolution => Period < 60 && Rule is null;

    /// <summary>Null for an alarm on an expression.</summary>
    public Statistic? Draws => (Statistic ?? ExtendedStatistic) is { } name ? CloudWatch.Statistic.TryParse(name) : null;

    /// <summary>DynamoDB's own metrics ignore missing data whatever the alarm says.</summary>
    public MissingData Missing =>
        Namespace == "AWS/DynamoDB"
            ? MissingData.Ignore
            : TreatMissingData switch
            {
                "ignore" => MissingData.Ignore,
                "breaching" => MissingData.Breaching,
                "notBreaching" => MissingData.NotBreaching,
                _ => MissingData.Missing,
            };

    public IReadOnlyList<string> ActionsOf(string state) =>
        state switch
        {
            AlarmState.Ok => OkActions,
            AlarmState.Alarm => AlarmActions,
            _ => InsufficientDataActions,
        };

    public bool Breaches(double value) =>
        ComparisonOperator switch
        {
            "GreaterThanOrEqualToThreshold" => value >= Threshold,
            "GreaterThanThreshold" => value > Threshold,
            "LessThanThreshold" => value < Threshold,
            _ => value <= Threshold,
        };
}

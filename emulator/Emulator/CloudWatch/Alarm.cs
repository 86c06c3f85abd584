namespace Disa.Emulator.CloudWatch;

/// <summary>A metric alarm with its state, as it is stored.</summary>
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

    public required DateTimeOffset ConfigurationUpdated { get; init; }

    public string State { get; init; } = AlarmState.InsufficientData;

    public string Reason { get; init; } = "Unchecked: Initial alarm creation";

    public string? ReasonData { get; init; }

    public required DateTimeOffset StateUpdated { get; init; }

    public required DateTimeOffset StateTransitioned { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Periods below a minute are evaluated every ten seconds.</summary>
    public bool IsHighResolution => Period < 60;

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

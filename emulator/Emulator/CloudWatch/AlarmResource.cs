using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>CloudFormation's <c>AWS::CloudWatch::Alarm</c>.</summary>
internal sealed class AlarmResource(PutMetricAlarm put, DeleteAlarms delete, Shelf<Alarm> alarms)
    : AlarmResources<PutMetricAlarmRequest>(delete, alarms, CloudWatchTemplate.Default.PutMetricAlarmRequest)
{
    public override string Type => "AWS::CloudWatch::Alarm";

    public override ResourceActions? Actions => new("cloudwatch:PutMetricAlarm", "cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms");

    public override IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["AlarmName"] = new(UpdateType.Replacement),
            ["AlarmDescription"] = new(),
            ["ActionsEnabled"] = new(),
            ["OKActions"] = new(),
            ["AlarmActions"] = new(),
            ["InsufficientDataActions"] = new(),
            ["MetricName"] = new(),
            ["Metrics"] = new(),
            ["Namespace"] = new(),
            ["Statistic"] = new(),
            ["ExtendedStatistic"] = new(),
            ["Dimensions"] = new(),
            ["Period"] = new(),
            ["Unit"] = new(),
            ["EvaluationPeriods"] = new(Required: true),
            ["DatapointsToAlarm"] = new(),
            ["Threshold"] = new(),
            ["ComparisonOperator"] = new(Required: true),
            ["TreatMissingData"] = new(),
            ["EvaluateLowSampleCountPercentile"] = new(),
            ["Tags"] = new(),
        };

    protected override Task Put(
        PutMetricAlarmRequest alarm,
        string name,
        IEnumerable<Tag> stackTags,
        Caller caller,
        CancellationToken cancellation
    ) => put.Run(alarm with { AlarmName = name, Tags = [.. alarm.Tags ?? [], .. stackTags] }, caller, cancellation);
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>CloudFormation's <c>AWS::CloudWatch::CompositeAlarm</c>: Ref is the name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-compositealarm.html</remarks>
internal sealed class CompositeAlarmResource(PutCompositeAlarm put, DeleteAlarms delete, Shelf<Alarm> alarms)
    : AlarmResources<PutCompositeAlarmRequest>(delete, alarms, CloudWatchTemplate.Default.PutCompositeAlarmRequest)
{
    public override string Type => "AWS::CloudWatch::CompositeAlarm";

    public override ResourceActions? Actions =>
        new("cloudwatch:PutCompositeAlarm", "cloudwatch:PutCompositeAlarm", "cloudwatch:DeleteAlarms");

    public override IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["AlarmName"] = new(UpdateType.Replacement),
            ["AlarmRule"] = new(Required: true),
            ["AlarmDescription"] = new(),
            ["ActionsEnabled"] = new(),
            ["OKActions"] = new(),
            ["AlarmActions"] = new(),
            ["InsufficientDataActions"] = new(),
            ["ActionsSuppressor"] = new(),
            ["ActionsSuppressorWaitPeriod"] = new(),
            ["ActionsSuppressorExtensionPeriod"] = new(),
            ["Tags"] = new(),
        };

    protected override Task Put(
        PutCompositeAlarmRequest alarm,
        string name,
        IEnumerable<Tag> stackTags,
        Caller caller,
        CancellationToken cancellation
    ) => put.Run(alarm with { AlarmName = name, Tags = [.. alarm.Tags ?? [], .. stackTags] }, caller, cancellation);
}

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>CloudFormation's <c>AWS::CloudWatch::Alarm</c>.</summary>
internal sealed class AlarmResource(PutMetricAlarm put, DeleteAlarms delete, Shelf<Alarm> alarms) : IResource
{
    private const int NameLimit = 255;

    public string Type => "AWS::CloudWatch::Alarm";

    public ResourceActions? Actions => new("cloudwatch:PutMetricAlarm", "cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
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

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => CloudWatchTemplate.Default.PutMetricAlarmRequest;

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) =>
        Put(
            request,
            request.Properties.TryGetProperty("AlarmName", out var name) ? name.GetString()! : request.GenerateName(NameLimit),
            cancellation
        );

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Put(request, request.PhysicalId!, cancellation);

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (alarms.Get(request.Caller.Scope, request.PhysicalId!) is not null)
        {
            await delete.Run(new AlarmNamesRequest([request.PhysicalId!]), request.Caller, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ResourceState> Put(ResourceRequest request, string name, CancellationToken cancellation)
    {
        PutMetricAlarmRequest alarm;
        try
        {
            alarm = request.Properties.Deserialize(CloudWatchTemplate.Default.PutMetricAlarmRequest)!;
        }
        catch (JsonException failure)
        {
            throw CloudWatchErrors.Validation(failure.Message);
        }

        var tags = (alarm.Tags ?? []).Concat(request.StackTags.Select(tag => new Tag(tag.Key, tag.Value))).ToList();
        await put.Run(alarm with { AlarmName = name, Tags = tags }, request.Caller, cancellation).ConfigureAwait(false);
        return ResourceState.Of(name, ("Arn", Arn.Of("cloudwatch", request.Caller.Scope, $"alarm:{name}")));
    }
}

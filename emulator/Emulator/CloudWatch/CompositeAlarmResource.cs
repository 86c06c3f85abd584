using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>CloudFormation's <c>AWS::CloudWatch::CompositeAlarm</c>: Ref is the name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-compositealarm.html</remarks>
internal sealed class CompositeAlarmResource(PutCompositeAlarm put, DeleteAlarms delete, Shelf<Alarm> alarms) : IResource
{
    public string Type => "AWS::CloudWatch::CompositeAlarm";

    public ResourceActions? Actions => new("cloudwatch:PutCompositeAlarm", "cloudwatch:PutCompositeAlarm", "cloudwatch:DeleteAlarms");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
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

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => CloudWatchTemplate.Default.PutCompositeAlarmRequest;

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) =>
        Put(
            request,
            request.Properties.TryGetProperty("AlarmName", out var name) ? name.GetString()! : request.GenerateName(255),
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
        PutCompositeAlarmRequest alarm;
        try
        {
            alarm = request.Properties.Deserialize(CloudWatchTemplate.Default.PutCompositeAlarmRequest)!;
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

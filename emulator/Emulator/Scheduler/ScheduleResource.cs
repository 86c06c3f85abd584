using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Scheduler;

/// <summary>CloudFormation's <c>AWS::Scheduler::Schedule</c>.</summary>
internal sealed class ScheduleResource(CreateSchedule create, DeleteSchedule delete) : IResource
{
    private const int NameLimit = 64;

    public string Type => "AWS::Scheduler::Schedule";

    public ResourceActions? Actions => new("scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement),
            ["GroupName"] = new(),
            ["Description"] = new(),
            ["ScheduleExpression"] = new(Required: true),
            ["ScheduleExpressionTimezone"] = new(),
            ["StartDate"] = new(),
            ["EndDate"] = new(),
            ["FlexibleTimeWindow"] = new(Required: true),
            ["State"] = new(),
            ["Target"] = new(Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => SchedulerTemplate.Default.ScheduleRequest;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        // The token makes a repeated creation the same one.
        var schedule = Read(request.Properties);
        var name = schedule.Name ?? request.GenerateName(NameLimit);
        var token = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(request.Token)));
        var answer = await create
            .Create(schedule with { Name = name, ClientToken = token }, request.Caller, cancellation)
            .ConfigureAwait(false);
        return ResourceState.Of(name, ("Arn", answer.ScheduleArn));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var schedule = Read(request.Properties) with { Name = request.PhysicalId };
        var before = Read(request.PreviousProperties).GroupName;
        if ((schedule.GroupName ?? Schedules.DefaultGroup) == (before ?? Schedules.DefaultGroup))
        {
            var same = await create.Update(schedule, request.Caller, cancellation).ConfigureAwait(false);
            return ResourceState.Of(request.PhysicalId!, ("Arn", same.ScheduleArn));
        }

        // Another group is another schedule.
        var moved = await create.Create(schedule, request.Caller, cancellation).ConfigureAwait(false);
        await delete.Run(new ScheduleNameRequest(request.PhysicalId, before, null), request.Caller, cancellation).ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!, ("Arn", moved.ScheduleArn));
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await delete
                .Run(new ScheduleNameRequest(request.PhysicalId, Read(request.Properties).GroupName, null), request.Caller, cancellation)
                .ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // Deleted already, alone or with its group: that is what was asked.
        }
    }

    private static ScheduleRequest Read(JsonElement properties)
    {
        try
        {
            return properties.Deserialize(SchedulerTemplate.Default.ScheduleRequest)!;
        }
        catch (JsonException failure)
        {
            throw SchedulerErrors.Validation(failure.Message);
        }
    }
}

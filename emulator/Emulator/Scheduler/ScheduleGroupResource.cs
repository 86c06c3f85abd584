using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Scheduler;

/// <summary>CloudFormation's <c>AWS::Scheduler::ScheduleGroup</c>.</summary>
internal sealed class ScheduleGroupResource(ScheduleGroups groups) : IResource
{
    private const int NameLimit = 64;

    public string Type => "AWS::Scheduler::ScheduleGroup";

    public ResourceActions? Actions =>
        new("scheduler:CreateScheduleGroup", "scheduler:TagResource scheduler:UntagResource", "scheduler:DeleteScheduleGroup");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule> { ["Name"] = new(UpdateType.Replacement), ["Tags"] = new() };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "CreationDate", "LastModificationDate", "State"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => SchedulerTemplate.Default.CreateScheduleGroupRequest;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var group = Read(request);
        var name = group.Name ?? request.GenerateName(NameLimit);
        await groups
            .Create(group with { Name = name, Tags = Tags(request, group), ClientToken = request.Token }, request.Caller, cancellation)
            .ConfigureAwait(false);
        return State(name, request.Caller);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var arn = Schedules.GroupArn(request.PhysicalId!, request.Caller.Scope);
        var wanted = Tags(request, Read(request));
        var gone = groups
            .Tags(new ListTagsForResourceRequest(arn), request.Caller)
            .Tags.Select(tag => tag.Key!)
            .Where(key => wanted.TrueForAll(tag => tag.Key != key))
            .ToList();
        await groups.Untag(new UntagResourceRequest(arn, gone), request.Caller, cancellation).ConfigureAwait(false);
        await groups.Tag(new TagResourceRequest(arn, wanted), request.Caller, cancellation).ConfigureAwait(false);
        return State(request.PhysicalId!, request.Caller);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await groups.Delete(new ScheduleGroupRequest(request.PhysicalId, null), request.Caller, cancellation).ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // Deleted already: that is what was asked.
        }
    }

    private static List<Tag> Tags(ResourceRequest request, CreateScheduleGroupRequest group) =>
        [.. group.Tags ?? [], .. request.StackTags.Select(tag => new Tag(tag.Key, tag.Value))];

    private static CreateScheduleGroupRequest Read(ResourceRequest request) =>
        request.Properties.Deserialize(SchedulerTemplate.Default.CreateScheduleGroupRequest)!;

    private ResourceState State(string name, Caller caller)
    {
        var group = groups.Get(new ScheduleGroupRequest(name, null), caller);
        return ResourceState.Of(
            name,
            ("Arn", group.Arn),
            ("State", group.State),
            ("CreationDate", Time(group.CreationDate)),
            ("LastModificationDate", Time(group.LastModificationDate))
        );
    }

    private static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}

using Disa.Emulator.Aws;
using Disa.Emulator.Time;

namespace Disa.Emulator.Scheduler;

public sealed record CreateScheduleGroupRequest(string? Name, List<Tag>? Tags, string? ClientToken);

public sealed record CreateScheduleGroupResponse(string ScheduleGroupArn);

public sealed record ScheduleGroupRequest(string? Name, string? ClientToken);

public sealed record ScheduleGroupResponse(
    string Arn,
    string Name,
    string State,
    DateTimeOffset? CreationDate,
    DateTimeOffset? LastModificationDate
);

public sealed record ListScheduleGroupsRequest(string? NamePrefix, string? NextToken, int? MaxResults);

public sealed record ListScheduleGroupsResponse(IReadOnlyList<ScheduleGroupResponse> ScheduleGroups, string? NextToken);

public sealed record Tag(string? Key, string? Value);

public sealed record ListTagsForResourceRequest(string? ResourceArn);

public sealed record ListTagsForResourceResponse(IReadOnlyList<Tag> Tags);

public sealed record TagResourceRequest(string? ResourceArn, List<Tag>? Tags);

public sealed record UntagResourceRequest(string? ResourceArn, List<string>? TagKeys);

/// <summary>Groups of schedules, which carry the tags; deleting a group deletes its schedules.</summary>
internal sealed class ScheduleGroups(Schedules schedules, Clock clock)
{
    private const string Active = "ACTIVE";

    public Task<CreateScheduleGroupResponse> Create(CreateScheduleGroupRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = SchedulerErrors.Name(request.Name, "name");
        var now = clock.GetUtcNow();
        return schedules.Database.Write(transaction =>
        {
            var before = schedules.Groups.Get(transaction, caller.Scope, name);
            if (before is not null && request.ClientToken is not null && before.ClientToken == request.ClientToken)
            {
                return new CreateScheduleGroupResponse(before.Arn);
            }

            if (before is not null || name == Schedules.DefaultGroup)
            {
                throw SchedulerErrors.Conflict($"Schedule group {name} already exists.");
            }

            var group = new ScheduleGroup(name, Schedules.GroupArn(name, caller.Scope), now, now, Of(request.Tags), request.ClientToken);
            schedules.Groups.Put(transaction, caller.Scope, name, group);
            return new CreateScheduleGroupResponse(group.Arn);
        });
    }

    public ScheduleGroupResponse Get(ScheduleGroupRequest request, Caller caller)
    {
        var name = SchedulerErrors.Name(request.Name, "name");
        return name == Schedules.DefaultGroup ? Default(caller.Scope)
            : schedules.Groups.Get(caller.Scope, name) is { } group ? Answer(group)
            : throw SchedulerErrors.GroupNotFound(name);
    }

    public ListScheduleGroupsResponse List(ListScheduleGroupsRequest request, Caller caller)
    {
        var all = schedules
            .Groups.List(caller.Scope)
            .Values.Select(Answer)
            .Append(Default(caller.Scope))
            .OrderBy(group => group.Name, StringComparer.Ordinal)
            .Where(group => request.NamePrefix is null || group.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal));
        var (page, next) = schedules
            .Lists.Of("ListScheduleGroups", caller.Scope)
            .Page(all, group => group.Name, SchedulerErrors.PageSize(request.MaxResults), request.NextToken);
        return new(page, next);
    }

    public Task<EmptyResponse> Delete(ScheduleGroupRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = SchedulerErrors.Name(request.Name, "name");
        if (name == Schedules.DefaultGroup)
        {
            throw SchedulerErrors.Validation("The default schedule group cannot be deleted.");
        }

        return schedules.Database.Write(transaction =>
        {
            if (!schedules.Groups.Remove(transaction, caller.Scope, name))
            {
                throw SchedulerErrors.GroupNotFound(name);
            }

            foreach (
                var key in schedules
                    .All.List(transaction, caller.Scope)
                    .Where(entry => entry.Value.Group == name)
                    .Select(entry => entry.Key)
                    .ToList()
            )
            {
                schedules.Remove(transaction, caller.Scope, key);
            }

            return new EmptyResponse();
        });
    }

    public ListTagsForResourceResponse Tags(ListTagsForResourceRequest request, Caller caller)
    {
        var name = GroupOf(request.ResourceArn);
        var group = schedules.Groups.Get(caller.Scope, name);
        return group is null && name != Schedules.DefaultGroup
            ? throw SchedulerErrors.GroupNotFound(name)
            : new(group?.Tags.Select(tag => new Tag(tag.Key, tag.Value)).ToList() ?? []);
    }

    public Task<EmptyResponse> Tag(TagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        Change(request.ResourceArn, caller, tags => Of([.. tags.Select(tag => new Tag(tag.Key, tag.Value)), .. request.Tags ?? []]));

    public Task<EmptyResponse> Untag(UntagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        Change(
            request.ResourceArn,
            caller,
            tags => tags.Where(tag => request.TagKeys?.Contains(tag.Key) != true).ToDictionary(tag => tag.Key, tag => tag.Value)
        );

    private Task<EmptyResponse> Change(
        string? arn,
        Caller caller,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change
    )
    {
        var name = GroupOf(arn);
        var now = clock.GetUtcNow();
        return schedules.Database.Write(transaction =>
        {
            var group = schedules.Groups.Get(transaction, caller.Scope, name) ?? throw SchedulerErrors.GroupNotFound(name);
            schedules.Groups.Put(transaction, caller.Scope, name, group with { Tags = change(group.Tags), Modified = now });
            return new EmptyResponse();
        });
    }

    private static string GroupOf(string? text) =>
        Arn.TryParse(text) is { Service: "scheduler" } arn && arn.Resource.Split('/') is ["schedule-group", var name]
            ? name
            : throw SchedulerErrors.Validation($"Invalid resource ARN {text}: only schedule groups have tags.");

    private static SortedDictionary<string, string> Of(List<Tag>? tags)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            map[tag.Key ?? throw SchedulerErrors.Constraint(null, "tags.1.member.key", "Member must not be null")] = tag.Value ?? "";
        }

        return map;
    }

    private static ScheduleGroupResponse Default(Scope scope) =>
        new(Schedules.GroupArn(Schedules.DefaultGroup, scope), Schedules.DefaultGroup, Active, null, null);

    private static ScheduleGroupResponse Answer(ScheduleGroup group) => new(group.Arn, group.Name, Active, group.Created, group.Modified);
}

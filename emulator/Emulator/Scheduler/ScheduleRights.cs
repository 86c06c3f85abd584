using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Scheduler;

/// <summary>The rights that EventBridge Scheduler's operations need, on schedules and their groups.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html</remarks>
internal static class ScheduleRights
{
    public const string Service = "scheduler.amazonaws.com";

    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            ScheduleRequest one =>
            [
                Schedule(operation, one.GroupName, one.Name, caller),
                .. one.Target?.RoleArn is { } role ? [Access.PassRole(role, Service)] : Array.Empty<Access>(),
            ],
            ScheduleNameRequest one => [Schedule(operation, one.GroupName, one.Name, caller)],
            ListSchedulesRequest list => [Schedule(operation, list.GroupName ?? "*", "*", caller)],
            CreateScheduleGroupRequest group => [Group(operation, group.Name, caller)],
            ScheduleGroupRequest group => [Group(operation, group.Name, caller)],
            ListScheduleGroupsRequest => [Group(operation, "*", caller)],
            TagResourceRequest tag => [new("scheduler:" + operation, tag.ResourceArn ?? "")],
            UntagResourceRequest tag => [new("scheduler:" + operation, tag.ResourceArn ?? "")],
            ListTagsForResourceRequest tag => [new("scheduler:" + operation, tag.ResourceArn ?? "")],
            _ => null,
        };

    /// <summary>Only groups have tags.</summary>
    public static IReadOnlyDictionary<string, string> TagsOf(Schedules schedules, string arn, Caller caller) =>
        Arn.TryParse(arn)?.Resource.Split('/') is ["schedule-group", var name] && schedules.Groups.Get(caller.Scope, name) is { } group
            ? group.Tags
            : new Dictionary<string, string>();

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateScheduleGroupRequest group => (group.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value)),
            TagResourceRequest tag => (tag.Tags ?? []).Select(each => KeyValuePair.Create(each.Key ?? "", each.Value)),
            UntagResourceRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    private static Access Schedule(string operation, string? group, string? name, Caller caller) =>
        new("scheduler:" + operation, Arn.Of("scheduler", caller.Scope, $"schedule/{group ?? "default"}/{name}"));

    private static Access Group(string operation, string? name, Caller caller) =>
        new("scheduler:" + operation, Arn.Of("scheduler", caller.Scope, $"schedule-group/{name}"));
}

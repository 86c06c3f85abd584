using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.CloudWatch;

/// <summary>The rights that CloudWatch's operations need: on alarms and dashboards, and for metrics on everything.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html</remarks>
internal static class AlarmRights
{
    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            PutMetricDataRequest put => [new("cloudwatch:" + operation, "*") { Facts = [("cloudwatch:namespace", put.Namespace ?? "")] }],
            ListMetricsRequest
            or GetMetricStatisticsRequest
            or GetMetricDataRequest
            or PutCompositeAlarmRequest
            or DescribeAlarmsForMetricRequest
            or ListDashboardsRequest => [new("cloudwatch:" + operation, "*")],
            DescribeAlarmsRequest => [Alarm(operation, "*", caller)],
            DescribeAlarmHistoryRequest history => [Alarm(operation, history.AlarmName ?? "*", caller)],
            PutMetricAlarmRequest put => [Alarm(operation, put.AlarmName, caller)],
            SetAlarmStateRequest set => [Alarm(operation, set.AlarmName, caller)],
            AlarmNamesRequest names => [.. (names.AlarmNames ?? []).Select(name => Alarm(operation, name, caller))],
            PutDashboardRequest board => [Board(operation, board.DashboardName, caller)],
            GetDashboardRequest board => [Board(operation, board.DashboardName, caller)],
            DeleteDashboardsRequest boards => [.. (boards.DashboardNames ?? []).Select(name => Board(operation, name, caller))],
            TagResourceRequest tag => [new("cloudwatch:" + operation, tag.ResourceARN ?? "")],
            UntagResourceRequest tag => [new("cloudwatch:" + operation, tag.ResourceARN ?? "")],
            ListTagsForResourceRequest tag => [new("cloudwatch:" + operation, tag.ResourceARN ?? "")],
            _ => null,
        };

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            PutMetricAlarmRequest put => (put.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value)),
            PutCompositeAlarmRequest put => (put.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value)),
            TagResourceRequest tag => (tag.Tags ?? []).Select(each => KeyValuePair.Create(each.Key ?? "", each.Value)),
            UntagResourceRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    private static Access Alarm(string operation, string? name, Caller caller) =>
        new("cloudwatch:" + operation, Arn.Of("cloudwatch", caller.Scope, "alarm:" + name));

    private static Access Board(string operation, string? name, Caller caller) =>
        new("cloudwatch:" + operation, $"arn:{Arn.Partition(caller.Region)}:cloudwatch::{caller.Account}:dashboard/{name}");
}

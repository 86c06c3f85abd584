using Amazon.CloudWatch.Model;

namespace Disa.Operations;

/// <summary>An alarm of the stack.</summary>
/// <param name="LogicalName">What the template calls it.</param>
/// <param name="Name">What CloudFormation named it.</param>
/// <param name="State">OK, ALARM or INSUFFICIENT_DATA.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why, in CloudWatch's words.</param>
internal sealed record StackAlarm(string LogicalName, string Name, string State, DateTime? Since, string? Reason);

/// <summary>All alarms of a stack, by one call: CloudFormation names each after the nested stack, the template's name for it, and a suffix.</summary>
internal static class StackAlarms
{
    private const string First = "-FailedAlarm-";

    public static async Task<IReadOnlyList<StackAlarm>> Read(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        if (deployment.AlarmName.IndexOf(First, StringComparison.Ordinal) is not (> 0 and var end))
        {
            return [];
        }

        var prefix = deployment.AlarmName[..(end + 1)];
        var found = await session
            .CloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNamePrefix = prefix, MaxRecords = 100 }, cancellation)
            .ConfigureAwait(false);
        return
        [
            .. found
                .MetricAlarms.Select(alarm => new StackAlarm(
                    alarm.AlarmName![prefix.Length..].Split('-')[0],
                    alarm.AlarmName!,
                    alarm.StateValue ?? "",
                    alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp,
                    alarm.StateReason
                ))
                .OrderBy(alarm => alarm.LogicalName, StringComparer.Ordinal),
        ];
    }
}

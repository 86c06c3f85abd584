using Amazon.CloudFormation;
using Amazon.CloudWatch.Model;

namespace Disa.WebConsole.Pages;

/// <summary>An alarm of the deployment.</summary>
/// <param name="LogicalName">What the template calls it.</param>
/// <param name="Name">What CloudFormation named it.</param>
/// <param name="Alarm">Null where it is gone.</param>
internal sealed record ListedAlarm(string LogicalName, string Name, MetricAlarm? Alarm);

/// <summary>Every alarm of the stack and of those below it, those that are In Alarm first.</summary>
internal static class AlarmList
{
    private const int AtOnce = 100;
    private static readonly (string LogicalName, string Output)[] Outputs =
        [("FailedAlarm", "AlarmName"), ("UnaccountedAlarm", "UnaccountedAlarmName")];

    public static async Task<IReadOnlyList<ListedAlarm>> Read(Visit visit)
    {
        var names = await Names(visit).ConfigureAwait(false);
        var found = new Dictionary<string, MetricAlarm>(StringComparer.Ordinal);
        foreach (var some in names.Select(pair => pair.Name).Chunk(AtOnce))
        {
            var answer = await visit.Session.CloudWatch.DescribeAlarmsAsync(
                new DescribeAlarmsRequest { AlarmNames = [.. some], MaxRecords = AtOnce }, visit.Cancellation).ConfigureAwait(false);
            foreach (var alarm in answer.MetricAlarms)
            {
                found[alarm.AlarmName!] = alarm;
            }
        }

        return [.. names.Select(pair => new ListedAlarm(pair.LogicalName, pair.Name, found.GetValueOrDefault(pair.Name)))
            .OrderBy(entry => entry.Alarm?.StateValue?.ToString() switch { "ALARM" => 0, null => 1, "INSUFFICIENT_DATA" => 2, _ => 3 })
            .ThenBy(entry => entry.Name == visit.Deployment.AlarmName ? 0 : 1)
            .ThenBy(entry => entry.LogicalName, StringComparer.Ordinal)];
    }

    public static Html Table(IReadOnlyList<ListedAlarm> alarms, string chosen) => Html.Of(
        $"""
        <table class="stack alarms">
        <caption class="hidden">Alarms, those In Alarm first</caption>
        <thead><tr><th scope="col">Alarm</th><th scope="col">State</th><th scope="col">Since</th><th scope="col">Why</th></tr></thead>
        <tbody>{alarms.Select(entry => Html.Of(
            $"""
            <tr id="a-{entry.LogicalName}">
            <th scope="row"><a href="{Links.To("alarm", ("name", entry.Name))}"{(entry.Name == chosen ? Html.Of($" aria-current=\"true\"") : Html.None)}>{entry.LogicalName}</a>
            <span class="hint">{Meaning(entry.Alarm)}</span></th>
            <td data-name="State">{(entry.Alarm is null ? Html.Of($"""<span class="badge wait">gone</span>""") : Show.AlarmBadge(entry.Alarm.StateValue))}</td>
            <td data-name="Since">{Show.Time(entry.Alarm?.StateTransitionedTimestamp ?? entry.Alarm?.StateUpdatedTimestamp)}</td>
            <td data-name="Why">{entry.Alarm?.StateReason}</td></tr>
            """))}</tbody>
        </table>
        """);

    /// <summary>Its description without the stack's name, which they all begin with.</summary>
    private static string? Meaning(MetricAlarm? alarm)
    {
        var text = alarm?.AlarmDescription;
        var end = text?.IndexOf("): ", StringComparison.Ordinal) ?? -1;
        return end < 0 ? text : text![(end + "): ".Length)..];
    }

    /// <summary>From the stacks' resources; who may not read those sees the alarms that the root stack's outputs name.</summary>
    private static async Task<IReadOnlyList<(string LogicalName, string Name)>> Names(Visit visit)
    {
        try
        {
            if (await Deployment.StackOrNone(visit.Session, visit.Deployment.StackName, visit.Cancellation).ConfigureAwait(false) is { } root)
            {
                var tree = await StackBranch.Below(visit, root).ConfigureAwait(false);
                return [.. tree.All().SelectMany(branch => branch.Resources)
                    .Where(resource => resource is { ResourceType: "AWS::CloudWatch::Alarm", PhysicalResourceId.Length: > 0 })
                    .Select(resource => (resource.LogicalResourceId!, resource.PhysicalResourceId!))];
            }
        }
        catch (AmazonCloudFormationException denied) when (denied.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            // The outputs say some of it.
        }

        return [.. Outputs.Where(pair => visit.Deployment.Outputs.ContainsKey(pair.Output))
            .Select(pair => (pair.LogicalName, visit.Deployment.Output(pair.Output)))];
    }
}

using System.CommandLine;
using Disa.Cli.Deploy;

namespace Disa.Cli.Commands;

/// <summary><c>disa status</c>: how a deployment is: stack, artefacts, parameters, alarm, breaker, queues, subscribers.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Show the deployment's health: stack, drift, alarm, breaker, pending messages, subscribers");
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var name = parsed.GetValue(CommonOptions.Stack)!;
        await Asked.Deployment(session, name, cancellation).ConfigureAwait(false);
        var stack = (await Deployment.StackOrNone(session, name, cancellation).ConfigureAwait(false))!;
        var report = await Terminal
            .Progress(
                "Asking",
                async _ =>
                    await new DeploymentHealth(session, Artefacts.Find())
                        .Of(stack, await TargetIdentity.Of(session, cancellation).ConfigureAwait(false), cancellation)
                        .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(report, CliJson.Readable.StatusReport);
        }
        else
        {
            Print(report);
        }

        return DisaCommand.Done;
    }

    private static void Print(StatusReport report)
    {
        report.Where.Say();
        var fields = new Fields();
        var isComplete =
            report.StackStatus.EndsWith("_COMPLETE", StringComparison.Ordinal)
            && !report.StackStatus.Contains("ROLLBACK", StringComparison.Ordinal);
        Add(
            "stack",
            $"{report.StackName} {Good(isComplete, report.StackStatus)}{(report.TerminationProtection ? ", protected against deletion" : "")}"
        );
        Add(
            "artefacts",
            report.Artefacts.Same
                ? Good(true, "those of this command")
                : Good(false, $"not those of this command: {string.Join(", ", report.Artefacts.Differ)}")
        );
        foreach (var parameter in report.Parameters)
        {
            Add("parameter", $"{parameter.Name} = {parameter.Deployed ?? "(not there)"} (default {parameter.Default ?? "(none)"})");
        }

        Add(
            "alarm",
            report.Alarm is { } alarm
                ? (Styled)$"{Good(alarm.State != "ALARM", alarm.State)} since {alarm.Since:u} [grey]{alarm.Reason}[/]"
                : Good(false, "missing")
        );
        foreach (var other in report.Alarms.Where(other => other.State == "ALARM" && other.Name != report.Alarm?.Name))
        {
            Add(other.LogicalName, (Styled)$"{Good(false, other.State)} since {other.Since:u} [grey]{other.Reason}[/]");
        }

        Add(
            "breaker",
            report.Breaker is { } breaker
                ? (Styled)
                    $"{Good(breaker.State != BreakerState.Open, breaker.State == BreakerState.Open ? "open: nothing is sent" : "closed")} since {breaker.Since ?? "?"}, checked {breaker.CheckedAt ?? "?"}"
                : Good(true, "closed: nothing has failed yet")
        );
        Add("messages", Styled.Of(Counted(report.Messages)));
        Add("next attempts", $"{report.Waiting.Due} due, {report.Waiting.Later} later");
        var inFlight = report.DeadLetters.InFlight > 0 ? $", {report.DeadLetters.InFlight} in flight" : "";
        Add(
            "dead letters",
            Good(report.DeadLetters.Messages + report.DeadLetters.InFlight == 0, $"{report.DeadLetters.Messages}{inFlight}")
        );
        foreach (var subscriber in report.Subscribers)
        {
            Add(
                "subscriber",
                $"{subscriber.Endpoint} ({subscriber.Protocol}) {Good(subscriber.Confirmed, subscriber.Confirmed ? "confirmed" : "has not confirmed: gets nothing")}"
            );
        }

        foreach (var warning in report.Warnings)
        {
            fields.Add($"[red]warning[/]", Good(false, warning));
        }

        Terminal.Out.Write(fields);

        void Add(string name, Styled value) => fields.Add(Styled.Of(name), value);
    }

    private static string Counted(StateCounts counts) =>
        string.Join(
            ", ",
            MessageState
                .All.Select(state => (State: state, Number: counts.States.GetValueOrDefault(state)))
                .Where(count => count.Number > 0 || count.State is MessageState.Sent or MessageState.Parked or MessageState.Failed)
                .Select(count =>
                    $"{count.Number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}{(counts.AtLeast.Contains(count.State) ? "+" : "")} {count.State}"
                )
        ) + $"; {counts.SentLastMinute} sent in the last minute, {counts.SentLastHour} in the last hour";

    private static Styled Good(bool good, string text) => good ? (Styled)$"[green]{text}[/]" : (Styled)$"[red]{text}[/]";
}

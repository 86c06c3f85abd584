using System.CommandLine;
using Disa.Cli.Deploy;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary><c>disa status</c>: how a deployment is: stack, artefacts, parameters, alarm, breaker, queues, subscribers.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "How the deployment is: stack, drift, alarm and breaker, what waits, who is subscribed");
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var name = parsed.GetValue(CommonOptions.Stack)!;
        await Deployment.Find(session, name, cancellation).ConfigureAwait(false);
        var stack = (await Deployment.StackOrNone(session, name, cancellation).ConfigureAwait(false))!;
        var report = await Terminal.Progress("Asking", async _ =>
            await new DeploymentHealth(session, Artefacts.Find()).Of(stack, await Whereabouts.Of(session, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false)).ConfigureAwait(false);
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
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        grid.AddRow("stack", $"{Markup.Escape(report.StackName)} {Good(report.StackStatus.EndsWith("_COMPLETE", StringComparison.Ordinal) && !report.StackStatus.Contains("ROLLBACK", StringComparison.Ordinal), report.StackStatus)}{(report.TerminationProtection ? ", protected against deletion" : "")}");
        grid.AddRow("artefacts", report.Artefacts.Same ? Good(true, "those of this command") : Good(false, $"not those of this command: {string.Join(", ", report.Artefacts.Differ)}"));
        foreach (var parameter in report.Parameters)
        {
            grid.AddRow("parameter", Markup.Escape($"{parameter.Name} = {parameter.Deployed ?? "(not there)"} (default {parameter.Default ?? "(none)"})"));
        }

        grid.AddRow("alarm", report.Alarm is { } alarm ? $"{Good(alarm.State != "ALARM", alarm.State)} since {alarm.Since:u} [grey]{Markup.Escape(alarm.Reason ?? "")}[/]" : Good(false, "missing"));
        grid.AddRow("breaker", report.Breaker is { } breaker ? $"{Good(breaker.State != "ALARM", breaker.State == "ALARM" ? "open: nothing is sent" : "closed")} since {Markup.Escape(breaker.Since ?? "?")}, checked {Markup.Escape(breaker.CheckedAt ?? "?")}" : Good(true, "closed: nothing has failed yet"));
        grid.AddRow("waiting", $"{report.Waiting.Due} due, {report.Waiting.Later} later");
        grid.AddRow("dead letters", Good(report.DeadLetters.Messages + report.DeadLetters.InFlight == 0, $"{report.DeadLetters.Messages}{(report.DeadLetters.InFlight > 0 ? $", {report.DeadLetters.InFlight} in flight" : "")}"));
        foreach (var subscriber in report.Subscribers)
        {
            grid.AddRow("subscriber", $"{Markup.Escape($"{subscriber.Endpoint} ({subscriber.Protocol})")} {Good(subscriber.Confirmed, subscriber.Confirmed ? "confirmed" : "has not confirmed: gets nothing")}");
        }

        foreach (var warning in report.Warnings)
        {
            grid.AddRow("[red]warning[/]", Good(false, warning));
        }

        Terminal.Out.Write(grid);
    }

    private static string Good(bool good, string text) => $"[{(good ? "green" : "red")}]{Markup.Escape(text)}[/]";
}

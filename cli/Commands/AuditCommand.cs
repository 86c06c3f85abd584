using System.CommandLine;
using Disa.Functions;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary><c>disa audit</c>: is every item accounted for? Exit code 1 where one is not.</summary>
internal static class AuditCommand
{
    private static readonly Option<string> OlderThan = new("--older-than") { Description = "How long an item may be undecided, or a claim be over", DefaultValueFactory = _ => "15m" };

    public static Command Create()
    {
        var command = new Command("audit", "Read the whole table: count the states, and list every message that nobody accounts for") { OlderThan };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var olderThan = Duration.Parse(parsed.GetValue(OlderThan)!);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var now = await EmulatorApi.Now(session, cancellation).ConfigureAwait(false);
        var audit = new Audit(session.DynamoDb, deployment.TableName, deployment.Shape);
        var report = await Terminal.Progress("Reading the table", _ => audit.RunAsync(now, olderThan, cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(report, CliJson.Default.AuditReport);
        }
        else
        {
            Show(report, parsed.GetValue(OlderThan)!);
        }

        return report.Unaccounted == 0 ? DisaCommand.Done : DisaCommand.DidNotHappen;
    }

    private static void Show(AuditReport report, string olderThan)
    {
        var states = new Table().AddColumns("state", "messages");
        foreach (var (state, count) in report.States)
        {
            states.AddRow(Markup.Escape(state), $"{count}");
        }

        Terminal.Out.Write(states.AddRow("[bold]all[/]", $"[bold]{report.Total}[/]"));
        if (report.Findings.Count > 0)
        {
            var findings = new Table().AddColumns("id", "finding", "why");
            foreach (var finding in report.Findings)
            {
                findings.AddRow(Markup.Escape(finding.Id), Markup.Escape(finding.Kind), Markup.Escape(finding.Why));
            }

            Terminal.Out.Write(findings);
        }

        Terminal.Out.MarkupLine(report.Unaccounted == 0 ? "[green]Every message is accounted for.[/]" : $"[red]{report.Unaccounted} unaccounted for.[/]");
        if (report.States.GetValueOrDefault("Undecided") is > 0 and var undecided)
        {
            Terminal.Remark($"{undecided} without a status: an item does not say when it was put, so an audit counts from the first one that saw it. "
                + (report.Remembered ? $"Ask again after {Markup.Escape(olderThan)}." : "Nothing could be remembered: no right to write the table."));
        }
    }
}

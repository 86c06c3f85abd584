using System.CommandLine;
using Disa.Functions;

namespace Disa.Cli.Commands;

/// <summary><c>disa audit</c>: is every item accounted for? Exit code 1 where one is not.</summary>
internal static class AuditCommand
{
    private static readonly Option<string> OlderThan = new("--older-than")
    {
        Description = "How long an item may be undecided, or its claim expired",
        DefaultValueFactory = _ => "15m",
    };

    public static Command Create()
    {
        var command = new Command("audit", "Scan the whole table: count the states, and list every message that is unaccounted for")
        {
            OlderThan,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var olderThan = Duration.Parse(parsed.GetValue(OlderThan)!);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var now = await EmulatorApi.Now(session, cancellation).ConfigureAwait(false);
        var audit = new Audit(session.DynamoDb, deployment.TableName, deployment.Shape);
        var report = await Terminal.Progress("Reading the table", _ => audit.RunAsync(now, olderThan, cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            var states = ByState(report).ToDictionary(StringComparer.Ordinal);
            Terminal.Json(report with { States = states }, CliJson.Readable.AuditReport);
        }
        else
        {
            Show(report, parsed.GetValue(OlderThan)!);
        }

        foreach (var problem in await EmulatorApi.Problems(session, cancellation).ConfigureAwait(false))
        {
            Terminal.Remark($"[red]warning[/]: {problem}");
        }

        return report.Unaccounted == 0 ? DisaCommand.Done : DisaCommand.DidNotHappen;
    }

    /// <summary>The counts under the words that every command uses, in their order.</summary>
    private static IEnumerable<KeyValuePair<string, int>> ByState(AuditReport report) =>
        report
            .States.GroupBy(pair => MessageState.OfAudit(pair.Key))
            .OrderBy(same => MessageState.All.ToList().IndexOf(same.Key))
            .Select(same => KeyValuePair.Create(same.Key, same.Sum(pair => pair.Value)));

    private static void Show(AuditReport report, string olderThan)
    {
        var states = new Listing("state", ">messages");
        foreach (var (state, count) in ByState(report))
        {
            states.Add(States.Of(state), (Styled)$"{count}");
        }

        Terminal.Out.Write(states.Add((Styled)$"[bold]all[/]", (Styled)$"[bold]{report.Total}[/]"));
        if (report.Findings.Count > 0)
        {
            var findings = new Listing("id", "finding", "why");
            foreach (var finding in report.Findings)
            {
                findings.Add(Styled.Of(finding.Id), Styled.Of(finding.Kind), Styled.Of(finding.Why));
            }

            Terminal.Out.Write(findings);
        }

        Terminal.Out.Line(
            report.Unaccounted == 0
                ? (Styled)$"[green]Every message is accounted for.[/]"
                : (Styled)$"[red]{report.Unaccounted} unaccounted for.[/]"
        );
        if (report.States.GetValueOrDefault("Undecided") is > 0 and var undecided)
        {
            var then = report.Remembered ? $"Run the audit again after {olderThan}." : "Nothing was recorded: no right to write the table.";
            Terminal.Remark(
                $"{undecided} without a status: an item does not say when it was put, so an audit counts from the first audit that saw it. {then}"
            );
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Disa.Cli.Cost;
using Disa.Operations.Cost;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary><c>disa cost</c>: what AWS would have billed for what the emulator did, and for a million messages like it.</summary>
internal static class CostCommand
{
    private static readonly Option<long?> Messages = new("--messages") { Description = "How many messages it was (default: those that Disa's topic accepted); with --workload, how many to send (1000)" };
    private static readonly Option<string?> Kind = new("--workload") { Description = "Measure in an emulator of its own: one-by-one (each waits for the one before) or burst" };
    private static readonly Option<string> Type = new("--type") { Description = "Of a --workload: the type of the state machine, STANDARD or EXPRESS", DefaultValueFactory = _ => "EXPRESS" };
    private static readonly Option<bool> Reset = new("--reset") { Description = "Count from nothing afterwards" };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("one-by-one", "burst");
        Type.AcceptOnlyFromAmong("STANDARD", "EXPRESS");
        var command = new Command("cost", "Price what the emulator did since it was deployed, or measure a workload: what AWS would bill, by line and for a million messages")
        {
            Messages, Kind, Type, Reset,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var asked = parsed.GetValue(Messages);
        if (asked is < 1 or > 1_000_000)
        {
            throw new MisuseException($"{asked} is no number of messages; 1 to 1000000 are.");
        }

        Usage usage;
        long messages;
        if (parsed.GetValue(Kind) is { } kind)
        {
            messages = asked ?? 1000;
            var workload = new Workload(kind == "burst", (int)messages, parsed.GetValue(Type)!, cancellation);
            usage = await Terminal.Progress("Measuring", workload.Measure).ConfigureAwait(false);
        }
        else
        {
            using var session = new AwsSession(Target.From(parsed));
            usage = await session.Emulator.Usage(cancellation).ConfigureAwait(false);
            messages = asked ?? CostReport.Published(usage, (await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false)).TopicName);
            if (parsed.GetValue(Reset))
            {
                await session.Emulator.ResetUsage(cancellation).ConfigureAwait(false);
            }
        }

        var report = CostReport.Of(usage, PriceList.UsEast1(), messages);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(report, CliJson.Readable.CostReport);
        }
        else
        {
            Show(report);
        }

        return DisaCommand.Done;
    }

    private static void Show(CostReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey)
            .AddColumns(new TableColumn("what"), new TableColumn("of"), new TableColumn("units").RightAligned(), new TableColumn("$").RightAligned(), new TableColumn("$ a million").RightAligned());
        foreach (var line in report.Lines.OrderByDescending(line => line.Usd))
        {
            table.AddRow(Markup.Escape(line.What), Markup.Escape(line.Resource), Number(line.Units), Usd(line.Usd, 6), Million(line.PerMillion));
        }

        table.AddEmptyRow();
        table.AddRow("[bold]without deliveries[/]", "", "", $"[bold]{Usd(report.Usd, 6)}[/]", $"[bold]{Million(report.PerMillion)}[/]");
        table.AddRow("with deliveries (e-mail)", "", "", Usd(report.UsdDelivered, 6), Million(report.PerMillionDelivered));
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine(report.Messages == 0
            ? "No message was published; --messages says how many it was."
            : $"{report.Messages} messages since {report.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC.");
        if (report.Calls is { } calls)
        {
            Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"API calls a message: CloudWatch {calls.CloudWatch:0.####}, Step Functions {calls.StepFunctions:0.####}."));
        }

        Terminal.Out.WriteLine($"By the month, whatever is sent: {string.Join(", ", report.Monthly.Select(line => $"{Number(line.Units)} {line.What} ${Usd(line.Usd, 2)}"))}; together ${Usd(report.UsdMonthly, 2)}.");
        Terminal.Out.WriteLine($"Prices: {report.Region}, {report.PricesOf}, list, no free tier. Lambda and EXPRESS durations are those of this machine, not of AWS.");
    }

    private static string Number(double units) => units.ToString(units < 10 ? "0.###" : "#,0.#", CultureInfo.InvariantCulture);

    private static string Usd(decimal usd, int digits) => usd.ToString("0." + new string('0', digits), CultureInfo.InvariantCulture);

    private static string Million(decimal? usd) => usd is { } known ? Usd(known, 4) : "";
}

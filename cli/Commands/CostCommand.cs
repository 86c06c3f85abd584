using System.CommandLine;
using System.Globalization;
using Disa.Cli.Cost;
using Disa.Operations.Cost;

namespace Disa.Cli.Commands;

/// <summary><c>disa cost</c>: what AWS would have billed for what the emulator did, and for a million messages like it.</summary>
internal static class CostCommand
{
    private static readonly Option<long?> Messages = new("--messages")
    {
        Description = "The number of messages (default: those that Disa's topic accepted); with --workload, the number to send (1000)",
    };
    private static readonly Option<string?> Kind = new("--workload")
    {
        Description = "Measure in a new emulator: one-by-one (each message waits for the one before) or burst",
    };
    private static readonly Option<string> Type = new("--type")
    {
        Description = "With --workload: the type of the state machine, STANDARD or EXPRESS",
        DefaultValueFactory = _ => "EXPRESS",
    };
    private static readonly Option<bool> Reset = new("--reset") { Description = "Reset the counters afterwards" };

    /// <summary>A topic takes 256 KB, of which Disa needs a few bytes for its own attributes.</summary>
    private const int LargestText = 255 * 1024;

    private static readonly Option<string?> Size = new("--size")
    {
        Description = "With --workload: the size of a message's text in bytes, such as 512, 10k or 64k; separate several by commas",
    };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("one-by-one", "burst");
        Type.AcceptOnlyFromAmong("STANDARD", "EXPRESS");
        var command = new Command(
            "cost",
            "Show what AWS would bill for the emulator's work since the deployment, or for a measured workload: line by line, and per million messages"
        )
        {
            Messages,
            Kind,
            Type,
            Size,
            Reset,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var asked = parsed.GetValue(Messages);
        if (asked is < 1 or > 1_000_000)
        {
            throw new UsageException("--messages must be between 1 and 1,000,000.");
        }

        if (parsed.GetValue(Size) is { } sizes)
        {
            return await BySize(parsed, Sizes(sizes), asked ?? 1000, cancellation).ConfigureAwait(false);
        }

        Usage usage;
        long messages;
        if (parsed.GetValue(Kind) is { } kind)
        {
            messages = asked ?? 1000;
            var workload = new Workload(kind == "burst", (int)messages, parsed.GetValue(Type)!, null, cancellation);
            usage = await Terminal.Progress("Measuring", workload.Measure).ConfigureAwait(false);
        }
        else
        {
            using var session = new AwsSession(Target.From(parsed));
            usage = await Terminal.Progress("Reading what was used", _ => session.Emulator.Usage(cancellation)).ConfigureAwait(false);
            messages =
                asked
                ?? CostReport.Published(
                    usage,
                    (await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false)).TopicName
                );
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

    /// <summary>One measurement of each size, and what each service bills.</summary>
    private static async Task<int> BySize(ParseResult parsed, IReadOnlyList<int> sizes, long messages, CancellationToken cancellation)
    {
        var kind = parsed.GetValue(Kind) ?? throw new UsageException("--size is for --workload: what is measured has that size.");
        var prices = PriceList.UsEast1();
        var measured = new List<SizedCost>();
        foreach (var size in sizes)
        {
            var workload = new Workload(kind == "burst", (int)messages, parsed.GetValue(Type)!, size, cancellation);
            var usage = await Terminal.Progress($"Measuring {Bytes(size)}", workload.Measure).ConfigureAwait(false);
            measured.Add(new(size, CostReport.Shares(usage, prices, messages), CostReport.Of(usage, prices, messages)));
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(measured, CliJson.Readable.IReadOnlyListSizedCost);
            return DisaCommand.Done;
        }

        if (measured is [var only])
        {
            Show(only.Report);
        }

        Show(measured);
        return DisaCommand.Done;
    }

    private static void Show(IReadOnlyList<SizedCost> measured)
    {
        var services = measured
            .SelectMany(one => one.Services)
            .GroupBy(service => service.Service)
            .OrderByDescending(same => same.Max(service => service.PerMillion))
            .Select(same => same.Key)
            .ToList();
        var table = new Listing(["$ per million", .. measured.Select(one => ">" + Bytes(one.Size))]);
        foreach (var name in services)
        {
            table.Add([
                Styled.Of(name),
                .. measured.Select(one => Styled.Of(Share(one.Services.FirstOrDefault(service => service.Service == name)))),
            ]);
        }

        table.AddGap();
        table.Add([
            (Styled)$"[bold]without deliveries[/]",
            .. measured.Select(one => (Styled)$"[bold]{Million(one.Report.PerMillion)}[/]"),
        ]);
        table.Add([(Styled)$"with deliveries (e-mail)", .. measured.Select(one => Styled.Of(Million(one.Report.PerMillionDelivered)))]);
        Terminal.Out.Write(table);
        Terminal.Out.Line($"A put and each status write bill the whole item, rounded up to 1 KB.");
    }

    private static string Share(ServiceShare? share) =>
        share is null ? "" : FormattableString.Invariant($"{share.PerMillion:0.00} ({share.Share * 100:0} %)");

    private static string Bytes(int size) =>
        size % 1024 == 0 ? FormattableString.Invariant($"{size / 1024} KB") : FormattableString.Invariant($"{size} B");

    private static List<int> Sizes(string text) =>
        [
            .. text.Split(',', StringSplitOptions.TrimEntries)
                .Select(one =>
                {
                    var isKilo = one.EndsWith('k') || one.EndsWith('K');
                    return
                        int.TryParse(isKilo ? one[..^1] : one, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        && number > 0
                        && number <= LargestText / (isKilo ? 1024 : 1)
                        ? number * (isKilo ? 1024 : 1)
                        : throw new UsageException($"'{one}' is not a size: bytes, or k for 1,024 of them, up to {LargestText / 1024}k.");
                }),
        ];

    private static void Show(CostReport report)
    {
        var table = new Listing("what", "of", ">units", ">$", ">$ per million");
        foreach (var line in report.Lines.OrderByDescending(line => line.Usd))
        {
            table.Add(
                Styled.Of(line.What),
                Styled.Of(line.Resource),
                Styled.Of(Number(line.Units)),
                Styled.Of(Usd(line.Usd, 6)),
                Styled.Of(Million(line.PerMillion))
            );
        }

        table.AddGap();
        table.Add(
            (Styled)$"[bold]without deliveries[/]",
            Styled.Empty,
            Styled.Empty,
            (Styled)$"[bold]{Usd(report.Usd, 6)}[/]",
            (Styled)$"[bold]{Million(report.PerMillion)}[/]"
        );
        table.Add(
            (Styled)$"with deliveries (e-mail)",
            Styled.Empty,
            Styled.Empty,
            Styled.Of(Usd(report.UsdDelivered, 6)),
            Styled.Of(Million(report.PerMillionDelivered))
        );
        Terminal.Out.Write(table);
        Terminal.Out.Line(
            report.Messages == 0
                ? (Styled)$"No message was published; --messages says how many it was."
                : (Styled)$"{report.Messages} messages since {report.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."
        );
        if (report.Calls is { } calls)
        {
            Terminal.Out.Line($"API calls per message: CloudWatch {calls.CloudWatch:0.####}, Step Functions {calls.StepFunctions:0.####}.");
        }

        Terminal.Out.Line(
            $"Per month, whatever is sent: {string.Join(", ", report.Monthly.Select(line => $"{Number(line.Units)} {line.What} ${Usd(line.Usd, 2)}"))}; together ${Usd(report.UsdMonthly, 2)}."
        );
        Terminal.Out.Line(
            $"Prices: {report.Region}, {report.PricesOf}, list, no free tier. Lambda and EXPRESS durations are those of this machine, not of AWS."
        );
    }

    private static string Number(double units) => units.ToString(units < 10 ? "0.###" : "#,0.#", CultureInfo.InvariantCulture);

    private static string Usd(decimal usd, int digits) => usd.ToString("0." + new string('0', digits), CultureInfo.InvariantCulture);

    private static string Million(decimal? usd) => usd is { } known ? Usd(known, 4) : "";
}

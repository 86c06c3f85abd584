using System.CommandLine;
using System.Globalization;
using Disa.Functions;

namespace Disa.Cli.Commands;

/// <summary><c>disa redrive</c>: parked messages are sent again; counted first, and no further than the failures allow.</summary>
internal static class RedriveCommand
{
    private static readonly Option<string> Status = new("--status")
    {
        Description = "Failure, or none for messages without a status",
        DefaultValueFactory = _ => SendAttributes.Failure,
    };
    private static readonly Option<string[]> Reason = new("--reason")
    {
        Description = "Only these reasons, such as AttemptsExhausted, SendFailed, Cancelled, Expired, InvalidMessage",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<string?> Error = new("--error") { Description = "Only messages whose last error has this code" };
    private static readonly Option<string?> Group = new("--group")
    {
        Description = "Only messages of this group of failures, as `disa failures` names it",
    };
    private static readonly Option<string?> Before = new("--before")
    {
        Description = "Only messages whose last attempt was before this time (ISO 8601), or that have none",
    };
    private static readonly Option<bool> Waiting = new("--waiting")
    {
        Description = "Also messages with a scheduled attempt: they are sent now instead",
    };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only count" };
    private static readonly Option<int> Rate = new("--rate")
    {
        Description = "Messages per second (maximum)",
        DefaultValueFactory = _ => 10,
    };
    private static readonly Option<double> StopAt = new("--stop-at-failures")
    {
        Description = "Stop when more than this share (0 to 1) of the redriven messages has failed again",
        DefaultValueFactory = _ => 0.5,
    };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask for confirmation" };

    public static Command Create()
    {
        Status.AcceptOnlyFromAmong(SendAttributes.Failure, "none");
        var command = new Command("redrive", "Send parked messages again: counts them, asks, then makes them due at a limited rate")
        {
            Status,
            Reason,
            Error,
            Group,
            Before,
            Waiting,
            DryRun,
            Rate,
            StopAt,
            Yes,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (rate, stopAt, json) = (parsed.GetValue(Rate), parsed.GetValue(StopAt), parsed.GetValue(CommonOptions.Json));
        var filter = Filter(parsed);
        if (rate is < 1 or > 1000 || stopAt is not (>= 0 and <= 1))
        {
            throw new UsageException("--rate must be 1 to 1000 messages per second, --stop-at-failures a share from 0 to 1.");
        }

        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var redrive = new Redrive(session, deployment);
        var items = await Terminal.Progress("Counting", _ => redrive.Freeze(filter, cancellation)).ConfigureAwait(false);
        var report = Redrive.Count(items);
        var reasons = items.Count > 0 ? $" ({string.Join(", ", report.Reasons.Select(pair => $"{pair.Value} {pair.Key}"))})" : "";
        if (!json)
        {
            Terminal.Remark($"{items.Count} messages match{reasons}.");
        }

        if (parsed.GetValue(DryRun) || items.Count == 0)
        {
            return Print(report, json);
        }

        if (!parsed.GetValue(Yes))
        {
            if (!Terminal.CanAsk)
            {
                throw new UsageException(
                    $"not a terminal, and {items.Count} messages would be sent again; pass --yes, or --dry-run to only count."
                );
            }

            if (!await Terminal.Ask($"Send {items.Count} messages again?", cancellation).ConfigureAwait(false))
            {
                return Print(report with { Stopped = "it was not confirmed" }, json);
            }
        }

        report = report with { Id = await redrive.Record(report, cancellation).ConfigureAwait(false) };
        report = await Terminal
            .Progress("Redriving", say => redrive.Run(items, rate, stopAt, report, say, cancellation))
            .ConfigureAwait(false);
        await redrive.Record(report, cancellation).ConfigureAwait(false);
        return Print(report, json);
    }

    private static RedriveFilter Filter(ParseResult parsed)
    {
        DateTimeOffset? before =
            parsed.GetValue(Before) is not { } text ? null
            : Instant.TryParse(text, out var time) ? time
            : throw new UsageException($"'{text}' is not a valid time; times look like 2026-11-23T06:30:00Z.");
        return new(parsed.GetValue(Status)!, parsed.GetValue(Reason) ?? [], before, parsed.GetValue(Waiting))
        {
            ErrorCode = parsed.GetValue(Error),
            Group = parsed.GetValue(Group),
        };
    }

    private static int Print(RedriveReport report, bool json)
    {
        if (json)
        {
            Terminal.Json(report, CliJson.Readable.RedriveReport);
        }
        else if (report.Id is not null)
        {
            Terminal.Out.Line(
                $"{report.Redriven} redriven: {report.Sent} sent, {report.Deferred} deferred (they are sent later), "
                    + $"{report.Failed} failed again, {report.Underway} still in progress; {report.Skipped} had changed and were skipped."
            );
        }

        if (report.Stopped is { } why)
        {
            Terminal.Remark($"Stopped: {why}.");
        }

        return report.Stopped is null ? DisaCommand.Done : DisaCommand.DidNotHappen;
    }
}

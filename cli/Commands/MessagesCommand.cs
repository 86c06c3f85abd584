using System.CommandLine;
using Disa.Functions;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa messages --json</c> prints.</summary>
/// <param name="Messages">The newest first.</param>
/// <param name="Next">For <c>--after</c>; null at the end.</param>
internal sealed record MessagesReport(IReadOnlyList<Message> Messages, string? Next);

/// <summary><c>disa messages</c>: the messages by state, reason, error, text and time, a page at a time.</summary>
internal static class MessagesCommand
{
    /// <summary>More than this in one list is for a program that reads the table.</summary>
    private const int LargestLimit = 1_000_000;

    private static readonly Option<string?> Status = new("--status")
    {
        Description =
            "Only messages in this state (Waiting, Held, Paced, Blocked, Sent, Failed, Parked) or with this sendStatus (Successful, Failure, none)",
    };

    private static readonly Option<string?> Text = new("--text")
    {
        Description = "Only messages whose text, subject or key contains this text",
    };
    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "Only messages with this reason, such as SendFailed or InvalidMessage",
    };
    private static readonly Option<string?> Error = new("--error")
    {
        Description = "Only messages whose last error has this code; `disa failures` lists the codes",
    };
    private static readonly Option<string?> From = new("--from")
    {
        Description = "Only messages that came into their state at this time (ISO 8601) or later",
    };
    private static readonly Option<string?> To = new("--to")
    {
        Description = "Only messages that came into their state before this time (ISO 8601)",
    };
    private static readonly Option<string?> After = new("--after")
    {
        Description = "Continue after an earlier page: the value that it printed",
    };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "The maximum number to show",
        DefaultValueFactory = _ => 100,
    };

    public static Command Create()
    {
        Status.AcceptOnlyFromAmong([.. MessageState.All, SendAttributes.Successful, SendAttributes.Failure, "none"]);
        var command = new Command("messages", "List the messages and their states, newest first")
        {
            Status,
            Text,
            Reason,
            Error,
            From,
            To,
            After,
            Limit,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var limit = parsed.GetValue(Limit);
        if (limit is < 1 or > LargestLimit)
        {
            throw new UsageException("--limit must be between 1 and 1,000,000.");
        }

        var filter = Filter(parsed);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var report = await Terminal
            .Progress("Reading the messages", say => Read(session, deployment, filter, parsed.GetValue(After), limit, say, cancellation))
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(report, CliJson.Readable.MessagesReport);
            return DisaCommand.Done;
        }

        if (report.Messages.Count == 0)
        {
            Terminal.Remark($"No messages.");
        }
        else
        {
            var table = new Listing("id", "state", "since", "reason", ">attempts", "next attempt", "message");
            foreach (var message in report.Messages)
            {
                table.Add(
                    Styled.Of(message.Id),
                    States.Of(message),
                    Styled.Of(message.Since ?? message.SeenAt),
                    Styled.Of(message.Reason),
                    (Styled)$"{message.Attempts}",
                    Styled.Of(message.NextAttempt),
                    Styled.Of(Excerpt(message.Text))
                );
            }

            Terminal.Out.Write(table);
        }

        if (report.Next is { } next)
        {
            Terminal.Remark($"For more, use --after {next}");
        }

        return DisaCommand.Done;
    }

    /// <summary>Pages until there are enough, or until they end.</summary>
    private static async Task<MessagesReport> Read(
        AwsSession session,
        Deployment deployment,
        MessageFilter filter,
        string? after,
        int limit,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var list = new MessageList(session, deployment);
        var items =
            (await session.DynamoDb.DescribeTableAsync(deployment.TableName, cancellation).ConfigureAwait(false)).Table.ItemCount ?? 0;
        var found = new List<Message>();
        var lookedThrough = 0;
        do
        {
            var page = await list.Read(filter, after, Math.Min(limit - found.Count, MessageList.ReadWhole), items, cancellation)
                .ConfigureAwait(false);
            found.AddRange(page.Messages);
            lookedThrough += page.LookedThrough;
            after = page.Next;
            say($"{found.Count} of {lookedThrough} messages match");
        } while (after is not null && found.Count < limit);

        return new(found, after);
    }

    private static MessageFilter Filter(ParseResult parsed)
    {
        var wanted = parsed.GetValue(Status);
        var state = MessageState.All.FirstOrDefault(one => one == wanted);
        return new(
            state is null ? wanted : MessageState.StatusOf(state),
            parsed.GetValue(Reason),
            parsed.GetValue(Text),
            Time(parsed, From),
            Time(parsed, To)
        )
        {
            State = state,
            ErrorCode = parsed.GetValue(Error),
        };
    }

    private static DateTimeOffset? Time(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : Instant.TryParse(text, out var time) ? time
        : throw new UsageException($"'{text}' is not a valid time; times look like 2026-11-23T06:30:00Z.");

    /// <summary>Cut for eyes only: what goes into a file or another program is whole.</summary>
    private static string Excerpt(string? text) =>
        text is null || text.Length <= 60 || !Terminal.Out.IsTerminal ? text ?? "" : text[..59] + "…";
}

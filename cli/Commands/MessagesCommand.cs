using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa messages</c>: the table at a glance.</summary>
internal static class MessagesCommand
{
    /// <summary>More than this in one list is for a program that reads the table.</summary>
    private const int LargestLimit = 1_000_000;

    private static readonly Option<string?> Status = new("--status")
    {
        Description = "Only these: a state (Waiting, Held, Paced, Blocked, Sent, Failed, Parked), or the item's sendStatus: Successful, Failure, none",
    };

    private static readonly Option<int> Limit = new("--limit") { Description = "How many to show (maximum)", DefaultValueFactory = _ => 100 };

    public static Command Create()
    {
        Status.AcceptOnlyFromAmong([.. MessageState.All, "Successful", "Failure", "none"]);
        var command = new Command("messages", "List the messages and what became of them") { Status, Limit };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var limit = parsed.GetValue(Limit);
        if (limit is < 1 or > LargestLimit)
        {
            throw new MisuseException("--limit must be between 1 and 1,000,000.");
        }

        var wanted = parsed.GetValue(Status);
        var state = MessageState.All.FirstOrDefault(one => one == wanted);
        var status = state is null ? wanted : MessageState.StatusOf(state);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var messages = await Terminal.Progress("Reading the table", async _ =>
        {
            var found = new List<Message>();
            await foreach (var message in new Outbox(session, deployment).List(status, limit + 1, cancellation, state).ConfigureAwait(false))
            {
                found.Add(message);
            }

            return found;
        }).ConfigureAwait(false);
        var more = messages.Count > limit;
        var shown = messages.Take(limit).ToList();

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(shown, CliJson.Readable.IReadOnlyListMessage);
        }
        else if (shown.Count == 0)
        {
            Terminal.Remark($"No messages.");
        }
        else
        {
            var table = new Listing("id", "state", "reason", ">attempts", "next attempt", "message");
            foreach (var message in shown)
            {
                table.Add(Styled.Of(message.Id), States.Of(message), Styled.Of(message.Reason), (Styled)$"{message.Attempts}", Styled.Of(message.NextAttempt), Styled.Of(Excerpt(message.Text)));
            }

            Terminal.Out.Write(table);
        }

        if (more)
        {
            Terminal.Remark($"Showing {limit}; raise --limit.");
        }

        return DisaCommand.Done;
    }

    /// <summary>Cut for eyes only: what goes into a file or another program is whole.</summary>
    private static string Excerpt(string? text) => text is null || text.Length <= 60 || !Terminal.Out.IsTerminal ? text ?? "" : text[..59] + "…";
}

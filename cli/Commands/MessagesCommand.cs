using System.CommandLine;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary><c>disa messages</c>: the table at a glance.</summary>
internal static class MessagesCommand
{
    private static readonly Option<string?> Status = new("--status") { Description = "Only these: Successful, Failure, or none for those not decided yet" };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many", DefaultValueFactory = _ => 100 };

    public static Command Create()
    {
        Status.AcceptOnlyFromAmong("Successful", "Failure", "none");
        var command = new Command("messages", "List the messages and what became of them") { Status, Limit };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var limit = parsed.GetValue(Limit);
        var messages = await Terminal.Progress("Reading the table", async _ =>
        {
            var found = new List<Message>();
            await foreach (var message in new Outbox(session, deployment).List(parsed.GetValue(Status), limit + 1, cancellation).ConfigureAwait(false))
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
            Terminal.Remark("No messages.");
        }
        else
        {
            var table = new Table().AddColumns("id", "status", "attempts", "next attempt", "message");
            foreach (var message in shown)
            {
                table.AddRow(Markup.Escape(message.Id), Terminal.Colored(message.Status) + (message.Reason is { } reason ? $" {Markup.Escape(reason)}" : ""),
                    $"{message.Attempts}", Markup.Escape(message.NextAttempt ?? ""), Markup.Escape(Excerpt(message.Text)));
            }

            Terminal.Out.Write(table);
        }

        if (more)
        {
            Terminal.Remark($"There are more than {limit}; --limit shows more.");
        }

        return DisaCommand.Done;
    }

    private static string Excerpt(string? text) => text is null ? "" : text.Length <= 60 ? text : text[..59] + "…";
}

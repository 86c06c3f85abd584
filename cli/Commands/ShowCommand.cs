using System.CommandLine;
using System.Text.Json;
using Amazon.DynamoDBv2.DocumentModel;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary><c>disa show</c>: one item, whole.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var command = new Command("show", "Show one message: the item, and what became of it") { MessageArguments.Id, MessageArguments.Sort };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var id = MessageArguments.Of(parsed, deployment);
        var item = await new Outbox(session, deployment).Get(id, cancellation).ConfigureAwait(false)
            ?? throw new FailureException($"there is no message {id}.");
        if (parsed.GetValue(CommonOptions.Json))
        {
            using var document = JsonDocument.Parse(Document.FromAttributeMap(item).ToJson());
            Terminal.Json(document.RootElement, CliJson.Readable.JsonElement);
            return DisaCommand.Done;
        }

        var message = Message.From(item, deployment.Shape);
        Terminal.Out.Write(Details(message));
        return DisaCommand.Done;
    }

    /// <summary>What there is to know of a message, a line each.</summary>
    public static Grid Details(Message message)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        Row("id", Markup.Escape(message.Id));
        Row("status", Terminal.Colored(message.Status));
        Row("reason", Markup.Escape(message.Reason ?? ""));
        Row("attempts", message.Attempts > 0 ? $"{message.Attempts}" : "");
        Row("last error", Markup.Escape(message.ErrorCode is null ? "" : $"{message.ErrorCode} ({message.ErrorClass}): {message.ErrorText}"));
        Row("next attempt", Markup.Escape(message.NextAttempt ?? ""));
        Row("sent at", Markup.Escape(message.SentAt ?? ""));
        Row("SNS message id", Markup.Escape(message.SnsMessageId ?? ""));
        Row("history", string.Join('\n', (message.History ?? []).Select(attempt =>
            Markup.Escape($"{attempt.Number}. {attempt.At} {attempt.Outcome} {attempt.Code ?? attempt.MessageId}"))));
        Row("subject", Markup.Escape(message.Subject ?? ""));
        Row("message", Markup.Escape(message.Text ?? ""));
        return grid;

        void Row(string name, string markup)
        {
            if (markup.Length > 0)
            {
                grid.AddRow($"[grey]{name}[/]", markup);
            }
        }
    }
}

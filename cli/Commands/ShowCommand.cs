using System.CommandLine;
using System.Text.Json;
using Amazon.DynamoDBv2.DocumentModel;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa show --json</c> prints: the message as <c>disa messages --json</c> has it, and the item whole.</summary>
internal sealed record ShownMessage : Message
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public ShownMessage(Message message, JsonElement item)
        : base(message) => Item = item;

    /// <summary>All its attributes, the user's own too, as they are.</summary>
    public JsonElement Item { get; }
}

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
        var message = Message.From(item, deployment.Shape);
        if (parsed.GetValue(CommonOptions.Json))
        {
            using var document = JsonDocument.Parse(Document.FromAttributeMap(item).ToJson());
            Terminal.Json(new ShownMessage(message, document.RootElement), CliJson.Readable.ShownMessage);
            return DisaCommand.Done;
        }

        Terminal.Out.Write(Details(message));
        return DisaCommand.Done;
    }

    /// <summary>What there is to know of a message, a line each.</summary>
    public static Fields Details(Message message)
    {
        var fields = new Fields();
        Add("id", Styled.Of(message.Id));
        Add("state", States.WithReason(message));
        Add("status", Styled.Of(message.Status));
        Add("reason", Styled.Of(message.Reason));
        Add("attempts", Styled.Of(message.Attempts > 0 ? $"{message.Attempts}" : ""));
        Add("last error", Styled.Of(message.ErrorCode is null ? "" : $"{message.ErrorCode} ({message.ErrorClass}): {message.ErrorText}"));
        Add("next attempt", Styled.Of(message.NextAttempt));
        Add("sent at", Styled.Of(message.SentAt));
        Add("SNS message id", Styled.Of(message.SnsMessageId));
        Add("history", Styled.Join("\n", (message.History ?? []).Select(attempt =>
            (Styled)$"{attempt.Number}. {attempt.At} {attempt.Outcome} {attempt.Code ?? attempt.MessageId}")));
        Add("subject", Styled.Of(message.Subject));
        Add("message", Styled.Block(message.Text));
        return fields;

        void Add(string name, Styled value) => fields.Add(Styled.Of(name), value);
    }
}

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
    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "Wait until the message is Successful or Failure; exit code 1 on a timeout",
    };
    private static readonly Option<string> Timeout = new("--timeout")
    {
        Description = "The maximum time to wait",
        DefaultValueFactory = _ => "60s",
    };

    public static Command Create()
    {
        var command = new Command("show", "Show one message: the item and its state")
        {
            MessageArguments.Id,
            MessageArguments.Sort,
            Wait,
            Timeout,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var timeout = Duration.Parse(parsed.GetValue(Timeout)!);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var id = MessageArguments.Of(parsed, deployment);
        var outbox = new Outbox(session, deployment);
        if (parsed.GetValue(Wait))
        {
            await Terminal
                .Progress("Waiting for the dispatcher", _ => outbox.WaitFor(id, one => one.IsDecided, timeout, cancellation))
                .ConfigureAwait(false);
        }

        var item = await outbox.Get(id, cancellation).ConfigureAwait(false) ?? throw new FailureException($"there is no message {id}.");
        var message = Message.From(item, deployment.Shape);
        if (parsed.GetValue(CommonOptions.Json))
        {
            using var document = JsonDocument.Parse(Document.FromAttributeMap(item).ToJson());
            Terminal.Json(new ShownMessage(message, document.RootElement), CliJson.Readable.ShownMessage);
            return End();
        }

        Terminal.Out.Write(Details(message));
        return End();

        int End() => parsed.GetValue(Wait) && !message.IsDecided ? DisaCommand.DidNotHappen : DisaCommand.Done;
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
        Add(
            "history",
            Styled.Join(
                "\n",
                (message.History ?? []).Select(attempt =>
                    (Styled)$"{attempt.Number}. {attempt.At} {attempt.Outcome} {attempt.Code ?? attempt.MessageId}"
                )
            )
        );
        Add("subject", Styled.Of(message.Subject));
        Add("message", Styled.Block(message.Text));
        return fields;

        void Add(string name, Styled value) => fields.Add(Styled.Of(name), value);
    }
}

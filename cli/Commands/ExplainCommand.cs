using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa explain</c>: why a message was not sent yet, and when it will be.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var command = new Command(
            "explain",
            "Explain why a message has not been sent, and when and why it will be retried, or why it never will be"
        )
        {
            MessageArguments.Id,
            MessageArguments.Sort,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var id = MessageArguments.Of(parsed, deployment);
        var item =
            await new Outbox(session, deployment).Get(id, cancellation).ConfigureAwait(false)
            ?? throw new FailureException(
                $"there is no message {id}: it was never put, or it was deleted, and a deleted item is not sent."
            );
        var message = Message.From(item, deployment.Shape);
        var explanation = await Terminal
            .Progress("Reading what decides", _ => Explanation.Read(session, deployment, item, cancellation))
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(explanation, CliJson.Readable.Explanation);
            return DisaCommand.Done;
        }

        Terminal.Out.Line($"{message.Id}: {States.WithReason(message)}");
        foreach (var sentence in explanation.Sentences)
        {
            Terminal.Out.Line($"  {sentence}");
        }

        foreach (var attempt in message.History ?? [])
        {
            Terminal.Out.Line($"  [grey]attempt {attempt.Number}: {attempt.At} {attempt.Outcome} {attempt.Code ?? attempt.MessageId}[/]");
        }

        return DisaCommand.Done;
    }
}

using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa cancel</c>: parks a message that is not sent and not being sent.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var command = new Command("cancel", "Do not send a message: it is parked as Cancelled until somebody redrives it") { MessageArguments.Id, MessageArguments.Sort };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var id = MessageArguments.Of(parsed, deployment);
        var cancelled = await Terminal.Progress("Cancelling", _ => Cancellation.Cancel(session, deployment, id, cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(cancelled, CliJson.Readable.Cancelled);
        }
        else
        {
            Terminal.Out.Line($"{id} is cancelled; `{Terminal.Command} redrive --reason Cancelled` sends it after all.");
        }

        return DisaCommand.Done;
    }
}

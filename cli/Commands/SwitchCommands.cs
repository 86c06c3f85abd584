using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa break</c>: the documented failure test. The process function's SNS_TOPIC_ARN points at a topic that does not exist.</summary>
internal static class BreakCommand
{
    public static Command Create()
    {
        var command = new Command("break", "Make sending fail: point the process function at a topic that does not exist");
        command.Does(
            (parsed, cancellation) =>
                SwitchCommand.Run(
                    parsed,
                    deployment => FailureSwitch.Missing(deployment),
                    $"Sending fails from now on. `{Terminal.Command} mend` makes it work again.",
                    cancellation
                )
        );
        return command;
    }
}

/// <summary><c>disa mend</c>: and back.</summary>
internal static class MendCommand
{
    public static Command Create()
    {
        var command = new Command("mend", "Make sending work again: point the process function back at the stack's topic");
        command.Does(
            (parsed, cancellation) =>
                SwitchCommand.Run(
                    parsed,
                    deployment => deployment.TopicArn,
                    $"Sending works again. Failed messages are sent when they are due; `{Terminal.Command} retry` sends them without waiting for the schedule.",
                    cancellation
                )
        );
        return command;
    }
}

/// <summary>Turns the failure switch, and says so.</summary>
internal static class SwitchCommand
{
    public static async Task<int> Run(ParseResult parsed, Func<Deployment, string> topic, Styled remark, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var switched = await Terminal
            .Progress("Updating the process function", _ => FailureSwitch.Set(session, deployment, topic(deployment), cancellation))
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(switched, CliJson.Readable.Switched);
        }
        else
        {
            Terminal.Remark(remark);
        }

        return DisaCommand.Done;
    }
}

using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa retry</c>: runs the retry function now, instead of at its next scheduled time.</summary>
internal static class RetryCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Also messages whose next attempt is not due yet" };

    public static Command Create()
    {
        var command = new Command("retry", "Retry the failed messages that are due now, without waiting for the schedule") { All };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var answer = await Terminal
            .Progress("Looking for due messages", _ => RetryFunction.Invoke(session, deployment, parsed.GetValue(All), cancellation))
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(answer, CliJson.Readable.JsonElement);
            return DisaCommand.Done;
        }

        foreach (var member in answer.EnumerateObject())
        {
            Terminal.Out.Line($"[grey]{member.Name}[/] {member.Value.ToString()}");
        }

        return DisaCommand.Done;
    }
}

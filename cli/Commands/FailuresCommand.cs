using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa failures</c>: the messages that are not sent, by error.</summary>
internal static class FailuresCommand
{
    public static Command Create()
    {
        var command = new Command("failures", "List failed messages by error: code, first words, how many, since when");
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var failures = await Terminal
            .Progress("Reading the failures", _ => FailureGroups.Read(session, deployment, cancellation))
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(failures, CliJson.Readable.FailureGroups);
            return DisaCommand.Done;
        }

        if (failures.Groups.Count == 0)
        {
            Terminal.Remark($"No message has failed.");
            return DisaCommand.Done;
        }

        var table = new Listing("group", ">messages", ">parked", "first", "last", "error");
        foreach (var group in failures.Groups)
        {
            table.Add(
                Styled.Of(group.Id),
                (Styled)$"{group.Count}",
                (Styled)$"{group.Parked}",
                Styled.Of(group.First),
                Styled.Of(group.Last),
                Styled.Of(group.Words.Length > 0 ? $"{group.Code}: {group.Words}" : group.Code)
            );
        }

        Terminal.Out.Write(table);
        if (failures.IsMore)
        {
            Terminal.Remark($"These are the newest {failures.LookedThrough} failures; there are more.");
        }

        Terminal.Remark(
            $"`{Terminal.Command} redrive --group GROUP` sends the parked messages of a group again; `{Terminal.Command} cancel --group GROUP` parks those that would be retried."
        );
        return DisaCommand.Done;
    }
}

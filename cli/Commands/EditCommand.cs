using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa edit</c>: a parked message gets another text, subject or attribute, and is sent again.</summary>
internal static class EditCommand
{
    private static readonly Option<string?> Text = new("--message") { Description = "The new text" };
    private static readonly Option<string?> Subject = new("--subject") { Description = "The new subject; empty for none" };
    private static readonly Option<string[]> Attribute = new("--attribute")
    {
        Description = "An attribute to set: NAME=VALUE; may be given several times; NAME= removes it",
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var command = new Command("edit", "Change a parked message and send it again; the previous message is recorded")
        {
            MessageArguments.Id,
            MessageArguments.Sort,
            Text,
            Subject,
            Attribute,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (text, subject) = (parsed.GetValue(Text), parsed.GetValue(Subject));
        var attributes = parsed.GetValue(Attribute)!.Select(pair => pair.Split('=', 2)).ToList();
        if (attributes.Find(pair => pair.Length != 2 || pair[0].Length == 0) is { } wrong)
        {
            throw new UsageException($"'{string.Join('=', wrong)}' is not NAME=VALUE.");
        }

        if (text is { Length: 0 })
        {
            throw new UsageException("a message cannot be empty.");
        }

        if (text is null && subject is null && attributes.Count == 0)
        {
            throw new UsageException("nothing to change: pass --message, --subject or --attribute.");
        }

        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var id = MessageArguments.Of(parsed, deployment);
        var edited = await Correction
            .Edit(
                session,
                deployment,
                id,
                text,
                subject,
                attributes.ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
                cancellation
            )
            .ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(edited, CliJson.Readable.Edited);
        }
        else
        {
            Terminal.Out.Line($"{id} was changed{(edited.Redriven ? " and will be sent again" : "; another sender is sending it")}.");
        }

        return DisaCommand.Done;
    }
}

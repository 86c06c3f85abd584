using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa cancel --group --json</c> prints.</summary>
/// <param name="Group">The group of failures.</param>
/// <param name="Cancelled">Messages that were parked.</param>
/// <param name="Skipped">Messages that were sent, or were being sent, meanwhile.</param>
internal sealed record GroupCancelled(string Group, int Cancelled, int Skipped);

/// <summary><c>disa cancel</c>: parks a message that is not sent and not being sent, or all of a group of failures.</summary>
internal static class CancelCommand
{
    private static readonly Argument<string?> Id = new("ID")
    {
        Description = MessageArguments.Id.Description,
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Group = new("--group")
    {
        Description = "Cancel all messages of this group of failures, as `disa failures` names it, instead of one message",
    };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask for confirmation" };

    public static Command Create()
    {
        var command = new Command("cancel", "Do not send a message: it stays parked as Cancelled until it is redriven")
        {
            Id,
            MessageArguments.Sort,
            Group,
            Yes,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (given, group) = (parsed.GetValue(Id), parsed.GetValue(Group));
        if (given is null == group is null)
        {
            throw new UsageException("name one message by its ID, or a group of failures by --group.");
        }

        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        if (group is not null)
        {
            return await CancelGroup(parsed, session, deployment, group, cancellation).ConfigureAwait(false);
        }

        var id = MessageId.Key(given!, parsed.GetValue(MessageArguments.Sort), deployment).Id;
        var cancelled = await Terminal
            .Progress("Cancelling", _ => Cancellation.Cancel(session, deployment, id, cancellation))
            .ConfigureAwait(false);
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

    private static async Task<int> CancelGroup(
        ParseResult parsed,
        AwsSession session,
        Deployment deployment,
        string group,
        CancellationToken cancellation
    )
    {
        var items = await Terminal
            .Progress("Counting", _ => Cancellation.Waiting(session, deployment, group, cancellation))
            .ConfigureAwait(false);
        if (items.Count > 0 && !parsed.GetValue(Yes))
        {
            if (!Terminal.CanAsk)
            {
                throw new UsageException($"not a terminal, and {items.Count} messages would not be sent; pass --yes.");
            }

            if (!await Terminal.Ask($"Cancel {items.Count} messages?", cancellation).ConfigureAwait(false))
            {
                items = [];
            }
        }

        var done = await Terminal
            .Progress(
                "Cancelling",
                say =>
                    Cancellation.All(session, deployment, items, cancelled => say($"Cancelled {cancelled} of {items.Count}"), cancellation)
            )
            .ConfigureAwait(false);
        var skipped = items.Count - done;
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(new GroupCancelled(group, done, skipped), CliJson.Readable.GroupCancelled);
        }
        else
        {
            Terminal.Out.Line(
                $"{done} messages are cancelled, {skipped} were sent in the meantime or are being sent; `{Terminal.Command} redrive --reason Cancelled` sends them after all."
            );
        }

        return DisaCommand.Done;
    }
}

using System.CommandLine;

namespace Disa.Cli.Commands;

/// <summary><c>disa inbox</c>: the emulator's mailbox.</summary>
internal static class InboxCommand
{
    /// <summary>How long one request waits for mail; then it asks again.</summary>
    private const int WaitSeconds = 20;

    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on showing mail as it comes, until Ctrl-C" };

    public static Command Create()
    {
        var command = new Command("inbox", "Show the mail that the emulator delivered") { Follow };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var mails = await Terminal.Progress("Reading the mailbox", _ => session.Emulator.Inbox(null, 0, cancellation)).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json) && !parsed.GetValue(Follow))
        {
            Terminal.Json(mails, CliJson.Readable.IReadOnlyListMail);
            return DisaCommand.Done;
        }

        if (mails.Count == 0)
        {
            Terminal.Remark($"The mailbox is empty.");
        }

        while (true)
        {
            foreach (var mail in mails)
            {
                Print(parsed, mail);
            }

            if (!parsed.GetValue(Follow))
            {
                return DisaCommand.Done;
            }

            var last = mails.Count > 0 ? mails[^1].Id : null;
            do
            {
                mails = await session.Emulator.Inbox(last, WaitSeconds, cancellation).ConfigureAwait(false);
            }
            while (mails.Count == 0);
        }
    }

    private static void Print(ParseResult parsed, Mail mail)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(mail, CliJson.Readable.Mail);
            return;
        }

        Show(mail);
    }

    public static void Show(Mail mail) => Terminal.Out.Boxed(Styled.Of(mail.Subject), Styled.Block(mail.Body.TrimEnd()));
}

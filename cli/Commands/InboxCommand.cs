using System.CommandLine;
using System.Globalization;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa inbox --json</c> prints: mails, newest first, and the mark of the next page; null at the end.</summary>
internal sealed record MailPage(IReadOnlyList<Mail> Mails, string? Next);

/// <summary><c>disa inbox</c>: the emulator's mailbox.</summary>
internal static class InboxCommand
{
    /// <summary>How long one request waits for mail; then it asks again.</summary>
    private const int WaitSeconds = 20;
    private const int MostShown = 1000;

    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Show new mail as it arrives, until Ctrl-C" };
    private static readonly Option<string?> Text = new("--text")
    {
        Description = "Only mail whose subject, text or address contains this text, ignoring case",
    };
    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "The number to show, 1 to 1000",
        DefaultValueFactory = _ => 50,
    };
    private static readonly Option<string?> After = new("--after")
    {
        Description = "Continue after an earlier page: the value that it printed",
    };

    public static Command Create()
    {
        var command = new Command("inbox", "Show the mail that the emulator delivered, newest first") { Text, Limit, After, Follow };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (text, limit, after, isFollowing) = (
            parsed.GetValue(Text),
            parsed.GetValue(Limit),
            parsed.GetValue(After),
            parsed.GetValue(Follow)
        );
        if (limit is < 1 or > MostShown)
        {
            throw new UsageException($"--limit must be between 1 and {MostShown}.");
        }

        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new UsageException($"'{after}' is not a valid position in the mailbox.");
        }

        if (isFollowing && (after ?? text) is not null)
        {
            throw new UsageException("--follow shows all mail: it takes neither --after nor --text.");
        }

        using var session = new AwsSession(Target.From(parsed));
        var (mails, next) = await Terminal
            .Progress("Reading the mailbox", _ => session.Emulator.NewestMails(after, text, limit, cancellation))
            .ConfigureAwait(false);
        if (isFollowing)
        {
            return await Go(parsed, session, mails, cancellation).ConfigureAwait(false);
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(new MailPage(mails, next), CliJson.Readable.MailPage);
            return DisaCommand.Done;
        }

        foreach (var mail in mails)
        {
            Show(mail);
        }

        if (mails.Count == 0)
        {
            Terminal.Remark($"{(text is null && after is null ? "The mailbox is empty." : "No mail matches.")}");
        }
        else if (next is not null)
        {
            Terminal.Remark($"For older mail, use --after {next}.");
        }

        return DisaCommand.Done;
    }

    /// <summary>Shows the newest page, oldest first, and then each mail as it arrives.</summary>
    private static async Task<int> Go(ParseResult parsed, AwsSession session, IReadOnlyList<Mail> newest, CancellationToken cancellation)
    {
        IReadOnlyList<Mail> mails = [.. newest.Reverse()];
        string? last = null;
        while (true)
        {
            foreach (var mail in mails)
            {
                Print(parsed, mail);
                last = mail.Id;
            }

            mails = await session.Emulator.Inbox(last, WaitSeconds, cancellation).ConfigureAwait(false);
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

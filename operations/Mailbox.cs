namespace Disa.Operations;

/// <summary>A mail without its body.</summary>
/// <param name="Excerpt">The body's first line.</param>
internal sealed record MailHead(
    string Id,
    string To,
    string Subject,
    string Excerpt,
    DateTimeOffset ReceivedAt,
    string? MessageId,
    string Kind
)
{
    private const int MostOfLine = 120;

    /// <summary>The first line of a body, cut at 120 characters.</summary>
    public static string FirstLine(string body)
    {
        var end = body.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? body : body[..end];
        return line.Length <= MostOfLine ? line : string.Concat(line.AsSpan(0, MostOfLine - 1), "…");
    }
}

/// <summary>The emulator's mailbox, newest first. It only ever grows, so each look asks for what came since the last one.</summary>
internal sealed class Mailbox(AwsSession session)
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly List<MailHead> heads = [];

    public async Task<IReadOnlyList<MailHead>> Heads(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (heads.Count > 0 && await session.Emulator.MailOrNone(heads[^1].Id, cancellation).ConfigureAwait(false) is null)
            {
                heads.Clear(); // The account was emptied.
            }

            while (
                await session.Emulator.Inbox(heads.Count > 0 ? heads[^1].Id : null, 0, cancellation).ConfigureAwait(false)
                    is { Count: > 0 } mails
            )
            {
                heads.AddRange(
                    mails.Select(mail => new MailHead(
                        mail.Id,
                        mail.To,
                        mail.Subject,
                        MailHead.FirstLine(mail.Body),
                        mail.ReceivedAt,
                        mail.MessageId,
                        mail.Kind
                    ))
                );
            }

            return [.. heads.AsEnumerable().Reverse()];
        }
        finally
        {
            gate.Release();
        }
    }
}

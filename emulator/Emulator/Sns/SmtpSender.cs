using System.Globalization;
using System.Net.Sockets;
using Disa.Emulator.Time;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Disa.Emulator.Sns;

/// <summary>Sends the mailbox's mails on to a real SMTP server: at least once, with the mail's id as its Message-ID.</summary>
internal sealed partial class SmtpSender
{
    private const int AtOnce = 20;

    private readonly Mailbox mailbox;
    private readonly Clock clock;
    private readonly ILogger logger;
    private readonly string host;
    private readonly int port;

    /// <param name="address"><c>host:port</c>.</param>
    public SmtpSender(string address, Mailbox mailbox, Clock clock, ILogger logger)
    {
        var colon = address.LastIndexOf(':');
        if (
            colon <= 0
            || !int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is 0 or > 65_535
        )
        {
            throw new ArgumentException($"'{address}' is not host:port of an SMTP server.", nameof(address));
        }

        host = address[..colon].Trim('[', ']');
        (this.mailbox, this.clock, this.logger) = (mailbox, clock, logger);
    }

    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var due = mailbox.DueForSmtp(clock.GetUtcNow(), AtOnce);
        if (due.Count > 0)
        {
            using var client = new SmtpClient();
            foreach (var (mail, attempts) in due)
            {
                await Send(client, mail, attempts, cancellation).ConfigureAwait(false);
            }

            if (client.IsConnected)
            {
                await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
            }
        }

        return mailbox.NextSmtp();
    }

    /// <summary>The mail as MIME: addresses and subject are set as values, so that nothing in them becomes a header.</summary>
    internal static MimeMessage Compose(Mail mail)
    {
        var message = new MimeMessage();
        var address = mail.From.LastIndexOf(" <", StringComparison.Ordinal);
        message.From.Add(new MailboxAddress(mail.From[..address], mail.From[(address + 2)..^1]));
        message.To.Add(new MailboxAddress(null, mail.To));
        message.Subject = mail.Subject;
        message.Date = mail.ReceivedAt;
        message.MessageId = $"{mail.MessageId ?? mail.Kind}.{mail.Id}@sns.amazonaws.com";
        message.Body = new TextPart("plain") { Text = mail.Body };
        return message;
    }

    private async Task Send(SmtpClient client, Mail mail, int attempts, CancellationToken cancellation)
    {
        string error;
        try
        {
            if (!client.IsConnected)
            {
                await client.ConnectAsync(host, port, SecureSocketOptions.StartTlsWhenAvailable, cancellation).ConfigureAwait(false);
            }

            await client.SendAsync(Compose(mail), cancellation).ConfigureAwait(false);
            await mailbox.RecordSmtp(mail, null, attempts + 1, null).ConfigureAwait(false);
            return;
        }
        catch (Exception failure)
            when (failure
                    is SocketException
                        or IOException
                        or CommandException
                        or ProtocolException
                        or SslHandshakeException
                        or ParseException
            )
        {
            error = failure.Message;
        }

        var wait = RetrySchedule.Wait("email", attempts + 1);
        LogFailed(mail.Id, host, port, error);
        await mailbox.RecordSmtp(mail, wait is null ? null : clock.GetUtcNow() + wait, attempts + 1, error).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Mail} did not reach {Host}:{Port}: {Error}")]
    private partial void LogFailed(string mail, string host, int port, string error);
}

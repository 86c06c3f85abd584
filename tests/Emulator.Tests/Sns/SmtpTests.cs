using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Disa.Emulator.Tests.Sns;

/// <summary>Mail that goes on to an SMTP server: a small real one, on a socket.</summary>
public sealed class SmtpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_mail_reaches_the_server_and_nothing_in_it_becomes_a_header()
    {
        using var server = new SmtpServer();
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { Smtp = server.Address });
        var topic = "arn:aws:sns:us-east-1:000000000000:news";
        await cloud.Query(
            "sns",
            "CreateTopic",
            ("Name", "news"),
            ("Attributes.entry.1.key", "DisplayName"),
            ("Attributes.entry.1.value", "Bcc: evil@example.com, \"x\"")
        );
        await cloud.Query("sns", "Subscribe", ("TopicArn", topic), ("Protocol", "email"), ("Endpoint", "ann@example.com"));

        var mail = await server.Mails.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Contains("To: ann@example.com", mail);
        Assert.Contains("Subject: AWS Notification - Subscription Confirmation", mail);
        Assert.Contains("You have chosen to subscribe to the topic:", mail);
        Assert.DoesNotContain("\r\nBcc:", mail);
        Assert.Equal(["<ann@example.com>"], server.Recipients);
    }

    [Fact]
    public async Task A_server_that_is_busy_gets_the_mail_later()
    {
        using var server = new SmtpServer { Refusals = 2 };
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { Smtp = server.Address });
        await cloud.Query("sns", "CreateTopic", ("Name", "news"));
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", "arn:aws:sns:us-east-1:000000000000:news"),
            ("Protocol", "email"),
            ("Endpoint", "ann@example.com")
        );
        Assert.True(await cloud.Clock.Settle(Patience));
        Assert.False(server.Mails.Reader.TryPeek(out _));

        await cloud.Cloud.Advance(TimeSpan.FromSeconds(21));
        Assert.Contains("ann@example.com", await server.Mails.Reader.ReadAsync().AsTask().WaitAsync(Patience));
    }

    /// <summary>As much of RFC 5321 as takes a mail.</summary>
    private sealed class SmtpServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public SmtpServer()
        {
            listener.Start();
            _ = Accept();
        }

        public string Address => listener.LocalEndpoint.ToString()!;

        /// <summary>How many mails it sends away before it takes one.</summary>
        public int Refusals { get; set; }

        public List<string> Recipients { get; } = [];

        public Channel<string> Mails { get; } = Channel.CreateUnbounded<string>();

        public void Dispose() => listener.Dispose();

        private async Task Accept()
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await listener.AcceptTcpClientAsync();
                }
                catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
                {
                    return;
                }

                await Talk(client);
            }
        }

        private async Task Talk(TcpClient client)
        {
            using var _ = client;
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync() is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "MAIL" when Refusals > 0:
                        Refusals--;
                        await writer.WriteLineAsync("451 busy");
                        break;
                    case "RCPT":
                        Recipients.Add(line[8..]);
                        await writer.WriteLineAsync("250 ok");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        var mail = new StringBuilder();
                        while (await reader.ReadLineAsync() is { } text && text != ".")
                        {
                            mail.Append(text).Append("\r\n");
                        }

                        await Mails.Writer.WriteAsync(mail.ToString());
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 ok");
                        break;
                }
            }
        }
    }
}

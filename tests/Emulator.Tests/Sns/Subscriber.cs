using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Disa.Emulator.Tests.Sns;

/// <summary>What was posted to a subscriber.</summary>
internal sealed record Posted(string Line, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Headers["x-amz-sns-message-type"];
}

/// <summary>An HTTP endpoint that is subscribed: it keeps what is posted to it, and answers as it is told.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly TcpListener listener;
    private readonly X509Certificate2? certificate;

    /// <param name="certificate">With one, it speaks HTTPS.</param>
    /// <param name="port">0 takes a free one.</param>
    public Subscriber(X509Certificate2? certificate = null, int port = 0)
    {
        this.certificate = certificate;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => $"{(certificate is null ? "http" : "https")}://localhost:{Port}/sns?of=me";

    /// <summary>The answers to come, each the rest of a status line and its headers; 200 when there are none. An empty one is never given.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    public Channel<Posted> Posts { get; } = Channel.CreateUnbounded<Posted>();

    public async Task<Posted> Next() => await Posts.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    public void Dispose() => listener.Dispose();

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                _ = Serve(await listener.AcceptTcpClientAsync());
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (certificate is not null)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(certificate);
                stream = secured;
            }

            while (await Read(stream) is { } posted)
            {
                var answer = Answers.TryDequeue(out var told) ? told : "200 OK";
                await Posts.Writer.WriteAsync(posted);
                if (answer.Length == 0)
                {
                    continue;
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 2\r\n\r\nok"));
            }
        }
        catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The emulator hung up.
        }
    }

    private static async Task<Posted?> Read(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count > 3 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n'))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines[1..]
            .ToDictionary(
                line => line[..line.IndexOf(':')],
                line => line[(line.IndexOf(':') + 1)..].Trim(),
                StringComparer.OrdinalIgnoreCase
            );
        var body = new byte[int.Parse(headers["Content-Length"])];
        await stream.ReadExactlyAsync(body);
        return new Posted(lines[0], headers, Encoding.UTF8.GetString(body));
    }
}

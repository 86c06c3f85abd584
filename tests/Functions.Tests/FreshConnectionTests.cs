using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;

namespace Disa.Functions.Tests;

/// <summary>A topic whose connections die while the function is frozen: it cannot be seen before they are used.</summary>
public sealed class FreshConnectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_publish_after_an_idle_time_does_not_meet_a_dead_connection(bool fresh)
    {
        using var topic = new OneRequestAConnection();
        using var connections = new FreshConnections();
        using var client = new AmazonSimpleNotificationServiceClient(
            FakeAws.Credentials,
            new AmazonSimpleNotificationServiceConfig
            {
                ServiceURL = topic.Url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
                MaxStaleConnectionRetries = 0,
                HttpClientFactory = connections,
            }
        );
        var publisher = new Publisher(client, "arn:t", TimeProvider.System, connections);
        Assert.Null((await PublishAsync(Now)).Fault);
        var second = await PublishAsync(fresh ? Now.AddHours(1) : Now);
        Assert.Equal(fresh ? null : FaultClass.Unknown, second.Fault?.Class);

        async Task<Publication> PublishAsync(DateTimeOffset now)
        {
            publisher.Begin(now);
            var said = await publisher.PublishAsync([PublisherTests.Attempt("1")], () => TimeSpan.FromMinutes(1), CancellationToken.None);
            publisher.End(now);
            return said.Single();
        }
    }

    /// <summary>Answers the first request on each connection, and resets it when a second one has arrived.</summary>
    private sealed class OneRequestAConnection : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public OneRequestAConnection()
        {
            listener.Start();
            _ = AcceptAsync();
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        public void Dispose() => listener.Stop();

        private async Task AcceptAsync()
        {
            while (true)
            {
                try
                {
                    _ = ServeAsync(await listener.AcceptTcpClientAsync());
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private static async Task ServeAsync(TcpClient connection)
        {
            using (connection)
            {
                var stream = connection.GetStream();
                await RequestAsync(stream);
                const string body = "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>";
                await stream.WriteAsync(
                    System.Text.Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                    )
                );
                await RequestAsync(stream);
                connection.LingerState = new(true, 0);
            }
        }

        private static async Task RequestAsync(NetworkStream stream)
        {
            var buffer = new byte[16_384];
            await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false);
        }
    }
}

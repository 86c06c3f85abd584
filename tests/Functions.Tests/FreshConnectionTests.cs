using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

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
        using var connections = new FreshConnections(new FakeTimeProvider(Now));
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
        var publisher = new Publisher(client, "arn:t", TimeProvider.System);
        Assert.Null((await PublishAsync(Now)).Fault);
        var second = await PublishAsync(fresh ? Now.AddHours(1) : Now);
        Assert.Equal(fresh ? null : FaultClass.Unknown, second.Fault?.Class);

        async Task<Publication> PublishAsync(DateTimeOffset now) =>
            (
                await connections.ForAsync(
                    now,
                    () => publisher.PublishAsync([PublisherTests.Attempt("1")], () => TimeSpan.FromMinutes(1), CancellationToken.None)
                )
            ).Single();
    }

    /// <summary>Reads and conditional writes are repeated, but each repetition may take another of the dead ones.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_after_an_idle_time_meet_none_of_the_many_dead_connections(bool fresh)
    {
        const int atOnce = 16;
        using var service = new OneRequestAConnection(atOnce);
        using var connections = new FreshConnections(new FakeTimeProvider(Now));
        using var client = new AmazonSimpleNotificationServiceClient(
            FakeAws.Credentials,
            new AmazonSimpleNotificationServiceConfig
            {
                ServiceURL = service.Url,
                AuthenticationRegion = "us-east-1",
                HttpClientFactory = connections,
            }
        );
        await connections.ForAsync(Now, () => Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => ReadAsync())));
        Assert.Equal(atOnce, service.Opened);
        await connections.ForAsync(fresh ? Now.AddMinutes(5) : Now, ReadAsync);
        if (fresh)
        {
            Assert.Equal(0, service.Reset);
        }
        else
        {
            Assert.NotEqual(0, service.Reset);
        }

        async Task<int> ReadAsync()
        {
            try
            {
                await client.PublishAsync(new() { TopicArn = "arn:t", Message = "m" });
            }
            catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException)
            {
                // The dead ones were more than the repetitions.
            }

            return 0;
        }
    }

    /// <summary>Answers the first request on each connection, and resets it when a second one has arrived.</summary>
    private sealed class OneRequestAConnection : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int together;
        private int opened;
        private int reset;

        /// <param name="together">So many requests are answered together, each on a connection of its own.</param>
        public OneRequestAConnection(int together = 1)
        {
            this.together = together;
            listener.Start();
            _ = AcceptAsync();
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        public int Opened => opened;

        public int Reset => reset;

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

        private async Task ServeAsync(TcpClient connection)
        {
            using (connection)
            {
                var stream = connection.GetStream();
                await RequestAsync(stream);
                if (Interlocked.Increment(ref opened) >= together)
                {
                    all.TrySetResult();
                }

                await all.Task;
                const string body = "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>";
                await stream.WriteAsync(
                    System.Text.Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                    )
                );
                if (await RequestAsync(stream))
                {
                    Interlocked.Increment(ref reset);
                }

                connection.LingerState = new(true, 0);
            }
        }

        private static async Task<bool> RequestAsync(NetworkStream stream)
        {
            var buffer = new byte[16_384];
            return await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false) > 0;
        }
    }
}

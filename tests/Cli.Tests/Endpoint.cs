using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Disa.Cli.Tests;

/// <summary>A server of a test's own on a free port of the loopback address, which answers each connection as the test says.</summary>
internal sealed class Endpoint : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    /// <param name="answer">Gets a connection with its request read up to the end of its headers.</param>
    public Endpoint(Func<Socket, CancellationToken, Task> answer)
    {
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = Accept(answer);
    }

    public Uri Url { get; }

    /// <summary>Answers every request with this.</summary>
    public static Endpoint Answering(string status, string contentType, string body, int? promised = null) =>
        new(
            async (socket, cancellation) =>
            {
                var bytes = Encoding.UTF8.GetBytes(body);
                var head =
                    $"HTTP/1.1 {status}\r\nContent-Type: {contentType}\r\nContent-Length: {promised ?? bytes.Length}\r\nConnection: close\r\n\r\n";
                await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. bytes], cancellation);
                socket.Shutdown(SocketShutdown.Send);
            }
        );

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task Accept(Func<Socket, CancellationToken, Task> answer)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                _ = Serve(socket, answer);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(Socket socket, Func<Socket, CancellationToken, Task> answer)
    {
        using (socket)
        {
            try
            {
                var buffer = new byte[65536];
                var read = 0;
                while (!Encoding.ASCII.GetString(buffer, 0, read).Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var count = await socket.ReceiveAsync(buffer.AsMemory(read), stopping.Token);
                    if (count == 0)
                    {
                        return;
                    }

                    read += count;
                }

                await answer(socket, stopping.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException)
            {
                // The command hung up, or the test is over.
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Disa.WebConsole.Tests;

/// <summary>A port that leads to the emulator's, until it is shut, and again when it is opened: a server that goes away and comes back.</summary>
internal sealed class Relay : IDisposable
{
    private readonly Uri behind;
    private readonly Lock gate = new();
    private readonly List<TcpClient> clients = [];
    private TcpListener? listener;

    public Relay(Uri behind)
    {
        this.behind = behind;
        Open();
    }

    public int Port { get; private set; }

    public void Open()
    {
        var mine = listener = new TcpListener(IPAddress.Loopback, Port);
        mine.Start();
        Port = ((IPEndPoint)mine.LocalEndpoint).Port;
        _ = Accept(mine);
    }

    public void Shut()
    {
        listener?.Stop();
        lock (gate)
        {
            clients.ForEach(client => client.Dispose());
            clients.Clear();
        }
    }

    public void Dispose() => Shut();

    private async Task Accept(TcpListener mine)
    {
        try
        {
            while (true)
            {
                var client = await mine.AcceptTcpClientAsync();
                _ = Serve(client);
            }
        }
        catch (Exception shut) when (shut is SocketException or ObjectDisposedException)
        {
            // Nobody comes in any more.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        lock (gate)
        {
            clients.AddRange([client, server]);
        }

        try
        {
            await server.ConnectAsync(behind.Host, behind.Port);
            var (to, from) = (server.GetStream(), client.GetStream());
            await Task.WhenAny(from.CopyToAsync(to), to.CopyToAsync(from));
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException)
        {
            // Either side is gone.
        }
        finally
        {
            client.Dispose();
        }
    }
}

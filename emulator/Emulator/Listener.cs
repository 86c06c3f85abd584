using System.Net;
using Disa.Emulator.Faults;
using Disa.Emulator.Http;
using Disa.Emulator.Rooms;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator;

/// <summary>The port that the emulator answers at, once somebody needs it.</summary>
internal sealed class Listener(LocalCloudOptions options, Gateway gateway, FaultPlan faults, EmulatorEndpoint endpoint) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private Task<HttpServer>? server;

    /// <summary>Told where it answers.</summary>
    public Action<Uri> Listening { get; init; } = _ => { };

    /// <summary>Whether the port is open.</summary>
    public bool IsListening => Volatile.Read(ref server) is { IsCompletedSuccessfully: true };

    /// <summary>Opens the port, once.</summary>
    /// <exception cref="IOException">It is taken.</exception>
    public Task Listen()
    {
        lock (gate)
        {
            return server ??= Serve();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await ((Task)server).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (server.IsCompletedSuccessfully)
            {
                await (await server.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<HttpServer> Serve()
    {
        var opened = await HttpServer
            .Start(
                new IPEndPoint(options.Address, options.Port),
                gateway.Handle,
                NullLoggerFactory.Instance,
                CancellationToken.None,
                features => features.Set(faults.Connected())
            )
            .ConfigureAwait(false);
        var host =
            options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : options.Address;
        endpoint.Uri = new Uri($"http://{new IPEndPoint(host, opened.Address.Port)}");
        Listening(endpoint.Uri);
        return opened;
    }
}

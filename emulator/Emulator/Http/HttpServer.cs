using System.Net;
using Disa.Emulator.Rooms;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Disa.Emulator.Http;

/// <summary>Kestrel without a host around it: one listener, one handler, ready in milliseconds.</summary>
public sealed class HttpServer : IAsyncDisposable
{
    private readonly KestrelServer server;

    private HttpServer(KestrelServer server, IPEndPoint address)
    {
        this.server = server;
        Address = address;
    }

    /// <summary>Where it listens, with the port that port 0 became.</summary>
    public IPEndPoint Address { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    /// <param name="address">Where to listen.</param>
    /// <param name="handle">Answers a request.</param>
    /// <param name="loggers">For Kestrel.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <param name="mostConnections">For tests: how many connections there may be.</param>
    /// <param name="connected">Called for each connection; what it sets, the requests on that connection find among their features.</param>
    public static async Task<HttpServer> Start(
        IPEndPoint address,
        Func<HttpContext, Task> handle,
        ILoggerFactory loggers,
        CancellationToken cancellation,
        Action<IFeatureCollection>? connected = null,
        int? mostConnections = null
    )
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);

        // As they came: SDKs send what is beyond ASCII as UTF-8, and S3 gives it back.
        options.RequestHeaderEncodingSelector = HeaderText.ToRead!;
        options.ResponseHeaderEncodingSelector = HeaderText.ToWrite;
        var connections = new Connections(mostConnections ?? Connections.Most());
        options.Listen(
            address,
            listening =>
                listening.Use(next =>
                    async connection =>
                    {
                        connected?.Invoke(connection.Features);
                        var entry = connections.Enter(connection);
                        connection.Features.Set(entry);
                        try
                        {
                            await next(connection).ConfigureAwait(false);
                        }
                        finally
                        {
                            connections.Leave(entry);
                        }
                    }
                )
        );
        var server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers),
            loggers
        );
        await server.StartAsync(new Application(handle), cancellation).ConfigureAwait(false);
        var bound = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return new HttpServer(server, new IPEndPoint(address.Address, bound.Port));
    }

    public async ValueTask DisposeAsync()
    {
        // Requests that wait (long polls, the Runtime API) are cut off: everything they would have waited for is in the store.
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await server.StopAsync(now.Token).ConfigureAwait(false);
        server.Dispose();
    }

    private sealed class Application(Func<HttpContext, Task> handle) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            using var busy = context.Features.Get<Connections.Entry>()?.Work();
            await handle(context).ConfigureAwait(false);
        }

        public void DisposeContext(HttpContext context, Exception? exception) { }
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}

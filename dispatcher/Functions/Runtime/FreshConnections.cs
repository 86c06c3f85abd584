using System.Collections.Concurrent;
using Amazon.Runtime;

namespace Disa.Functions;

/// <summary>Gives each call of the function that follows an idle time new connections.</summary>
/// <remarks>
/// Lambda freezes a function between its calls, and whatever has idled meanwhile may be dead at the thaw
/// (https://github.com/aws/aws-sdk-js-v3/issues/1196). A publish that meets such a connection is not repeated, for nobody knows whether it
/// got through. Other calls are, but a function that has made many at once before has as many dead connections, and each repetition may
/// meet another one.
/// </remarks>
public sealed class FreshConnections(TimeProvider time) : HttpClientFactory, IDisposable
{
    /// <summary>Calls that follow each other more closely share their connections.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private SocketsHttpHandler handler = Create();
    private ConcurrentDictionary<TimeSpan, HttpClient> clients = [];
    private DateTimeOffset? lastUsed;

    /// <summary>One call of the function; there is only one at a time in a sandbox.</summary>
    /// <param name="sent">When its event was sent, where that is known: this machine's time may be behind it.</param>
    /// <param name="call">The call.</param>
    public async Task<T> ForAsync<T>(DateTimeOffset? sent, Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var clock = EventClock.NotBefore(sent, time);
        if (lastUsed is { } last && (clock.Now - last).Duration() > Idle)
        {
            handler.Dispose();
            (handler, clients) = (Create(), []);
        }

        try
        {
            return await call().ConfigureAwait(false);
        }
        finally
        {
            lastUsed = clock.Now;
        }
    }

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        return clients.GetOrAdd(
            clientConfig.Timeout ?? TimeSpan.FromSeconds(100),
            (timeout, way) => new(way, disposeHandler: false) { Timeout = timeout },
            handler
        );
    }

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => handler.Dispose();

    private static SocketsHttpHandler Create() => new() { AllowAutoRedirect = false, UseCookies = false };
}

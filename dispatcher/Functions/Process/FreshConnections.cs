using Amazon.Runtime;

namespace Disa.Functions.Process;

/// <summary>Gives each call of the function that follows an idle time new connections to the topic.</summary>
/// <remarks>
/// Lambda freezes a function between its calls, and whatever has idled meanwhile may be dead at the thaw
/// (https://github.com/aws/aws-sdk-js-v3/issues/1196). A read or a conditional write that meets such a connection is repeated; a publish
/// is not, for nobody knows whether it got through. So it never meets one.
/// </remarks>
public sealed class FreshConnections : HttpClientFactory, IDisposable
{
    /// <summary>Calls that follow each other more closely share their connections.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private HttpClient client = Create();
    private DateTimeOffset? lastUsed;

    /// <summary>A call of the function begins; it is the only one, for a sandbox has one at a time.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (lastUsed is { } last && now - last > Idle)
        {
            client.Dispose();
            client = Create();
        }
    }

    /// <summary>It ends.</summary>
    public void End(DateTimeOffset now) => lastUsed = now;

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static HttpClient Create() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeouts.Publish };
}

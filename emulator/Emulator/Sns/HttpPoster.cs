using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sns;

/// <summary>What became of a post.</summary>
/// <param name="Status">The status of the answer; null without one.</param>
/// <param name="Reason">The phrase beside it, or why there was none.</param>
internal sealed record PostResult(int? Status, string Reason)
{
    public bool Succeeded => Status is >= 200 and <= 299;

    /// <summary>
    /// "Amazon SNS considers all 5XX errors and 429 (too many requests sent) errors as retryable […] All other errors are considered
    /// permanent failures": https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html.
    /// </summary>
    public bool IsTransient => Status is null or 429 or >= 500;

    public override string ToString() => Status is { } status ? $"{status} {Reason}" : Reason;
}

/// <summary>Posts to HTTP and HTTPS endpoints: no redirect is followed, no proxy asked, and of an answer no more read than its head.</summary>
internal sealed class HttpPoster : IDisposable
{
    /// <summary>https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html: "The connection will time out in 15 seconds."</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int MostOfHeadKilobytes = 16;
    private const int MostOfBody = 64 * 1024;

    private readonly HttpEndpoints endpoints;
    private readonly Clock clock;
    private readonly HttpClient client;

    /// <param name="endpoints">Where it may post to.</param>
    /// <param name="clock">Its wall clock measures how long an answer takes.</param>
    /// <param name="trusted">For tests: an authority that is trusted beside those of the system.</param>
    public HttpPoster(HttpEndpoints endpoints, Clock clock, X509Certificate2? trusted)
    {
        this.endpoints = endpoints;
        this.clock = clock;
        client = new HttpClient(Handler(trusted)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <param name="headers">AWS's own, beside those that every post has.</param>
    public async Task<PostResult> Post(
        string endpoint,
        string body,
        string contentType,
        IEnumerable<(string Name, string Value)> headers,
        CancellationToken cancellation
    )
    {
        // The host was allowed at the time of Subscribe; the emulator may have restarted without --deliver-to since.
        if (HttpEndpoints.Parse(endpoint) is not { } url || !endpoints.IsAllowed(url))
        {
            return new PostResult(403, "The emulator does not post to this host: --deliver-to does not name it");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.TryAddWithoutValidation("User-Agent", "Amazon Simple Notification Service Agent");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var patience = new CancellationTokenSource(Patience, clock.Wall);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token)
                .ConfigureAwait(false);
            return new PostResult((int)response.StatusCode, response.ReasonPhrase ?? "");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new PostResult(null, $"No answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (HttpRequestException failure)
        {
            return new PostResult(null, failure.InnerException is { } why ? $"{failure.Message} {why.Message}" : failure.Message);
        }
    }

    public void Dispose() => client.Dispose();

    private SocketsHttpHandler Handler(X509Certificate2? trusted)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MostOfHeadKilobytes,
            MaxResponseDrainSize = MostOfBody,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            ConnectCallback = Connect,
        };
        if (trusted is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.Add(trusted);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        SocketException? last = null;
        foreach (var address in await endpoints.Addresses(host, cancellation).ConfigureAwait(false))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception failure)
            {
                socket.Dispose();
                if (failure is not SocketException refused)
                {
                    throw;
                }

                last = refused;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}

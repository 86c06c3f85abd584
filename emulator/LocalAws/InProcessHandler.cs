using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Disa.Emulator;

/// <summary>Carries a request of an <see cref="HttpClient"/> to the emulator's gateway, and its answer back.</summary>
internal sealed class InProcessHandler(LocalCloud cloud) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var lifetime = new Lifetime(cancellationToken);
        var body = new MemoryStream();
        var response = new Response();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(await Read(request, cancellationToken).ConfigureAwait(false));
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        features.Set<IHttpRequestLifetimeFeature>(lifetime);
        features.Set<IHttpConnectionFeature>(
            new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback, LocalIpAddress = IPAddress.Loopback }
        );
        try
        {
            await cloud.Handle(new DefaultHttpContext(features)).ConfigureAwait(false);
        }
        finally
        {
            await response.Complete().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return lifetime.IsAborted
            ? throw new HttpRequestException(
                HttpRequestError.ResponseEnded,
                "The connection was closed before an answer came.",
                new IOException("The connection was closed before an answer came.")
            )
            : Answer(request, response, body);
    }

    private static async Task<HttpRequestFeature> Read(HttpRequestMessage request, CancellationToken cancellation)
    {
        var uri = request.RequestUri!;
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            headers[name] = values.ToString();
        }

        Stream body = Stream.Null;
        if (request.Content is { } content)
        {
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                headers[name] = values.ToString();
            }

            if (content.Headers.ContentLength is { } length)
            {
                headers.ContentLength = length;
            }

            body = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        }

        if (StringValues.IsNullOrEmpty(headers.Host))
        {
            headers.Host = uri.Authority;
        }

        return new HttpRequestFeature
        {
            Method = request.Method.Method,
            Scheme = uri.Scheme,
            Protocol = "HTTP/1.1",
            PathBase = "",
            Path = Uri.UnescapeDataString(uri.AbsolutePath),
            QueryString = uri.Query,
            RawTarget = uri.PathAndQuery,
            Headers = headers,
            Body = body,
        };
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, Response response, MemoryStream body)
    {
        var content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        var answer = new HttpResponseMessage((HttpStatusCode)response.StatusCode)
        {
            RequestMessage = request,
            ReasonPhrase = response.ReasonPhrase,
            Content = content,
        };
        foreach (var (name, values) in response.Headers)
        {
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && request.Method != HttpMethod.Head)
            {
                continue; // The content knows its own.
            }

            if (!answer.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return answer;
    }

    /// <summary>An answer's head, and what is to be done once it is written.</summary>
    private sealed class Response : HttpResponseFeature
    {
        private readonly List<(Func<object, Task> Run, object State)> completed = [];

        public override void OnCompleted(Func<object, Task> callback, object state) => completed.Add((callback, state));

        public async Task Complete()
        {
            foreach (var (run, state) in completed)
            {
                await run(state).ConfigureAwait(false);
            }
        }
    }

    /// <summary>How a request ends before its answer: its caller goes away, or the emulator drops it.</summary>
    private sealed class Lifetime(CancellationToken caller) : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource aborted = CancellationTokenSource.CreateLinkedTokenSource(caller);

        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted
        {
            get => aborted.Token;
            set => throw new NotSupportedException();
        }

        public void Abort()
        {
            IsAborted = true;
            aborted.Cancel();
        }

        public void Dispose() => aborted.Dispose();
    }
}

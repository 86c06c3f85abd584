using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Disa.Journeys;

/// <summary>
/// Stands between a caller and the emulator and passes every call on. Of each call to certain operations it loses the first answer: the
/// call has had its effect, and the connection ends. The SDK repeats such a call under the same invocation id, and gets that answer.
/// </summary>
public sealed class LosingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host",
        "Connection",
        "Transfer-Encoding",
        "Content-Length",
        "Expect",
    };

    private readonly ConcurrentDictionary<string, string> lost = new(StringComparer.Ordinal);
    private readonly HttpClient http;
    private readonly WebApplication app;
    private volatile string[] operations = [];

    private LosingProxy(Uri emulator)
    {
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = emulator };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(Pass);
    }

    public Uri Endpoint => new(app.Urls.Single());

    /// <summary>The operations of which an answer was lost since <see cref="Lose"/>, once for each call.</summary>
    public IReadOnlyList<string> Lost => [.. lost.Values.Order(StringComparer.Ordinal)];

    public static async Task<LosingProxy> Start(Uri emulator)
    {
        var proxy = new LosingProxy(emulator);
        await proxy.app.StartAsync();
        return proxy;
    }

    /// <summary>From now on the first answer of each call to these operations is lost.</summary>
    public void Lose(params string[] names)
    {
        lost.Clear();
        operations = names;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task Pass(HttpContext context)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        using var passed = new HttpRequestMessage(new HttpMethod(request.Method), context.Features.Get<IHttpRequestFeature>()!.RawTarget)
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        passed.Headers.Host = request.Host.Value;
        foreach (var header in request.Headers.Where(header => !OfTheConnection.Contains(header.Key)))
        {
            if (!passed.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value))
            {
                passed.Content.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
            }
        }

        using var answer = await http.SendAsync(passed, HttpCompletionOption.ResponseContentRead, context.RequestAborted);
        var name = OperationOf(request, body);
        if (operations.Contains(name, StringComparer.Ordinal) && lost.TryAdd(request.Headers["amz-sdk-invocation-id"].ToString(), name))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static string OperationOf(HttpRequest request, MemoryStream body)
    {
        if (request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target)
        {
            return target[(target.LastIndexOf('.') + 1)..];
        }

        if (request.HasFormContentType)
        {
            return QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body.ToArray()))["Action"].ToString();
        }

        var path = request.Path.Value!;
        return (request.Method, path.StartsWith("/2015-03-31/functions/", StringComparison.Ordinal)) switch
        {
            ("PUT", true) when path.EndsWith("/configuration", StringComparison.Ordinal) => "UpdateFunctionConfiguration",
            ("POST", true) when path.EndsWith("/invocations", StringComparison.Ordinal) => "Invoke",
            ("PUT", false) => request.Headers.ContainsKey("x-amz-copy-source") ? "CopyObject" : "PutObject",
            ("POST", false) when request.Query.ContainsKey("delete") => "DeleteObjects",
            _ => "",
        };
    }
}

using System.Globalization;
using System.Net.Http.Headers;

namespace Disa.DotnetRuntime;

/// <summary>One event and what the Runtime API says of it.</summary>
internal sealed record Invocation(
    string RequestId,
    byte[] Event,
    DateTimeOffset Deadline,
    string? FunctionArn,
    string? TraceId,
    string? ClientContext,
    string? Identity
);

/// <summary>The function's side of the Lambda Runtime API.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
internal sealed class RuntimeApi(string address) : IDisposable
{
    // An invocation may be hours away: the wait for it has no limit.
    private readonly HttpClient client = new()
    {
        BaseAddress = new Uri($"http://{address}/2018-06-01/runtime/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Null when the API is gone, and this process has nothing left to do.</summary>
    public async Task<Invocation?> Next()
    {
        try
        {
            using var response = await client.GetAsync(new Uri("invocation/next", UriKind.Relative)).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            var headers = response.Headers;
            return new Invocation(
                Header(headers, "Aws-Request-Id")!,
                await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false),
                DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Header(headers, "Deadline-Ms")!, CultureInfo.InvariantCulture)),
                Header(headers, "Invoked-Function-Arn"),
                Header(headers, "Trace-Id"),
                Header(headers, "Client-Context"),
                Header(headers, "Cognito-Identity")
            );
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task Answer(Invocation invocation, MemoryStream output)
    {
        output.Position = 0;
        return Post($"invocation/{invocation.RequestId}/response", new StreamContent(output), "application/json", errorType: null);
    }

    public Task Fail(Invocation invocation, Exception failure) =>
        Post($"invocation/{invocation.RequestId}/error", Body(failure), ErrorJson.ContentType, failure.GetType().Name);

    public Task FailInit(Exception failure) => Post("init/error", Body(failure), ErrorJson.ContentType, errorType: null);

    public void Dispose() => client.Dispose();

    private static ByteArrayContent Body(Exception failure) => new(ErrorJson.Of(failure));

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues("Lambda-Runtime-" + name, out var values) ? values.First() : null;

    private async Task Post(string path, HttpContent content, string type, string? errorType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (errorType is not null)
        {
            request.Headers.Add("Lambda-Runtime-Function-Error-Type", errorType);
        }

        try
        {
            // What is too large (413) is an answer too: the invocation is over all the same.
            using var taken = await client.SendAsync(request).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            // The API is gone; the next call sees that too.
        }
    }
}

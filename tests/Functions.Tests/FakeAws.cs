using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Amazon;
using Amazon.Runtime;

namespace Disa.Functions.Tests;

/// <summary>AWS as a function from request to response, behind the SDK's whole pipeline; remembers what was asked.</summary>
internal sealed class FakeAws(Func<Sent, Answer> answer) : HttpClientFactory
{
    /// <summary>How long one call to a table may take in tests: a busy machine takes longer than a function would wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public ConcurrentQueue<Sent> Requests { get; } = new();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public T Config<T>()
        where T : ClientConfig, new() =>
        new()
        {
            RegionEndpoint = RegionEndpoint.USEast1,
            HttpClientFactory = this,
            MaxErrorRetry = 0,
        };

    public static BasicAWSCredentials Credentials { get; } = new("000000000000", "secret");

    private sealed class Handler(FakeAws aws) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var headers = request
                .Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                .ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
            var sent = new Sent(request.Method.Method, request.RequestUri!, headers, body);
            aws.Requests.Enqueue(sent);
            var answer = aws.Answer(sent);
            var response = new HttpResponseMessage(answer.Status)
            {
                Content = new StringContent(answer.Body, Encoding.UTF8),
                RequestMessage = request,
            };
            foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>())
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return response;
        }
    }

    private Answer Answer(Sent sent) => answer(sent);
}

/// <summary>One request as it left.</summary>
internal sealed record Sent(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The operation's name, by JSON's target or Query's action.</summary>
    public string Operation =>
        Headers.TryGetValue("X-Amz-Target", out var target)
            ? target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..]
            : Form.GetValueOrDefault("Action", "");

    public SortedDictionary<string, string> Form =>
        new(
            Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1])),
            StringComparer.Ordinal
        );
}

/// <summary>One response as it comes.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string>? Headers = null)
{
    public static Answer Ok(string body = "{}") => new(HttpStatusCode.OK, body);

    public static Answer JsonError(string code, string message = "no", HttpStatusCode status = HttpStatusCode.BadRequest) =>
        new(status, $$"""{"__type":"com.amazonaws#{{code}}","message":"{{message}}"}""");

    public static Answer QueryError(string code, string message = "no", HttpStatusCode status = HttpStatusCode.BadRequest) =>
        new(
            status,
            $"<ErrorResponse xmlns=\"http://x/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
        );
}

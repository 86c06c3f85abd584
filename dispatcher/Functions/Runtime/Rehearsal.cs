using System.Net;
using System.Text;
using Amazon.Runtime;

namespace Disa.Functions;

/// <summary>
/// Calls a function before its first invocation, with services that are played inside the process: what a first call compiles is then compiled in
/// the init phase. Nothing leaves the process.
/// </summary>
/// <remarks>
/// Lambda gives a function a part of a processor, by its memory, but a whole one during the init phase, which may take 10 seconds
/// (https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting). On a busy machine it
/// also keeps what is compiled out of the seconds that a first request may take.
/// </remarks>
/// <param name="answer">What a service answers to an operation, by its name.</param>
public sealed class Rehearsal(Func<string, string> answer) : HttpClientFactory
{
    /// <summary>Longer than it takes on a machine that has time, and far less than the init phase may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Runs a rehearsal for no longer than <see cref="Limit"/>. A function works without: an error is logged, and that is all.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> rehearse, Log log, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(rehearse);
        ArgumentNullException.ThrowIfNull(log);
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            await rehearse(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The rest is compiled when it is called.
        }
        catch (Exception e)
        {
            log.Write("warn", "The rehearsal failed.", ("errorType", e.GetType().Name), ("error", e.Message));
        }
    }

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Services(answer));

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private sealed class Services(Func<string, string> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return new(HttpStatusCode.OK)
            {
                Content = new StringContent(answer(Operation(request, body)), Encoding.UTF8),
                RequestMessage = request,
            };
        }

        /// <summary>By the target of AWS's JSON protocols, or the action of its Query protocol.</summary>
        private static string Operation(HttpRequestMessage request, string body)
        {
            const string action = "Action=";
            if (request.Headers.TryGetValues("X-Amz-Target", out var targets))
            {
                var target = targets.First();
                return target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..];
            }

            var named = body.Split('&').FirstOrDefault(pair => pair.StartsWith(action, StringComparison.Ordinal));
            return named?[action.Length..] ?? "";
        }
    }
}

namespace Disa.Functions.Tests;

/// <summary>Stops after each write of the table for a while, as a sandbox may.</summary>
internal sealed class Freezing(Cloud cloud, Action freeze) : Amazon.Runtime.HttpClientFactory
{
    public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) => new(new Handler(freeze, cloud.Handler()));

    public override bool UseSDKHttpClientCaching(Amazon.Runtime.IClientConfig clientConfig) => false;

    private sealed class Handler(Action freeze, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (
                request.Headers.TryGetValues("X-Amz-Target", out var target)
                && target.Single().Split('.')[1] is "UpdateItem" or "BatchExecuteStatement"
            )
            {
                freeze();
            }
            return response;
        }
    }
}

using Amazon.Runtime;

namespace Disa.Emulator;

/// <summary>Gives the SDK's clients a way into the emulator that is no socket.</summary>
internal sealed class InProcessClientFactory(LocalCloud cloud) : HttpClientFactory
{
    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly HttpClient client = new(new InProcessHandler(cloud)) { Timeout = Timeout.InfiniteTimeSpan };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    /// <summary>The SDK keeps HTTP clients for all its clients of a process, by this text.</summary>
    public override string GetConfigUniqueString(IClientConfig clientConfig) => id;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}

using System.Net;
using System.Net.Sockets;
using Disa.Emulator;

[assembly: AssemblyFixture(typeof(Disa.Functions.Tests.Moto))]
[assembly: AssemblyFixture(typeof(Disa.Functions.Tests.Emulated))]

namespace Disa.Functions.Tests;

/// <summary>An AWS that this project did not write (moto_server), where one is on PATH; the tests that need it are skipped elsewhere.</summary>
public sealed class Moto : Cloud
{
    private System.Diagnostics.Process? process;

    public override async ValueTask InitializeAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "moto_server"))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            return;
        }

        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        process = new System.Diagnostics.Process
        {
            StartInfo = new(path, ["-H", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardError = true, RedirectStandardOutput = true },
        };
        var ready = new TaskCompletionSource();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Running on", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        process.OutputDataReceived += (_, _) => { };
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("moto_server ended."));
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Url = $"http://127.0.0.1:{port}";
    }

    internal override HttpMessageHandler Handler() => new Gate();

    private protected override Amazon.Runtime.HttpClientFactory? Requests { get; } = new OneAtATime();

    public override ValueTask DisposeAsync()
    {
        process?.Kill(entireProcessTree: true);
        process?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>moto_server answers in threads that share what they change without a lock: a condition may hold twice.</summary>
    private sealed class OneAtATime : Amazon.Runtime.HttpClientFactory
    {
        private readonly HttpClient client = new(new Gate());

        public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(Amazon.Runtime.IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(Amazon.Runtime.IClientConfig clientConfig) => false;
    }

    private sealed class Gate() : DelegatingHandler(new SocketsHttpHandler())
    {
        private static readonly SemaphoreSlim gate = new(1);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (
                request.Headers.TryGetValues("X-Amz-Target", out var target)
                && target.Single().EndsWith(".BatchExecuteStatement", StringComparison.Ordinal)
            )
            {
                // moto_server leaves out what a statement's condition excludes, and says nothing: refused, writes go one by one.
                return new(HttpStatusCode.BadRequest)
                {
                    Content = new StringContent("""{"__type":"com.amazon.coral.service#UnknownOperationException"}"""),
                    RequestMessage = request,
                };
            }

            await gate.WaitAsync(cancellationToken);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                gate.Release();
            }
        }
    }
}

/// <summary>The emulator of this repository.</summary>
public sealed class Emulated : Cloud
{
    private LocalCloud? cloud;

    public override async ValueTask InitializeAsync()
    {
        cloud = await LocalCloud.Start(new LocalCloudOptions { EnforceIam = false });
        Url = cloud.Endpoint.GetLeftPart(UriPartial.Authority);
    }

    public override async ValueTask DisposeAsync()
    {
        if (cloud is not null)
        {
            await cloud.DisposeAsync();
        }
    }
}

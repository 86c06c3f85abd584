using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Disa.Functions.Tests;

/// <summary>The Lambda Runtime API as far as a runtime sees it: hands out events, takes answers.</summary>
internal sealed class RuntimeApi : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<(string Id, string Event)> events = Channel.CreateUnbounded<(string, string)>();
    private readonly Channel<Taken> taken = Channel.CreateUnbounded<Taken>();
    private int count;

    /// <summary>When Lambda ends the invocation: a minute from the start.</summary>
    public DateTimeOffset Deadline { get; } =
        DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds());

    private RuntimeApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.MapGet(
            "/2018-06-01/runtime/invocation/next",
            async (HttpContext http) =>
            {
                var (id, text) = await events.Reader.ReadAsync(http.RequestAborted);
                http.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = id;
                http.Response.Headers["Lambda-Runtime-Deadline-Ms"] = Deadline
                    .ToUnixTimeMilliseconds()
                    .ToString(System.Globalization.CultureInfo.InvariantCulture);
                http.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:f";
                http.Response.Headers["Lambda-Runtime-Trace-Id"] = $"Root={id}";
                await http.Response.WriteAsync(text);
            }
        );
        app.MapPost(
            "/2018-06-01/runtime/{**path}",
            async (HttpContext http, string path) =>
            {
                using var reader = new StreamReader(http.Request.Body);
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                taken.Writer.TryWrite(
                    new(path, await reader.ReadToEndAsync(), http.Request.Headers["Lambda-Runtime-Function-Error-Type"].ToString())
                );
            }
        );
    }

    /// <summary>Host and port, as AWS_LAMBDA_RUNTIME_API has them.</summary>
    public string Address => new Uri(app.Urls.First()).Authority;

    public static async Task<RuntimeApi> StartAsync()
    {
        var api = new RuntimeApi();
        await api.app.StartAsync();
        return api;
    }

    /// <summary>Invokes, and waits for what the runtime posts.</summary>
    public async Task<Taken> InvokeAsync(string text)
    {
        events.Writer.TryWrite(($"request-{++count}", text));
        return await TakenAsync();
    }

    public async Task<Taken> TakenAsync() => await taken.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

/// <summary>What the runtime posted, and where.</summary>
internal sealed record Taken(string Path, string Body, string ErrorType);

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Functions.Tests;

public sealed partial class LambdaRuntimeTests
{
    [Fact]
    public async Task An_event_is_answered_under_its_request_id()
    {
        await using var api = await RuntimeApi.StartAsync();
        using var stop = new CancellationTokenSource();
        var seen = new List<(Invocation Invocation, string? Trace)>();
        var running = Run(
            api,
            (ping, invocation, _) =>
            {
                seen.Add((invocation, Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID")));
                return Task.FromResult(new Pong(ping.Number + 1));
            },
            stop.Token
        );
        Assert.Equal(("invocation/request-1/response", """{"Number":2}"""), Path(await api.InvokeAsync("""{"Number":1}""")));
        Assert.Equal(("invocation/request-2/response", """{"Number":8}"""), Path(await api.InvokeAsync("""{"Number":7}""")));
        await stop.CancelAsync();
        Assert.Equal(0, await running);
        Assert.Equal(
            ("request-1", "arn:f", "Root=request-1"),
            (seen[0].Invocation.RequestId, seen[0].Invocation.FunctionArn, seen[0].Trace)
        );
        Assert.Equal(api.Deadline, seen[0].Invocation.Deadline);
    }

    [Fact]
    public async Task What_the_function_throws_is_reported_by_type_and_the_loop_goes_on()
    {
        await using var api = await RuntimeApi.StartAsync();
        using var stop = new CancellationTokenSource();
        var running = Run(
            api,
            (ping, _, _) => ping.Number == 1 ? throw new InvalidOperationException("broken") : Task.FromResult(new Pong(ping.Number)),
            stop.Token
        );
        var error = await api.InvokeAsync("""{"Number":1}""");
        Assert.Equal(("invocation/request-1/error", "InvalidOperationException"), (error.Path, error.ErrorType));
        using (var body = JsonDocument.Parse(error.Body))
        {
            Assert.Equal(
                ("InvalidOperationException", "broken"),
                (body.RootElement.GetProperty("errorType").GetString(), body.RootElement.GetProperty("errorMessage").GetString())
            );
        }

        Assert.Equal("invocation/request-2/error", (await api.InvokeAsync("not JSON")).Path);
        Assert.Equal("invocation/request-3/response", (await api.InvokeAsync("""{"Number":3}""")).Path);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_runtime_api_that_is_gone_ends_the_process_with_an_error()
    {
        var api = await RuntimeApi.StartAsync();
        var running = Run(api, (ping, _, _) => Task.FromResult(new Pong(ping.Number)), CancellationToken.None);
        await api.InvokeAsync("""{"Number":1}""");
        await api.DisposeAsync();
        Assert.Equal(1, await running);
    }

    private static (string, string) Path(Taken taken) => (taken.Path, taken.Body);

    private static async Task<int> Run(
        RuntimeApi api,
        Func<Ping, Invocation, CancellationToken, Task<Pong>> handler,
        CancellationToken cancellation
    )
    {
        using var client = new HttpClient { BaseAddress = new($"http://{api.Address}/2018-06-01/runtime/") };
        return await new LambdaRuntime(client, new Log(TextWriter.Null, TimeProvider.System)).RunAsync(
            handler,
            PingJson.Default.Ping,
            PingJson.Default.Pong,
            cancellation
        );
    }

    internal sealed record Ping(int Number);

    internal sealed record Pong(int Number);

    [JsonSerializable(typeof(Ping))]
    [JsonSerializable(typeof(Pong))]
    internal sealed partial class PingJson : JsonSerializerContext;
}

using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Disa.Emulator.Http;
using Disa.Jsonata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Disa.Emulator.Lambda;

/// <summary>What a function's process is handed by <c>/next</c>.</summary>
internal sealed record RuntimeInvocation(
    string RequestId,
    ReadOnlyMemory<byte> Payload,
    DateTimeOffset Deadline,
    string FunctionArn,
    string TraceId,
    string? ClientContext
);

/// <summary>What came of it: a result, or an error with its type.</summary>
internal sealed record RuntimeAnswer(byte[] Payload, string? ErrorType);

/// <summary>
/// The Lambda Runtime API, one server on a loopback port of its own for each process
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
/// </summary>
internal sealed class RuntimeApi : IAsyncDisposable
{
    /// <summary>Bytes of a response.</summary>
    public const int ResponseLimit = 6_291_556;

    private const string Root = "/2018-06-01/runtime/";

    private readonly Lock gate = new();
    private readonly Channel<RuntimeInvocation> waiting = Channel.CreateUnbounded<RuntimeInvocation>();
    private readonly TaskCompletionSource<RuntimeAnswer> initError = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? current;
    private TaskCompletionSource<RuntimeAnswer>? answer;
    private HttpServer? server;

    /// <summary>For <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Address => $"127.0.0.1:{server!.Address.Port}";

    /// <summary>Completes when the process asks for its next invocation: it is initialised, or done with the last one.</summary>
    public Task Asked
    {
        get
        {
            lock (gate)
            {
                return asked.Task;
            }
        }
    }

    /// <summary>Completes when the process reports that it cannot start.</summary>
    public Task<RuntimeAnswer> InitError => initError.Task;

    public static async Task<RuntimeApi> Start(CancellationToken cancellation)
    {
        var api = new RuntimeApi();
        api.server = await HttpServer
            .Start(new IPEndPoint(IPAddress.Loopback, 0), Door.OfRuntimes.Before(api.Handle), NullLoggerFactory.Instance, cancellation)
            .ConfigureAwait(false);
        return api;
    }

    /// <summary>Hands an invocation to the process; one at a time.</summary>
    public Task<RuntimeAnswer> Run(RuntimeInvocation invocation)
    {
        lock (gate)
        {
            current = invocation.RequestId;
            answer = new TaskCompletionSource<RuntimeAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Writer.TryWrite(invocation);
            return answer.Task;
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task Handle(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            await Reply(context, 404, "NotFound", "There is no such path in the Runtime API.").ConfigureAwait(false);
            return;
        }

        var task = (context.Request.Method, path[Root.Length..].Split('/')) switch
        {
            ("GET", ["invocation", "next"]) => Next(context),
            ("POST", ["invocation", var id, "response"]) => Answer(context, id, isError: false),
            ("POST", ["invocation", var id, "error"]) => Answer(context, id, isError: true),
            ("POST", ["init", "error"]) => FailInit(context),
            _ => Reply(context, 404, "NotFound", "There is no such path in the Runtime API."),
        };
        await task.ConfigureAwait(false);
    }

    private async Task Next(HttpContext context)
    {
        lock (gate)
        {
            asked.TrySetResult();
        }

        RuntimeInvocation invocation;
        try
        {
            invocation = await waiting.Reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process ended while it waited; who started it sees that.
            return;
        }

        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = invocation
            .Deadline.ToUnixTimeMilliseconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = invocation.FunctionArn;
        headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
        if (invocation.ClientContext is { } client)
        {
            headers["Lambda-Runtime-Client-Context"] = client;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = invocation.Payload.Length;
        await context.Response.Body.WriteAsync(invocation.Payload).ConfigureAwait(false);
    }

    private async Task Answer(HttpContext context, string id, bool isError)
    {
        var body = await Read(context.Request).ConfigureAwait(false);
        TaskCompletionSource<RuntimeAnswer>? waiter;
        lock (gate)
        {
            waiter = current == id ? answer : null;
        }

        if (waiter is null || waiter.Task.IsCompleted)
        {
            await Reply(context, 400, "InvalidRequestID", "Invalid request ID").ConfigureAwait(false);
        }
        else if (body is null)
        {
            waiter.TrySetResult(
                Error(
                    "Function.ResponseSizeTooLarge",
                    $"Response payload size exceeded maximum allowed payload size ({ResponseLimit} bytes)."
                )
            );
            await Reply(context, 413, "RequestEntityTooLarge", $"Exceeded maximum allowed payload size ({ResponseLimit} bytes).")
                .ConfigureAwait(false);
        }
        else
        {
            // The status goes first: a caller may end the process as soon as it has the answer.
            await Accept(context).ConfigureAwait(false);
            waiter.TrySetResult(new RuntimeAnswer(body, isError ? ErrorType(context, body) : null));
        }
    }

    private async Task FailInit(HttpContext context)
    {
        var body = await Read(context.Request).ConfigureAwait(false) ?? [];
        await Accept(context).ConfigureAwait(false);
        initError.TrySetResult(new RuntimeAnswer(body, ErrorType(context, body)));
    }

    private static string ErrorType(HttpContext context, byte[] body)
    {
        if (context.Request.Headers.TryGetValue("Lambda-Runtime-Function-Error-Type", out var type) && type.Count > 0)
        {
            return type.ToString();
        }

        try
        {
            using var json = JsonInput.Document(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("errorType", out var name)
                ? name.ToString()
                : "Runtime.Unknown";
        }
        catch (JsonException)
        {
            return "Runtime.Unknown";
        }
    }

    public static RuntimeAnswer Error(string type, string message) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new FunctionErrorBody(type, message), LambdaWireJson.Default.FunctionErrorBody), type);

    /// <summary>Null where the body is over the limit.</summary>
    private static async Task<byte[]?> Read(HttpRequest request)
    {
        using var all = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(16 * 1024);
        int read;
        while ((read = await request.Body.ReadAsync(chunk).ConfigureAwait(false)) > 0)
        {
            if (all.Length <= ResponseLimit)
            {
                all.Write(chunk, 0, read);
            }
        }

        ArrayPool<byte>.Shared.Return(chunk);
        return all.Length > ResponseLimit ? null : all.ToArray();
    }

    private static async Task Accept(HttpContext context)
    {
        context.Response.StatusCode = 202;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 15;
        await context.Response.Body.WriteAsync("{\"status\":\"OK\"}"u8.ToArray()).ConfigureAwait(false);
        await context.Response.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task Reply(HttpContext context, int status, string type, string message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new FunctionErrorBody(type, message), LambdaWireJson.Default.FunctionErrorBody);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body).ConfigureAwait(false);
    }
}

/// <summary>An error as a function's caller gets it.</summary>
internal sealed record FunctionErrorBody(
    [property: System.Text.Json.Serialization.JsonPropertyName("errorType")] string ErrorType,
    [property: System.Text.Json.Serialization.JsonPropertyName("errorMessage")] string ErrorMessage
);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
)]
[System.Text.Json.Serialization.JsonSerializable(typeof(FunctionErrorBody))]
internal sealed partial class LambdaWireJson : System.Text.Json.Serialization.JsonSerializerContext;

using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Disa.Functions;

/// <summary>The loop of a function: takes invocations from the Lambda Runtime API and answers them, until the API goes away.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
public sealed class LambdaRuntime(HttpClient client, Log log, Spans? spans = null)
{
    /// <summary>Runs a function as a process: the exit code is never 0, for a function ends only by losing its runtime.</summary>
    /// <param name="create">Makes the handler, once; what it throws is reported as an error of the initialisation.</param>
    /// <param name="input">Describes the event.</param>
    /// <param name="output">Describes the answer.</param>
    /// <param name="rehearse">Calls the function before its first invocation, with a log that nobody reads.</param>
    public static async Task<int> RunAsync<TEvent, TResult>(
        Func<Log, Func<TEvent, Invocation, CancellationToken, Task<TResult>>> create,
        JsonTypeInfo<TEvent> input,
        JsonTypeInfo<TResult> output,
        Func<Log, CancellationToken, Task>? rehearse = null
    )
    {
        ArgumentNullException.ThrowIfNull(create);
        var log = new Log(Console.Out, TimeProvider.System);
        var api = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
        if (string.IsNullOrEmpty(api))
        {
            log.Write("error", "AWS_LAMBDA_RUNTIME_API is not set: this program is a Lambda function and is started by its runtime.");
            return 2;
        }

        // An invocation may be hours away: the wait for it has no limit.
        using var client = new HttpClient { BaseAddress = new($"http://{api}/2018-06-01/runtime/"), Timeout = Timeout.InfiniteTimeSpan };
        var runtime = new LambdaRuntime(client, log, Spans.Exported);
        Func<TEvent, Invocation, CancellationToken, Task<TResult>> handler;
        try
        {
            handler = create(log);
        }
        catch (Exception e)
        {
            await runtime.ReportAsync("init/error", e, CancellationToken.None).ConfigureAwait(false);
            return 1;
        }

        if (rehearse is not null)
        {
            var unread = new Log(TextWriter.Null, TimeProvider.System);
            await Rehearsal.RunAsync(cancellation => rehearse(unread, cancellation), log, TimeProvider.System).ConfigureAwait(false);
        }

        return await runtime.RunAsync(handler, input, output, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Answers invocations until the Runtime API is gone (1) or the token is cancelled (0).</summary>
    public async Task<int> RunAsync<TEvent, TResult>(
        Func<TEvent, Invocation, CancellationToken, Task<TResult>> handler,
        JsonTypeInfo<TEvent> input,
        JsonTypeInfo<TResult> output,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(handler);
        try
        {
            while (true)
            {
                using var next = await client.GetAsync(new Uri("invocation/next", UriKind.Relative), cancellation).ConfigureAwait(false);
                next.EnsureSuccessStatusCode();
                await AnswerAsync(next, handler, input, output, cancellation).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException e)
        {
            log.Write("error", "The Lambda Runtime API is gone.", ("error", e.Message));
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
    }

    private async Task AnswerAsync<TEvent, TResult>(
        HttpResponseMessage next,
        Func<TEvent, Invocation, CancellationToken, Task<TResult>> handler,
        JsonTypeInfo<TEvent> input,
        JsonTypeInfo<TResult> output,
        CancellationToken cancellation
    )
    {
        var invocation = Invocation.Of(next.Headers);
        Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
        var started = TimeProvider.System.GetUtcNow();
        spans?.Begin(invocation.TraceId);
        byte[] answer;
        try
        {
            var body = await next.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            var @event = JsonSerializer.Deserialize(body, input) ?? throw new JsonException("The event is null.");
            answer = JsonSerializer.SerializeToUtf8Bytes(await handler(@event, invocation, cancellation).ConfigureAwait(false), output);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            await ExportAsync(invocation, started, e, cancellation).ConfigureAwait(false);
            await ReportAsync($"invocation/{invocation.RequestId}/error", e, cancellation).ConfigureAwait(false);
            return;
        }

        await ExportAsync(invocation, started, null, cancellation).ConfigureAwait(false);

        using var content = new ByteArrayContent(answer);
        content.Headers.ContentType = new("application/json");
        using var taken = await client
            .PostAsync(new Uri($"invocation/{invocation.RequestId}/response", UriKind.Relative), content, cancellation)
            .ConfigureAwait(false);
        if (!taken.IsSuccessStatusCode)
        {
            // Such as 413, an answer that is too large: the invocation is over all the same.
            log.Write(
                "error",
                "The Lambda Runtime API refused the answer.",
                ("requestId", invocation.RequestId),
                ("status", ((int)taken.StatusCode).ToString(CultureInfo.InvariantCulture))
            );
        }
    }

    /// <summary>Before the answer: after it a function is frozen.</summary>
    private async Task ExportAsync(Invocation invocation, DateTimeOffset started, Exception? failure, CancellationToken cancellation)
    {
        if (spans is not null && await spans.EndAsync(invocation, started, failure, cancellation).ConfigureAwait(false) is { } error)
        {
            log.Write("warn", "Spans were not exported.", ("requestId", invocation.RequestId), ("error", error));
        }
    }

    private async Task ReportAsync(string path, Exception e, CancellationToken cancellation)
    {
        log.Write(
            "error",
            "The function failed.",
            ("errorType", e.GetType().Name),
            ("error", e.Message),
            ("stackTrace", e.StackTrace ?? "")
        );
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            // The stack is in the log; here it would only fill the workflow's input.
            writer.WriteStartObject();
            writer.WriteString("errorType", e.GetType().Name);
            writer.WriteString("errorMessage", e.Message);
            writer.WriteStartArray("stackTrace");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        using var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new("application/vnd.aws.lambda.error+json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Lambda-Runtime-Function-Error-Type", e.GetType().Name);
        using var taken = await client.SendAsync(request, cancellation).ConfigureAwait(false);
    }
}

/// <summary>What the Runtime API says of one invocation beside its event.</summary>
/// <param name="RequestId">The invocation's id.</param>
/// <param name="Deadline">When Lambda ends it.</param>
/// <param name="FunctionArn">The function as it was invoked.</param>
/// <param name="TraceId">The X-Ray trace header.</param>
public sealed record Invocation(string RequestId, DateTimeOffset Deadline, string? FunctionArn, string? TraceId)
{
    internal static Invocation Of(HttpResponseHeaders headers) =>
        new(
            Header(headers, "Lambda-Runtime-Aws-Request-Id")
                ?? throw new HttpRequestException("The Lambda Runtime API sent no request id."),
            DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(Header(headers, "Lambda-Runtime-Deadline-Ms") ?? "0", CultureInfo.InvariantCulture)
            ),
            Header(headers, "Lambda-Runtime-Invoked-Function-Arn"),
            Header(headers, "Lambda-Runtime-Trace-Id")
        );

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.First() : null;
}

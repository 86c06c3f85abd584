using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

/// <summary>Runs invocations of a function whose code is in this process, with the log lines, the time limit and the error documents of a sandbox.</summary>
/// <remarks>A handler whose time is over is told so by its token, and left to itself: a thread cannot be ended as a process can.</remarks>
internal sealed class HostedRun(Clock clock, LogSink logs, UsageMeter meter)
{
    public async Task<SandboxResult> Run(
        Scope scope,
        string name,
        FunctionVersion version,
        HostedHandler handler,
        RuntimeInvocation invocation,
        CancellationToken cancellation
    )
    {
        var lines = new List<(DateTimeOffset At, string Text)>();
        void Line(string text)
        {
            lock (lines)
            {
                lines.Add((clock.GetUtcNow(), text));
            }
        }

        var id = invocation.RequestId;
        Line($"START RequestId: {id} Version: {version.Version}\n");
        var began = clock.Wall.GetTimestamp();
        var timeout = TimeSpan.FromSeconds(version.Timeout);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var hosted = new HostedInvocation(
            invocation.Payload,
            id,
            invocation.FunctionArn,
            invocation.ClientContext,
            invocation.TraceId,
            clock.Wall.GetUtcNow() + timeout,
            text => Line(text.EndsWith('\n') ? text : text + "\n")
        );
        var answer = await Answer(handler, hosted, timeout, over).ConfigureAwait(false);
        if (answer.ErrorType == "Sandbox.Timedout")
        {
            Line($"{clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {id} Task timed out after {version.Timeout}.00 seconds\n");
        }
        else if (answer.ErrorType is not null)
        {
            Line(System.Text.Encoding.UTF8.GetString(answer.Payload) + "\n");
        }

        Line($"END RequestId: {id}\n");
        Line(Report(scope, name, version, id, clock.Wall.GetElapsedTime(began)));
        return new SandboxResult(answer.Payload, answer.ErrorType, await Write(scope, name, version, lines).ConfigureAwait(false), false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "What a handler throws is the function's error.")]
    private async Task<RuntimeAnswer> Answer(
        HostedHandler handler,
        HostedInvocation invocation,
        TimeSpan timeout,
        CancellationTokenSource over
    )
    {
        // Who stands at a breakpoint has all the time there is.
        var limit = Debugger.IsAttached ? Timeout.InfiniteTimeSpan : timeout;
        var running = Task.Run(() => handler(invocation, over.Token), CancellationToken.None);
        try
        {
            await Task.WhenAny(running).WaitAsync(limit, clock.Wall, over.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync().ConfigureAwait(false);
            return RuntimeApi.Error(
                "Sandbox.Timedout",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"RequestId: {invocation.RequestId} Error: Task timed out after {timeout.TotalSeconds:0}.00 seconds"
                )
            );
        }

        try
        {
            return new RuntimeAnswer((await running.ConfigureAwait(false)).ToArray(), null);
        }
        catch (Exception failure)
        {
            return new RuntimeAnswer(Document(failure), failure.GetType().Name);
        }
    }

    /// <summary>As the .NET runtime of Lambda lays an error out.</summary>
    private static byte[] Document(Exception failure)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, failure, 0);
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Exception failure, int depth)
    {
        const int deepest = 16;
        writer.WriteStartObject();
        writer.WriteString("errorType", failure.GetType().Name);
        writer.WriteString("errorMessage", failure.Message);
        writer.WriteStartArray("stackTrace");
        foreach (var line in (failure.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
        if (failure.InnerException is { } inner && depth < deepest)
        {
            writer.WritePropertyName("cause");
            Write(writer, inner, depth + 1);
        }

        writer.WriteEndObject();
    }

    private string Report(Scope scope, string name, FunctionVersion version, string id, TimeSpan duration)
    {
        var billed = Math.Ceiling(duration.TotalMilliseconds);
        meter.Add("lambda", name, "Requests");
        meter.Metrics.Add(Invoker.Metric(scope, name, "Duration", "Milliseconds"), Math.Round(duration.TotalMilliseconds, 2));
        meter.Add(
            "lambda",
            name,
            version.Architecture == "arm64" ? "GBSecondsArm" : "GBSecondsX86",
            billed / 1000 * version.MemorySize / 1024
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"REPORT RequestId: {id}\tDuration: {duration.TotalMilliseconds:0.00} ms\tBilled Duration: {billed:0} ms\tMemory Size: {version.MemorySize} MB\tMax Memory Used: 0 MB\t\n"
        );
    }

    private async Task<string> Write(Scope scope, string name, FunctionVersion version, List<(DateTimeOffset At, string Text)> lines)
    {
        const int tail = 4096;
        List<(DateTimeOffset, string)> all;
        lock (lines)
        {
            all = [.. lines];
        }

        var stream = $"{clock.GetUtcNow():yyyy/MM/dd}/[{version.Version}]{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        try
        {
            await logs.WriteAs(
                    Caller.Role(version.Role, SandboxPlan.SessionOf(name), scope),
                    version.LogGroup ?? "/aws/lambda/" + name,
                    stream,
                    all
                )
                .ConfigureAwait(false);
        }
        catch (AwsException)
        {
            // A group whose key is disabled takes no lines; the function's answer stands.
        }

        var text = string.Concat(all.Select(line => line.Item2));
        return text.Length > tail ? text[^tail..] : text;
    }
}

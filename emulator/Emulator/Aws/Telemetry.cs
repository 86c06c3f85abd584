using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Disa.Emulator.Aws;

/// <summary>
/// What happens in the emulator as spans and metrics of OpenTelemetry, named <c>Disa.Emulator</c>. Where nobody listens, a span is a check of a
/// field, and nothing is allocated.
/// </summary>
/// <remarks>
/// A trace goes on where AWS's active tracing goes on: by the header X-Amzn-Trace-Id, which services hand to one another, and by AWSTraceHeader
/// in a queue. A table's stream carries none on AWS, and none here.
/// </remarks>
public static class Telemetry
{
    /// <summary>The name of the source and of the meters.</summary>
    public const string Name = "Disa.Emulator";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>(
        "rpc.server.call.duration",
        "s",
        "How long requests took, from their first byte to the last of the answer."
    );

    private static readonly Histogram<double> Invocations = Meter.CreateHistogram<double>(
        "faas.invoke_duration",
        "s",
        "How long functions took."
    );

    /// <summary>Whether somebody listens to spans.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>A request to an API; its service and operation are known at its end.</summary>
    /// <param name="traceParent">The caller's header <c>traceparent</c>.</param>
    /// <param name="traceHeader">The caller's header <c>X-Amzn-Trace-Id</c>.</param>
    public static Activity? Request(string? traceParent, string? traceHeader) =>
        IsOn
            ? Source.StartActivity(
                "request",
                ActivityKind.Server,
                ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent) ? parent : TraceHeader.Parse(traceHeader)
            )
            : null;

    /// <summary>The end of a request.</summary>
    public static void Answered(Activity? span, string service, string operation, int status, string requestId, TimeSpan took)
    {
        if (Calls.Enabled)
        {
            Calls.Record(
                took.TotalSeconds,
                new TagList
                {
                    { "rpc.system", "aws-api" },
                    { "rpc.service", service },
                    { "rpc.method", operation },
                    { "http.response.status_code", status },
                }
            );
        }

        if (span is null)
        {
            return;
        }

        span.DisplayName = $"{service}.{operation}";
        span.SetTag("rpc.system", "aws-api").SetTag("rpc.service", service).SetTag("rpc.method", operation);
        span.SetTag("http.response.status_code", status).SetTag("aws.request_id", requestId);
        if (status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    /// <summary>An invocation of a function.</summary>
    public static Activity? Invocation(string function, string arn, string requestId, string? traceHeader)
    {
        if (!IsOn)
        {
            return null;
        }

        var parent = TraceHeader.Parse(traceHeader);
        var span = parent == default ? Below(function, ActivityKind.Server) : Source.StartActivity(function, ActivityKind.Server, parent);
        return span?.SetTag("faas.name", function).SetTag("faas.invocation_id", requestId).SetTag("cloud.resource_id", arn);
    }

    /// <summary>The end of an invocation.</summary>
    /// <param name="span">Its span.</param>
    /// <param name="function">The function.</param>
    /// <param name="error">The type of the error that it ended with.</param>
    /// <param name="took">How long it took.</param>
    public static void Invoked(Activity? span, string function, string? error, TimeSpan took)
    {
        if (Invocations.Enabled)
        {
            var tags = new TagList { { "faas.name", function } };
            if (error is not null)
            {
                tags.Add("error.type", error);
            }

            Invocations.Record(took.TotalSeconds, tags);
        }

        if (error is not null)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
        }

        span?.Dispose();
    }

    /// <summary>A batch that a mapping brings to its function: a trace of its own, with links to those that its messages carry.</summary>
    /// <param name="system">aws_sqs or dynamodb_streams.</param>
    /// <param name="source">The ARN of queue or stream.</param>
    /// <param name="messages">How many.</param>
    /// <param name="traceHeaders">What the messages carry.</param>
    public static Activity? Batch(string system, string source, int messages, IEnumerable<string?>? traceHeaders = null)
    {
        if (!IsOn)
        {
            return null;
        }

        var links = (traceHeaders ?? []).Select(TraceHeader.Parse).Where(context => context != default).Distinct().Select(Link).ToList();
        var name = source[(source.LastIndexOf(':') + 1)..];
        var current = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity("process " + name, ActivityKind.Consumer, default(ActivityContext), links: links);
        if (span is null)
        {
            Activity.Current = current;
        }

        return span
            ?.SetTag("messaging.system", system)
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", name)
            .SetTag("messaging.batch.message_count", messages);
    }

    /// <summary>A delivery of a message to a subscriber.</summary>
    public static Activity? Delivery(string topic, string protocol, string messageId, string? traceHeader) =>
        IsOn
            ? Source
                .StartActivity("deliver " + topic, ActivityKind.Producer, TraceHeader.Parse(traceHeader))
                ?.SetTag("messaging.system", "aws_sns")
                .SetTag("messaging.operation.type", "send")
                .SetTag("messaging.destination.name", topic)
                .SetTag("messaging.message.id", messageId)
                .SetTag("aws.sns.protocol", protocol)
            : null;

    /// <summary>An execution that has ended: one span over all of it, however long it took.</summary>
    public static void Execution(string machine, string arn, string status, DateTimeOffset started, DateTimeOffset now, string? traceHeader)
    {
        if (!IsOn)
        {
            return;
        }

        // The emulator's clock may have been moved: the span ends now, and is as long as the execution was.
        var end = TimeProvider.System.GetUtcNow();
        var span = Source.StartActivity(
            machine,
            ActivityKind.Internal,
            TraceHeader.Parse(traceHeader),
            startTime: end - (now > started ? now - started : TimeSpan.Zero)
        );
        span?.SetTag("aws.step_functions.execution.arn", arn).SetTag("aws.step_functions.execution.status", status);
        if (status != "SUCCEEDED")
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        span?.SetEndTime(end.UtcDateTime).Dispose();
    }

    /// <summary>What is handed on: the span's, where there is one.</summary>
    public static string? Onwards(Activity? span, string? traceHeader) => span is null ? traceHeader : TraceHeader.Of(span);

    /// <summary>Below the span that runs, if it is one of the emulator's.</summary>
    private static Activity? Below(string name, ActivityKind kind) =>
        Source.StartActivity(name, kind, Activity.Current is { } current && current.Source == Source ? current.Context : default);

    private static ActivityLink Link(ActivityContext context) => new(context);
}

using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Disa.Functions;

/// <summary>
/// What a function did, as spans of OpenTelemetry: the invocation in the trace that Lambda gives it, and each message in the trace of its producer.
/// They go out before the invocation's answer.
/// </summary>
/// <remarks>
/// The ids of a message's spans are made from its key, which the SDK's own spans cannot have; and the SDK would double a function's package. So
/// spans and export are written here.
/// </remarks>
public sealed partial class Spans(OtlpExporter exporter, Func<DateTimeOffset> now)
{
    private readonly Lock gate = new();
    private List<Span> ended = [];
    private (string TraceId, string SpanId)? invocation;
    private (string TraceId, string ParentId)? parent;

    /// <summary>Null where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is not set: then nothing is recorded.</summary>
    public static Spans? Exported { get; } =
        OtlpExporter.OfEnvironment() is { } exporter ? new Spans(exporter, TimeProvider.System.GetUtcNow) : null;

    /// <summary>An invocation begins.</summary>
    /// <param name="traceHeader">Its X-Ray header; where that is not sampled, only messages' spans are exported.</param>
    public void Begin(string? traceHeader)
    {
        var match = Header().Match(traceHeader ?? "");
        parent = match.Success ? (match.Groups["time"].Value + match.Groups["rest"].Value, match.Groups["parent"].Value) : null;
        invocation =
            parent is var (trace, _) && traceHeader!.Contains("Sampled=1", StringComparison.Ordinal)
                ? (trace, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)))
                : null;
    }

    /// <summary>A span has ended; it gets a link to the invocation's.</summary>
    public void Add(Span span)
    {
        ArgumentNullException.ThrowIfNull(span);
        lock (gate)
        {
            ended.Add(span with { Link = invocation });
        }
    }

    /// <summary>The invocation has ended: exports what there is.</summary>
    /// <returns>Why it was not exported; null where it was.</returns>
    public async Task<string?> EndAsync(Invocation of, DateTimeOffset started, Exception? failure, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(of);
        List<Span> spans;
        lock (gate)
        {
            (spans, ended) = (ended, []);
        }

        if (invocation is var (trace, span))
        {
            spans.Add(
                new(trace, span, parent?.ParentId, exporter.Service, Span.Server, started, now(), [new("faas.invocation_id", of.RequestId)])
                {
                    Error = failure?.GetType().Name,
                }
            );
        }

        return spans.Count == 0 ? null : await exporter.ExportAsync(spans, cancellation).ConfigureAwait(false);
    }

    [GeneratedRegex("Root=1-(?<time>[0-9a-f]{8})-(?<rest>[0-9a-f]{24});(?:.*;)?Parent=(?<parent>[0-9a-f]{16})")]
    private static partial Regex Header();
}

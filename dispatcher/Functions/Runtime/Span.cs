namespace Disa.Functions;

/// <summary>A span of OpenTelemetry.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="SpanId">16 hexadecimal digits.</param>
/// <param name="ParentId">16 hexadecimal digits; null for the root of a trace.</param>
/// <param name="Name">What was done.</param>
/// <param name="Kind">As OTLP numbers them: see <see cref="Server"/> and <see cref="Producer"/>.</param>
/// <param name="Start">When it began, in real time.</param>
/// <param name="End">When it ended.</param>
/// <param name="Attributes">Strings and whole numbers.</param>
/// <remarks>https://opentelemetry.io/docs/specs/otlp/, https://github.com/open-telemetry/opentelemetry-proto: trace.proto.</remarks>
public sealed record Span(
    string TraceId,
    string SpanId,
    string? ParentId,
    string Name,
    int Kind,
    DateTimeOffset Start,
    DateTimeOffset End,
    IReadOnlyList<KeyValuePair<string, object>> Attributes
)
{
    public const int Server = 2;
    public const int Producer = 4;

    /// <summary>What went wrong; null where nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>A span of another trace that this one belongs to.</summary>
    public (string TraceId, string SpanId)? Link { get; init; }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Disa.Functions;

/// <summary>A W3C trace context, as OpenTelemetry and X-Ray understand it: the producer's where the item carries one, else made from the item's key.</summary>
/// <remarks>https://www.w3.org/TR/trace-context/#traceparent-header</remarks>
public sealed partial record TraceContext(string TraceId, string Flags)
{
    /// <summary>The producer's span; null where the item carries none.</summary>
    public string? Producer { get; private init; }

    /// <summary>Whether spans of it are to be exported.</summary>
    public bool IsSampled => Flags.Length == 2 && (Flags[1] is >= '0' and <= '9' ? Flags[1] - '0' : Flags[1] - 'a' + 10) % 2 == 1;

    /// <summary>The context of a message: the same for each of its attempts.</summary>
    /// <param name="traceParent">The item's attribute; one that is not a traceparent counts as none.</param>
    /// <param name="item">The item.</param>
    public static TraceContext Of(string? traceParent, WorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Form().Match(traceParent ?? "") is { Success: true } match && match.Groups["trace"].Value.Trim('0').Length > 0
            ? new(match.Groups["trace"].Value, match.Groups["flags"].Value) { Producer = match.Groups["span"].Value }
            : new(Hex($"{item.Key.Identity}\n{Instant.Text(item.SeenAt)}", 16), "01");
    }

    /// <summary>The traceparent that an attempt's message carries: a span of its own.</summary>
    public string ParentOf(int attempt) => $"00-{TraceId}-{SpanOf(attempt)}-{Flags}";

    /// <summary>The span of an attempt: a consumer's spans are below it.</summary>
    public string SpanOf(int attempt) => Hex(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{TraceId} {attempt}"), 8);

    private static string Hex(string text, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));

    [GeneratedRegex(@"^00-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})\z")]
    private static partial Regex Form();
}

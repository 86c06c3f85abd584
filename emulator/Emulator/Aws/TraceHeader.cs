using System.Buffers;
using System.Diagnostics;

namespace Disa.Emulator.Aws;

/// <summary>The header X-Amzn-Trace-Id: <c>Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader. A root is a W3C trace id in three parts.</remarks>
internal static class TraceHeader
{
    private const int RootLength = 35;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>The default where it names no root and parent.</summary>
    public static ActivityContext Parse(string? header)
    {
        if (header is null)
        {
            return default;
        }

        ReadOnlySpan<char> root = default,
            parent = default;
        var isSampled = false;
        foreach (var range in header.AsSpan().Split(';'))
        {
            var part = header.AsSpan(range).Trim();
            if (part.StartsWith("Root=1-"))
            {
                root = part["Root=".Length..];
            }
            else if (part.StartsWith("Parent="))
            {
                parent = part["Parent=".Length..];
            }
            else if (part is "Sampled=1")
            {
                isSampled = true;
            }
        }

        return root.Length == RootLength && root[10] == '-' && parent.Length == 16
            ? Context(string.Concat(root[2..10], root[11..]), parent, isSampled)
            : default;
    }

    public static string Of(Activity span)
    {
        var trace = span.TraceId.ToHexString();
        return $"Root=1-{trace.AsSpan(0, 8)}-{trace.AsSpan(8)};Parent={span.SpanId.ToHexString()};Sampled={(span.Recorded ? 1 : 0)}";
    }

    private static ActivityContext Context(string trace, ReadOnlySpan<char> parent, bool isSampled) =>
        IsHex(trace) && IsHex(parent)
            ? new(
                ActivityTraceId.CreateFromString(trace),
                ActivitySpanId.CreateFromString(parent),
                isSampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None,
                isRemote: true
            )
            : default;

    /// <summary>Lower case, and not all zeros.</summary>
    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex) && text.ContainsAnyExcept('0');
}

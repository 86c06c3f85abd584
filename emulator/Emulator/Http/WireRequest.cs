using Microsoft.AspNetCore.Http;

namespace Disa.Emulator.Http;

/// <summary>A request as it came, with its body read.</summary>
/// <param name="Path">The path as sent, percent-encoding kept.</param>
/// <param name="QueryString">As sent, without the question mark.</param>
internal sealed record WireRequest(
    string Method,
    string Host,
    string Path,
    string QueryString,
    IHeaderDictionary Headers,
    ReadOnlyMemory<byte> Body,
    string RequestId
)
{
    /// <summary>The body as it was sent and signed: compressed, where <see cref="Body"/> is unpacked.</summary>
    public ReadOnlyMemory<byte> Sent { get; init; } = Body;

    public string Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : "";

    /// <summary>The query's parameters, decoded, in order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Query() => Form.Parse(QueryString);
}

/// <summary>An answer's status, headers and bytes.</summary>
internal sealed record WireResponse(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether the headers name the request already, as S3's do.</summary>
    public bool HasOwnRequestId { get; init; }

    /// <summary>Whether it is of a host that is nobody else's: there pages may be what they are.</summary>
    public bool IsSite { get; init; }
}

/// <summary>The form <c>a=b&amp;c=d</c>, in bodies and query strings.</summary>
internal static class Form
{
    public static IEnumerable<KeyValuePair<string, string>> Parse(string text)
    {
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? new(Decode(pair), "") : new(Decode(pair[..equals]), Decode(pair[(equals + 1)..]));
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

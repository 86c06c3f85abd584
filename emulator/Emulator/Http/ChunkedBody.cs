using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Http;

/// <summary>
/// The encoding <c>aws-chunked</c>, in which SDKs stream bodies with a checksum behind them
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html). Chunk signatures are not checked; the
/// request's own signature is.
/// </summary>
internal static class ChunkedBody
{
    /// <summary>The body without its chunks, moved together where it is; trailers join the headers.</summary>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> encoded, Dictionary<string, string> headers)
    {
        var body = MemoryMarshal.AsMemory(encoded);
        var length = 0;
        var at = 0;
        while (true)
        {
            var line = Line(encoded.Span, ref at);
            var semicolon = line.IndexOf(';', StringComparison.Ordinal);
            if (
                !int.TryParse(semicolon < 0 ? line : line[..semicolon], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size)
                || size < 0
                || size > encoded.Length - at
            )
            {
                throw Malformed();
            }

            if (size == 0)
            {
                break;
            }

            encoded.Span.Slice(at, size).CopyTo(body.Span[length..]);
            length += size;
            at += size;
            if (Line(encoded.Span, ref at).Length > 0)
            {
                throw Malformed();
            }
        }

        while (at < encoded.Length && Line(encoded.Span, ref at) is { Length: > 0 } trailer)
        {
            var colon = trailer.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[trailer[..colon].Trim()] = trailer[(colon + 1)..].Trim();
            }
        }

        if (headers.TryGetValue("x-amz-decoded-content-length", out var stated) && stated != length.ToString(CultureInfo.InvariantCulture))
        {
            throw new AwsException("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }

        return encoded[..length];
    }

    private static string Line(ReadOnlySpan<byte> bytes, ref int at)
    {
        var end = at < bytes.Length ? bytes[at..].IndexOf("\r\n"u8) : -1;
        if (end < 0)
        {
            throw Malformed();
        }

        var line = Encoding.ASCII.GetString(bytes.Slice(at, end));
        at += end + 2;
        return line;
    }

    private static AwsException Malformed() => new("InvalidRequest", "The body is not encoded as aws-chunked, as its headers say.");
}

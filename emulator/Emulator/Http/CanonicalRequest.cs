using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>A request in the form that is signed.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</remarks>
internal static class CanonicalRequest
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";

    public static void Write(ArrayBufferWriter<byte> text, WireRequest request, SigV4 signature)
    {
        Write(
            text,
            request.Method,
            "\n",
            signature.Service == "s3" ? Encode(Uri.UnescapeDataString(request.Path), keepSlash: true) : EncodeTwice(request.Path),
            "\n"
        );
        if (request.QueryString.Length > 0)
        {
            var query = request
                .QueryString.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Select(pair =>
                    (
                        Name: Encode(Uri.UnescapeDataString(pair[0].Replace('+', ' '))),
                        Value: pair.Length == 2 ? Encode(Uri.UnescapeDataString(pair[1].Replace('+', ' '))) : ""
                    )
                )
                .Where(pair => pair.Name != "X-Amz-Signature")
                .OrderBy(pair => pair.Name, StringComparer.Ordinal)
                .ThenBy(pair => pair.Value, StringComparer.Ordinal);
            Write(text, string.Join('&', query.Select(pair => $"{pair.Name}={pair.Value}")));
        }

        Write(text, "\n");
        var names = signature.SignedHeaders.AsSpan();
        foreach (var range in names.Split(';'))
        {
            var name = names[range];
            Write(text, name);
            Write(text, ":");
            if (name is "host")
            {
                Write(text, request.Host);
            }
            else if (request.Headers.TryGetValue(name.ToString(), out var values))
            {
                for (var i = 0; i < values.Count; i++)
                {
                    Write(text, i == 0 ? "" : ",");
                    text.Write(HeaderText.Bytes(Trimmed(values[i] ?? "")));
                }
            }

            Write(text, "\n");
        }

        Write(text, "\n", signature.SignedHeaders, "\n", PayloadHash(request, signature));
    }

    public static void Write(ArrayBufferWriter<byte> text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            Write(text, part.AsSpan());
        }
    }

    public static void Write(ArrayBufferWriter<byte> text, ReadOnlySpan<char> part) =>
        text.Advance(Encoding.UTF8.GetBytes(part, text.GetSpan(Encoding.UTF8.GetMaxByteCount(part.Length))));

    public static void WriteHex(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, text.GetSpan(bytes.Length * 2), out var written);
        text.Advance(written);
    }

    private static string PayloadHash(WireRequest request, SigV4 signature)
    {
        if (signature.InQuery && signature.Service == "s3")
        {
            return Query(request, "X-Amz-Content-Sha256") is { Length: > 0 } inQuery ? inQuery : Unsigned;
        }

        var stated = request.Header("X-Amz-Content-Sha256");
        return stated.Length > 0 && signature.Service == "s3" ? stated
            : stated == Unsigned ? stated
            : Hash(request.Sent.Span);
    }

    /// <summary>Every service but S3 signs the path as it is sent, encoded once more.</summary>
    private static string EncodeTwice(string path) => Encode(path, keepSlash: true);

    private static string Encode(string text, bool keepSlash = false)
    {
        var encoded = Uri.EscapeDataString(text);
        return keepSlash ? encoded.Replace("%2F", "/", StringComparison.Ordinal) : encoded;
    }

    /// <summary>Without spaces around it, and with one where there are several.</summary>
    private static string Trimmed(string value) =>
        value.Length == 0 || (value[0] != ' ' && value[^1] != ' ' && !value.Contains("  ", StringComparison.Ordinal))
            ? value
            : string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static string Query(WireRequest request, string name) => request.Query().FirstOrDefault(pair => pair.Key == name).Value ?? "";

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

using System.Net;

namespace Disa.Emulator.Http;

/// <summary>Bucket and key of a request: the bucket in the host name (virtual-host style) or first in the path.</summary>
internal static class S3Place
{
    public static (string? Bucket, string? Key) Of(string host, string path)
    {
        var decoded = Uri.UnescapeDataString(path.Length > 0 && path[0] == '/' ? path[1..] : path);
        if (BucketOf(host) is { } virtualHost)
        {
            return (virtualHost, decoded.Length == 0 ? null : decoded);
        }

        var slash = decoded.IndexOf('/', StringComparison.Ordinal);
        return decoded.Length == 0 ? (null, null)
            : slash < 0 || slash == decoded.Length - 1 ? (decoded.TrimEnd('/'), null)
            : (decoded[..slash], decoded[(slash + 1)..]);
    }

    /// <summary><c>bucket.localhost</c>, <c>bucket.s3.localhost</c>, <c>bucket.s3.amazonaws.com</c>, <c>bucket.s3.eu-west-1.amazonaws.com</c>.</summary>
    public static string? BucketOf(string host)
    {
        var colon = host.LastIndexOf(':');
        var name = colon > 0 && !host.EndsWith(']') ? host[..colon] : host;
        if (IPAddress.TryParse(name.Trim('[', ']'), out _))
        {
            return null;
        }

        var rest =
            name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? name[..^".localhost".Length]
            : name.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase) ? name[..^".amazonaws.com".Length]
            : name.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase) ? name[..^".amazonaws.com.cn".Length]
            : null;
        if (
            rest is null
            || rest == "s3"
            || rest.StartsWith("s3.", StringComparison.Ordinal)
            || (rest.StartsWith("s3-", StringComparison.Ordinal) && !name.EndsWith("localhost", StringComparison.Ordinal))
        )
        {
            return null;
        }

        var s3 = rest.LastIndexOf(".s3", StringComparison.Ordinal);
        return s3 > 0 && (s3 + 3 == rest.Length || rest[s3 + 3] is '.' or '-') ? rest[..s3] : rest;
    }
}

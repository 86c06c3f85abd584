using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Disa.Emulator.S3;

/// <summary>URLs of objects, in every form that S3 has had, and the emulator's own.</summary>
public static partial class S3Url
{
    /// <param name="emulatorEndpoint">Where the emulator listens: <c>http://127.0.0.1:4566/bucket/key</c> is its path style.</param>
    public static bool TryParse(string url, Uri emulatorEndpoint, [NotNullWhen(true)] out string? bucket, [NotNullWhen(true)] out string? key, out string? versionId)
    {
        bucket = key = versionId = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return false;
        }

        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/');
        versionId = uri.Query.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith("versionId=", StringComparison.Ordinal))?["versionId=".Length..];
        if (uri.Scheme == "s3")
        {
            (bucket, key) = (uri.Host, path);
        }
        else if (uri.Scheme is "http" or "https")
        {
            var own = uri.Port == emulatorEndpoint.Port;
            var host = VirtualHost().Match(uri.Host) is { Success: true } aws ? aws : own ? OwnVirtualHost().Match(uri.Host) : Match.Empty;
            if (host.Success)
            {
                (bucket, key) = (host.Groups["bucket"].Value, path);
            }
            else if (PathStyle().IsMatch(uri.Host) || (own && (uri.Host == emulatorEndpoint.Host || uri.Host is "127.0.0.1" or "localhost" or "[::1]" or "s3.localhost")))
            {
                var slash = path.IndexOf('/', StringComparison.Ordinal);
                (bucket, key) = slash > 0 ? (path[..slash], path[(slash + 1)..]) : (null, null);
            }
        }

        if (string.IsNullOrEmpty(bucket) || string.IsNullOrEmpty(key))
        {
            bucket = key = versionId = null;
            return false;
        }

        return true;
    }

    [GeneratedRegex(@"^s3([.-](dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$")]
    private static partial Regex PathStyle();

    [GeneratedRegex(@"^(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3([.-](dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$")]
    private static partial Regex VirtualHost();

    [GeneratedRegex(@"^(?!s3\.localhost$)(?<bucket>[a-z0-9][a-z0-9.-]*?)(\.s3)?\.localhost$")]
    private static partial Regex OwnVirtualHost();
}

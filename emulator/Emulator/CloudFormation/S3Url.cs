using System.Text.RegularExpressions;

namespace Disa.Emulator.CloudFormation;

/// <summary>An object named by a URL, in every form that S3 has had.</summary>
internal sealed partial record S3Url(string Bucket, string Key, string? VersionId)
{
    /// <summary>Null where the URL is none of S3's, nor the emulator's own.</summary>
    /// <param name="endpoint">Where the emulator listens: <c>http://127.0.0.1:4566/bucket/key</c> is its path style.</param>
    public static S3Url? TryParse(string text, Uri endpoint)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            return null;
        }

        var host = uri.Host;
        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/');
        var version = uri
            .Query.TrimStart('?')
            .Split('&')
            .FirstOrDefault(p => p.StartsWith("versionId=", StringComparison.Ordinal))
            ?["versionId=".Length..];
        var isOwn = uri.Port == endpoint.Port && (host == endpoint.Host || host is "127.0.0.1" or "localhost" or "[::1]" or "s3.localhost");
        if (isOwn || PathStyle().IsMatch(host))
        {
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 && slash < path.Length - 1 ? new S3Url(path[..slash], path[(slash + 1)..], version) : null;
        }

        var match = VirtualHost().Match(host);
        if (!match.Success && uri.Port == endpoint.Port)
        {
            match = OwnVirtualHost().Match(host);
        }

        return match.Success && path.Length > 0 ? new S3Url(match.Groups["bucket"].Value, path, version) : null;
    }

    [GeneratedRegex(@"^s3([.-](dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(\.cn)?\z")]
    private static partial Regex PathStyle();

    [GeneratedRegex(@"^(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3([.-](dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(\.cn)?\z")]
    private static partial Regex VirtualHost();

    [GeneratedRegex(@"^(?<bucket>[a-z0-9][a-z0-9.-]{1,61}?[a-z0-9]?)(\.s3)?\.localhost\z")]
    private static partial Regex OwnVirtualHost();
}

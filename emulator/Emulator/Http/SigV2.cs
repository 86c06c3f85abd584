using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Http;

/// <summary>
/// Signature Version 2 of S3 in a query string, as boto3 and the AWS CLI still presign by default: it names neither Region nor service.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html</remarks>
internal static class SigV2
{
    /// <summary>Its parameters in the query string.</summary>
    public static readonly string[] QueryParameters = ["AWSAccessKeyId", "Signature", "Expires"];

    /// <summary>Sub-resources and overrides that are signed with the path.</summary>
    private static readonly HashSet<string> Signed = new(StringComparer.Ordinal)
    {
        "accelerate",
        "acl",
        "analytics",
        "cors",
        "defaultObjectAcl",
        "delete",
        "encryption",
        "inventory",
        "lifecycle",
        "location",
        "logging",
        "metrics",
        "notification",
        "object-lock",
        "ownershipControls",
        "partNumber",
        "policy",
        "policyStatus",
        "publicAccessBlock",
        "replication",
        "requestPayment",
        "restore",
        "select",
        "select-type",
        "tagging",
        "torrent",
        "uploadId",
        "uploads",
        "versionId",
        "versioning",
        "versions",
        "website",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
    };

    /// <summary>Null where the query holds none, or the Version 2 of the Query services, which S3 never had.</summary>
    public static SigV4? Parse(IReadOnlyDictionary<string, string> query) =>
        query.TryGetValue("AWSAccessKeyId", out var key)
        && query.TryGetValue("Signature", out var signature)
        && !query.ContainsKey("SignatureVersion")
            ? new(key, "", SigV4.NoRegion, "s3", "", signature, query.GetValueOrDefault("x-amz-security-token"), InQuery: true)
            {
                IsV2 = true,
            }
            : null;

    /// <summary>When it ends, in seconds since 1970.</summary>
    /// <exception cref="AwsException">AccessDenied.</exception>
    public static DateTimeOffset Expires(WireRequest request) =>
        long.TryParse(
            request.Query().FirstOrDefault(pair => pair.Key == "Expires").Value,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
            : throw new AwsException(
                "AccessDenied",
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
                403
            );

    /// <summary>The signature that the secret gives.</summary>
    public static string Signature(WireRequest request, string secret)
    {
        var headers = request
            .Headers.Select(header => (Name: header.Key.ToLowerInvariant(), Value: header.Value.ToString()))
            .Concat(request.Query().Select(pair => (Name: pair.Key.ToLowerInvariant(), pair.Value)))
            .Where(pair => pair.Name.StartsWith("x-amz-", StringComparison.Ordinal))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal);
        var text =
            $"{request.Method}\n{request.Header("Content-MD5")}\n{request.Header("Content-Type")}\n{request.Query().First(pair => pair.Key == "Expires").Value}\n"
            + string.Concat(headers.Select(pair => $"{pair.Name}:{pair.Value.Trim()}\n"))
            + Resource(request);
        return Convert.ToBase64String(Hash(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Of a form: of its policy alone.</summary>
    public static string Signature(string policy, string secret) =>
        Convert.ToBase64String(Hash(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(policy)));

    private static string Resource(WireRequest request)
    {
        var bucket = S3Place.BucketOf(request.Host);
        var query = request
            .Query()
            .Where(pair => Signed.Contains(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value.Length == 0 ? pair.Key : $"{pair.Key}={pair.Value}")
            .ToList();
        return (bucket is null ? "" : "/" + bucket) + request.Path + (query.Count == 0 ? "" : "?" + string.Join('&', query));
    }

    // Version 2 is HMAC-SHA1, whatever is better: the emulator checks what its clients sign.
#pragma warning disable CA5350
    private static byte[] Hash(byte[] key, byte[] text) => HMACSHA1.HashData(key, text);
#pragma warning restore CA5350
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Http;

/// <summary>What a request's Signature Version 4 says of itself: who signed, for which service and Region.</summary>
/// <param name="AccessKeyId">The key that signed.</param>
/// <param name="Region">The Region of the credential scope.</param>
/// <param name="Service">The service of the credential scope.</param>
internal sealed record SigV4(
    string AccessKeyId,
    string Date,
    string Region,
    string Service,
    string SignedHeaders,
    string Signature,
    string? SessionToken,
    bool InQuery
)
{
    /// <summary>The Region of a signature that names none.</summary>
    public const string NoRegion = "aws-global";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>True for Signature Version 2, which only S3's presigned URLs have.</summary>
    public bool IsV2 { get; init; }

    /// <summary>Of a browser's form: what alone is signed.</summary>
    public string? Policy { get; init; }

    /// <summary>The parameters of a signature in the query string (a presigned URL).</summary>
    public static readonly string[] QueryParameters =
    [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
    ];

    /// <summary>Null where the request is not signed.</summary>
    /// <exception cref="AwsException">IncompleteSignature: there is a signature, and it cannot be read.</exception>
    public static SigV4? Parse(WireRequest request)
    {
        var header = request.Header("Authorization");
        if (header.Length > 0)
        {
            if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            {
                throw Incomplete($"'{header.Split(' ')[0]}' is not a signing algorithm that is done here; {Algorithm} is.");
            }

            string? credential = null,
                signedHeaders = null,
                signature = null;
            foreach (var range in header.AsSpan(Algorithm.Length + 1).Split(','))
            {
                var part = header.AsSpan(Algorithm.Length + 1)[range].Trim();
                var equals = part.IndexOf('=');
                var value = equals < 0 ? null : part[(equals + 1)..].ToString();
                switch (equals < 0 ? default : part[..equals])
                {
                    case "Credential":
                        credential = value;
                        break;
                    case "SignedHeaders":
                        signedHeaders = value;
                        break;
                    case "Signature":
                        signature = value;
                        break;
                }
            }

            var token = request.Header("X-Amz-Security-Token");
            return Of(credential, signedHeaders, signature, token.Length > 0 ? token : null, inQuery: false);
        }

        var isV4 = request.QueryString.Contains("X-Amz-Credential=", StringComparison.Ordinal);
        if (!isV4 && !request.QueryString.Contains("AWSAccessKeyId=", StringComparison.Ordinal))
        {
            return null;
        }

        var query = request
            .Query()
            .GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.First().Value, StringComparer.Ordinal);
        return !isV4
            ? SigV2.Parse(query)
            : Of(
                query.GetValueOrDefault("X-Amz-Credential"),
                query.GetValueOrDefault("X-Amz-SignedHeaders"),
                query.GetValueOrDefault("X-Amz-Signature"),
                query.GetValueOrDefault("X-Amz-Security-Token"),
                inQuery: true
            );
    }

    /// <summary>
    /// That of a browser's form, for the operation that takes forms and no other: what it is for is in the policy alone. Null where a field is
    /// missing, which S3 says by its name.
    /// </summary>
    public static SigV4? OfForm(WireRequest request)
    {
        if (!MultipartForm.Is(request) || MultipartForm.Parse(request) is not { } form || form["policy"] is not { } policy)
        {
            return null;
        }

        var token = form["x-amz-security-token"];
        if (form["x-amz-signature"] is { } signature)
        {
            return form["x-amz-credential"]?.Split('/') is [var key, var date, var region, var service, "aws4_request"]
                ? new(key, date, region, service, "", signature, token, InQuery: false) { Policy = policy }
                : null;
        }

        return form["AWSAccessKeyId"] is { } old && form["signature"] is { } first
            ? new(old, "", NoRegion, "s3", "", first, token, InQuery: false) { IsV2 = true, Policy = policy }
            : null;
    }

    private static SigV4 Of(string? credential, string? signedHeaders, string? signature, string? token, bool inQuery)
    {
        if (
            credential?.Split('/') is not [var key, var date, var region, var service, "aws4_request"]
            || signedHeaders is null
            || signature is null
        )
        {
            throw Incomplete("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
        }

        return new(key, date, region, service, signedHeaders, signature, token, inQuery);
    }

    private static AwsException Incomplete(string message) => new("IncompleteSignature", message, 403);
}

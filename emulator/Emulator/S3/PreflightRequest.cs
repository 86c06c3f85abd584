using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Tells a browser whether a page of another origin may ask: <c>OPTIONS</c>, by the bucket's CORS rules.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html; answers and errors as recorded on AWS in localstack's
/// tests/aws/services/s3/test_s3_cors.snapshot.json.
/// </remarks>
internal static class PreflightRequest
{
    /// <summary>As CloudTrail and access logs call it.</summary>
    public const string Name = "PreflightRequest";

    private const string NotAllowed =
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

    public static Task<RestAnswer> Run(S3Request request)
    {
        if (request.Header("Origin") is not { Length: > 0 } origin)
        {
            throw new AwsException("BadRequest", "Insufficient information. Origin request header needed.");
        }

        var method = request.Header("Access-Control-Request-Method");
        if (request.Buckets.Get(request.Call.Bucket!) is not { } bucket)
        {
            throw Forbidden("CORSResponse: Bucket not found", method, "BUCKET");
        }

        if (BucketSettings.Cors.Of(bucket) is not { } document)
        {
            throw Forbidden("CORSResponse: CORS is not enabled for this bucket.", method, "BUCKET");
        }

        var headers = (request.Header("Access-Control-Request-Headers") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(header => header.ToLowerInvariant())
            .ToList();
        if (method is null)
        {
            throw new AwsException("BadRequest", "Invalid Access-Control-Request-Method: null");
        }

        foreach (var rule in document.Children("CORSRule"))
        {
            if (
                rule.Children("AllowedOrigin").Select(allowed => allowed.Value).FirstOrDefault(allowed => Matches(allowed, origin))
                    is { } allowed
                && rule.Children("AllowedMethod").Any(each => each.Value == method)
                && headers.TrueForAll(header => rule.Children("AllowedHeader").Any(each => Matches(each.Value.ToLowerInvariant(), header)))
            )
            {
                return S3Xml.Empty(200, [.. Headers(rule, allowed, origin, headers)]);
            }
        }

        throw Forbidden(NotAllowed, method, request.Call.Key is null ? "BUCKET" : "OBJECT");
    }

    private static IEnumerable<(string Name, string Value)> Headers(XElement rule, string allowed, string origin, List<string> headers)
    {
        yield return ("Access-Control-Allow-Origin", allowed == "*" ? "*" : origin);
        if (allowed != "*")
        {
            yield return ("Access-Control-Allow-Credentials", "true");
        }

        yield return ("Access-Control-Allow-Methods", Joined(rule.Children("AllowedMethod").Select(each => each.Value)));
        if (headers.Count > 0)
        {
            yield return ("Access-Control-Allow-Headers", Joined(headers));
        }

        if (rule.Children("ExposeHeader").Any())
        {
            yield return ("Access-Control-Expose-Headers", Joined(rule.Children("ExposeHeader").Select(each => each.Value)));
        }

        if (rule.Text("MaxAgeSeconds") is { } seconds)
        {
            yield return ("Access-Control-Max-Age", seconds);
        }

        yield return ("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    }

    private static string Joined(IEnumerable<string> values) => string.Join(", ", values);

    /// <summary>A pattern may hold one star, which stands for any text.</summary>
    private static bool Matches(string pattern, string text)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? pattern == text
            : text.Length >= pattern.Length - 1
                && text.StartsWith(pattern[..star], StringComparison.Ordinal)
                && text.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal);
    }

    private static AwsException Forbidden(string message, string? method, string resource) =>
        S3Errors.With("AccessForbidden", message, 403, ("Method", method ?? "OPTIONS"), ("ResourceType", resource));
}

using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>PutBucketPolicy, GetBucketPolicy and DeleteBucketPolicy: kept and checked, not yet enforced.</summary>
internal static class BucketPolicies
{
    private const int Most = 20 * 1024;

    public static async Task<RestAnswer> Put(S3Request request)
    {
        var bucket = request.Bucket;
        var policy = Checked(bucket, Encoding.UTF8.GetString(request.Call.Body.Span));
        await request.Buckets.Change(bucket, current => current with { Policy = policy }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    /// <exception cref="AwsException">MalformedPolicy; AccessDenied for a public policy where public access is blocked.</exception>
    public static string Checked(Bucket bucket, string policy)
    {
        PolicyDocument document;
        try
        {
            document = PolicyDocument.Parse(policy, PolicyKind.Resource);
        }
        catch (PolicyException failure)
        {
            throw Malformed(
                failure.Message.Contains("invalid Json", StringComparison.Ordinal)
                    ? "Policies must be valid JSON and the first byte must be '{'"
                : policy.Contains("\"Statement\"", StringComparison.Ordinal) ? failure.Message
                : "Missing required field Statement"
            );
        }

        if (policy.Length > Most)
        {
            throw Malformed("Policy exceeds the maximum allowed document size.");
        }

        foreach (var resource in document.Statements.SelectMany(statement => statement.Resources))
        {
            if (
                resource != bucket.Arn
                && !resource.StartsWith(bucket.Arn + "/", StringComparison.Ordinal)
                && !(resource.Contains('*', StringComparison.Ordinal) && Wildcard.Matches(resource, bucket.Arn))
            )
            {
                throw Malformed("Policy has invalid resource");
            }
        }

        if (
            document
                .Statements.SelectMany(statement => statement.Actions)
                .Any(action => action != "*" && !action.StartsWith("s3:", StringComparison.OrdinalIgnoreCase))
        )
        {
            throw Malformed("Policy has invalid action");
        }

        return bucket.PublicAccessBlock?.BlockPublicPolicy == true && IsPublic(document)
            ? throw new AwsException(
                "AccessDenied",
                "User is not authorized to perform: s3:PutBucketPolicy on resource: \""
                    + bucket.Arn
                    + "\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
                403
            )
            : policy;
    }

    public static Task<RestAnswer> Get(S3Request request)
    {
        var bucket = request.Bucket;
        return Task.FromResult(
            new RestAnswer { ContentType = "application/json", Payload = Encoding.UTF8.GetBytes(bucket.Policy ?? throw Missing(bucket)) }
        );
    }

    public static Task<RestAnswer> Status(S3Request request)
    {
        var bucket = request.Bucket;
        var policy = bucket.Policy ?? throw Missing(bucket);
        return S3Xml.Answer(
            S3Xml.Element("PolicyStatus", S3Xml.Element("IsPublic", IsPublic(PolicyDocument.Parse(policy, PolicyKind.Resource))))
        );
    }

    private static AwsException Missing(Bucket bucket) =>
        S3Errors.With("NoSuchBucketPolicy", "The bucket policy does not exist", 404, ("BucketName", bucket.Name));

    public static async Task<RestAnswer> Delete(S3Request request)
    {
        await request.Buckets.Change(request.Bucket, bucket => bucket with { Policy = null }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    /// <summary>Allows everybody, without a condition that narrows it.</summary>
    private static bool IsPublic(PolicyDocument document) =>
        document.Statements.Any(statement =>
            statement.Allow
            && statement.Conditions.Count == 0
            && statement.Principals.Any(principal => principal is { Kind: "*" or "AWS", Value: "*" })
        );

    private static AwsException Malformed(string message) => new("MalformedPolicy", message);
}

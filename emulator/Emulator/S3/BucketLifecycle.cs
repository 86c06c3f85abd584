using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>PutBucketLifecycleConfiguration, Get and Delete: expiry, of noncurrent versions too, and of unfinished uploads. Transitions are refused.</summary>
internal static class BucketLifecycle
{
    public static async Task<RestAnswer> Put(S3Request request)
    {
        var rules = request.Xml("LifecycleConfiguration").Only("Rule").Children("Rule").Select(Read).ToList();
        await request.Buckets.Change(request.Bucket, bucket => bucket with { Lifecycle = Checked(rules) }).ConfigureAwait(false);
        return new RestAnswer();
    }

    public static IReadOnlyList<LifecycleRule> Checked(IReadOnlyList<LifecycleRule> rules)
    {
        if (rules.Count is 0 or > 1000)
        {
            throw S3Errors.Malformed();
        }

        if (rules.Select(rule => rule.Id).Distinct(StringComparer.Ordinal).Count() != rules.Count)
        {
            throw S3Errors.Argument("Rule ID must be unique. Found same ID for more than one rule");
        }

        foreach (var rule in rules)
        {
            if (rule is { ExpirationDays: null, ExpiredObjectDeleteMarker: false, NoncurrentDays: null, AbortDays: null })
            {
                throw new AwsException("InvalidRequest", "At least one action needs to be specified in a rule.");
            }

            if (rule.ExpirationDays < 1 || rule.NoncurrentDays < 1 || rule.AbortDays < 1)
            {
                throw S3Errors.Argument("'Days' for Expiration action must be a positive integer");
            }
        }

        return rules;
    }

    public static Task<RestAnswer> Get(S3Request request)
    {
        var bucket = request.Bucket;
        var root = S3Xml.Element("LifecycleConfiguration");
        foreach (
            var rule in bucket.Lifecycle
                ?? throw S3Errors.With(
                    "NoSuchLifecycleConfiguration",
                    "The lifecycle configuration does not exist",
                    404,
                    ("BucketName", bucket.Name)
                )
        )
        {
            root.Add(
                S3Xml.Element(
                    "Rule",
                    S3Xml.Element("ID", rule.Id),
                    S3Xml.Element("Filter", S3Xml.Element("Prefix", rule.Prefix)),
                    S3Xml.Element("Status", rule.Enabled ? "Enabled" : "Disabled"),
                    rule.ExpirationDays is { } days ? S3Xml.Element("Expiration", S3Xml.Element("Days", days))
                        : rule.ExpiredObjectDeleteMarker ? S3Xml.Element("Expiration", S3Xml.Element("ExpiredObjectDeleteMarker", true))
                        : null,
                    rule.NoncurrentDays is { } noncurrent
                        ? S3Xml.Element(
                            "NoncurrentVersionExpiration",
                            S3Xml.Element("NoncurrentDays", noncurrent),
                            S3Xml.Optional("NewerNoncurrentVersions", rule.NewerNoncurrentVersions)
                        )
                        : null,
                    rule.AbortDays is { } abort
                        ? S3Xml.Element("AbortIncompleteMultipartUpload", S3Xml.Element("DaysAfterInitiation", abort))
                        : null
                )
            );
        }

        return S3Xml.Answer(root);
    }

    public static async Task<RestAnswer> Delete(S3Request request)
    {
        await request.Buckets.Change(request.Bucket, bucket => bucket with { Lifecycle = null }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    private static LifecycleRule Read(XElement rule)
    {
        rule.Only("ID", "Status", "Prefix", "Filter", "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload");
        var expiration = rule.Child("Expiration")?.Only("Days", "ExpiredObjectDeleteMarker");
        var noncurrent = rule.Child("NoncurrentVersionExpiration")?.Only("NoncurrentDays", "NewerNoncurrentVersions");
        return new(
            rule.Text("ID") ?? Guid.NewGuid().ToString(),
            rule.Text("Status") switch
            {
                "Enabled" => true,
                "Disabled" => false,
                _ => throw S3Errors.Malformed(),
            },
            rule.Child("Filter")?.Only("Prefix").Text("Prefix") ?? rule.Text("Prefix") ?? "",
            expiration?.Whole("Days"),
            expiration?.Flag("ExpiredObjectDeleteMarker") == true,
            noncurrent?.Whole("NoncurrentDays"),
            noncurrent?.Whole("NewerNoncurrentVersions"),
            rule.Child("AbortIncompleteMultipartUpload")?.Only("DaysAfterInitiation").Whole("DaysAfterInitiation")
        );
    }
}

using System.Xml.Linq;
using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

internal sealed record CorsProperties(IReadOnlyList<CorsRuleProperties>? CorsRules);

internal sealed record CorsRuleProperties(
    string? Id,
    IReadOnlyList<string>? AllowedHeaders,
    IReadOnlyList<string>? AllowedMethods,
    IReadOnlyList<string>? AllowedOrigins,
    IReadOnlyList<string>? ExposedHeaders,
    int? MaxAge
);

internal sealed record WebsiteProperties(
    string? IndexDocument,
    string? ErrorDocument,
    RedirectAllProperties? RedirectAllRequestsTo,
    IReadOnlyList<RoutingRuleProperties>? RoutingRules
);

internal sealed record RedirectAllProperties(string? HostName, string? Protocol);

internal sealed record RoutingRuleProperties(RoutingConditionProperties? RoutingRuleCondition, RedirectRuleProperties? RedirectRule);

internal sealed record RoutingConditionProperties(string? HttpErrorCodeReturnedEquals, string? KeyPrefixEquals);

internal sealed record RedirectRuleProperties(
    string? HostName,
    string? HttpRedirectCode,
    string? Protocol,
    string? ReplaceKeyPrefixWith,
    string? ReplaceKeyWith
);

internal sealed record AccelerationProperties(string? AccelerationStatus);

internal sealed record LockProperties(string? ObjectLockEnabled, LockRuleProperties? Rule);

internal sealed record LockRuleProperties(DefaultRetentionProperties? DefaultRetention);

internal sealed record DefaultRetentionProperties(string? Mode, int? Days, int? Years);

/// <summary>What a template says of a bucket's documents, as the documents that the operations keep.</summary>
internal static class TemplateDocuments
{
    /// <exception cref="AwsException">A document does not have the form that S3 asks for.</exception>
    public static Bucket Shape(Bucket bucket, BucketProperties wanted)
    {
        if (wanted.ObjectLockConfiguration is not null && !bucket.ObjectLock)
        {
            throw new AwsException("InvalidBucketState", "Object Lock configuration cannot be enabled on existing buckets", 409);
        }

        return bucket
            .With("cors", wanted.CorsConfiguration is { } cors ? BucketSettings.Cors.Checked(Cors(cors)) : null)
            .With("website", wanted.WebsiteConfiguration is { } website ? BucketSettings.Website.Checked(Website(website)) : null)
            .With(
                "accelerate",
                wanted.AccelerateConfiguration is { } speed
                    ? BucketSettings.Acceleration.Checked(
                        S3Xml.Element("AccelerateConfiguration", S3Xml.Optional("Status", speed.AccelerationStatus))
                    )
                    : null
            )
            .With("object-lock", wanted.ObjectLockConfiguration is { } locks ? ObjectLocks.Checked(Lock(locks)) : null);
    }

    /// <summary>A template's name of a canned list, as requests name it.</summary>
    public static string? Canned(string? name) =>
        name switch
        {
            null => null,
            "Private" => "private",
            "PublicRead" => "public-read",
            "PublicReadWrite" => "public-read-write",
            "AuthenticatedRead" => "authenticated-read",
            "LogDeliveryWrite" => "log-delivery-write",
            "BucketOwnerRead" => "bucket-owner-read",
            "BucketOwnerFullControl" => "bucket-owner-full-control",
            _ => throw AwsException.NotImplemented($"AccessControl {name} of AWS::S3::Bucket"),
        };

    private static XElement Cors(CorsProperties cors)
    {
        var root = S3Xml.Element("CORSConfiguration");
        foreach (var rule in cors.CorsRules ?? [])
        {
            root.Add(
                S3Xml.Element(
                    "CORSRule",
                    S3Xml.Optional("ID", rule.Id),
                    All("AllowedHeader", rule.AllowedHeaders),
                    All("AllowedMethod", rule.AllowedMethods),
                    All("AllowedOrigin", rule.AllowedOrigins),
                    All("ExposeHeader", rule.ExposedHeaders),
                    S3Xml.Optional("MaxAgeSeconds", rule.MaxAge)
                )
            );
        }

        return root;
    }

    private static XElement Website(WebsiteProperties website)
    {
        var rules = (website.RoutingRules ?? []).Select(rule =>
            S3Xml.Element(
                "RoutingRule",
                rule.RoutingRuleCondition is { } condition
                    ? S3Xml.Element(
                        "Condition",
                        S3Xml.Optional("HttpErrorCodeReturnedEquals", condition.HttpErrorCodeReturnedEquals),
                        S3Xml.Optional("KeyPrefixEquals", condition.KeyPrefixEquals)
                    )
                    : null,
                rule.RedirectRule is { } redirect
                    ? S3Xml.Element(
                        "Redirect",
                        S3Xml.Optional("HostName", redirect.HostName),
                        S3Xml.Optional("HttpRedirectCode", redirect.HttpRedirectCode),
                        S3Xml.Optional("Protocol", redirect.Protocol),
                        S3Xml.Optional("ReplaceKeyPrefixWith", redirect.ReplaceKeyPrefixWith),
                        S3Xml.Optional("ReplaceKeyWith", redirect.ReplaceKeyWith)
                    )
                    : null
            )
        );
        return S3Xml.Element(
            "WebsiteConfiguration",
            website.IndexDocument is { } index ? S3Xml.Element("IndexDocument", S3Xml.Element("Suffix", index)) : null,
            website.ErrorDocument is { } error ? S3Xml.Element("ErrorDocument", S3Xml.Element("Key", error)) : null,
            website.RedirectAllRequestsTo is { } all
                ? S3Xml.Element("RedirectAllRequestsTo", S3Xml.Optional("HostName", all.HostName), S3Xml.Optional("Protocol", all.Protocol))
                : null,
            website.RoutingRules is { Count: > 0 } ? S3Xml.Element("RoutingRules", rules.ToList()) : null
        );
    }

    private static XElement Lock(LockProperties locks) =>
        S3Xml.Element(
            "ObjectLockConfiguration",
            S3Xml.Optional("ObjectLockEnabled", locks.ObjectLockEnabled),
            locks.Rule?.DefaultRetention is { } retention
                ? S3Xml.Element(
                    "Rule",
                    S3Xml.Element(
                        "DefaultRetention",
                        S3Xml.Optional("Mode", retention.Mode),
                        S3Xml.Optional("Days", retention.Days),
                        S3Xml.Optional("Years", retention.Years)
                    )
                )
                : null
        );

    private static List<XElement> All(string name, IReadOnlyList<string>? values) =>
        [.. (values ?? []).Select(value => S3Xml.Element(name, value))];
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The account's buckets, of all Regions.</summary>
internal static class ListBuckets
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var max = request.Number("max-buckets", 10000, 10000);
        var list = request.Buckets.Lists.Of("ListBuckets", Scope.Global(request.Caller.Account));
        var after = list.After(request.Query("continuation-token"));
        if (request.Query("bucket-region") is { Length: > 0 } asked && !CreateBucket.IsRegion(asked))
        {
            throw S3Errors.With(
                "InvalidArgument",
                $"Argument value {asked} is not a valid AWS Region",
                400,
                ("ArgumentName", "bucket-region")
            );
        }

        var page = request
            .Buckets.Of(request.Caller.Account)
            .Where(bucket =>
                bucket.Name.StartsWith(request.Query("prefix") ?? "", StringComparison.Ordinal)
                && (after is null || string.CompareOrdinal(bucket.Name, after) > 0)
            )
            .Where(bucket => request.Query("bucket-region") is not { } region || region == bucket.Region)
            .Take(max + 1)
            .ToList();
        var buckets = S3Xml.Element("Buckets");
        foreach (var bucket in page.Take(max))
        {
            buckets.Add(
                S3Xml.Element(
                    "Bucket",
                    S3Xml.Element("Name", bucket.Name),
                    S3Xml.Element("CreationDate", S3Xml.Time(bucket.CreationDate)),
                    S3Xml.Element("BucketRegion", bucket.Region)
                )
            );
        }

        return S3Xml.Answer(
            S3Xml.Element(
                "ListAllMyBucketsResult",
                S3Xml.Owner(request.Caller.Account, request.Region),
                buckets,
                page.Count > max && max > 0 ? S3Xml.Element("ContinuationToken", list.Token(page[max - 1].Name)) : null
            )
        );
    }
}

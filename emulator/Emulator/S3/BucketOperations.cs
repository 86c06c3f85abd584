using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>ListBuckets, HeadBucket, DeleteBucket, GetBucketLocation and GetBucketAcl.</summary>
internal static class BucketOperations
{
    public static Task<RestAnswer> List(S3Request request)
    {
        var max = request.Number("max-buckets", 10000, 10000);
        var after = request.Query("continuation-token");
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
        var list = S3Xml.Element("Buckets");
        foreach (var bucket in page.Take(max))
        {
            list.Add(
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
                S3Xml.Element("Owner", S3Xml.Element("ID", S3Xml.OwnerId(request.Caller.Account))),
                list,
                page.Count > max && max > 0 ? S3Xml.Element("ContinuationToken", page[max - 1].Name) : null
            )
        );
    }

    public static Task<RestAnswer> Head(S3Request request)
    {
        var bucket = request.Buckets.Find(request.Call.Bucket!, request.Caller);
        request.CheckOwner(bucket, "x-amz-expected-bucket-owner", "expected bucket owner");
        return Task.FromResult(
            new RestAnswer
            {
                Status = bucket.Region == request.Region ? 200 : 301,
                ContentType = S3Xml.MediaType,
                Headers = [("x-amz-bucket-region", bucket.Region), ("x-amz-access-point-alias", "false"), ("x-amz-bucket-arn", bucket.Arn)],
            }
        );
    }

    public static async Task<RestAnswer> Delete(S3Request request)
    {
        var bucket = request.Bucket;
        await request.Buckets.Database.Write(transaction => request.Buckets.Delete(transaction, bucket)).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    public static Task<RestAnswer> Location(S3Request request)
    {
        var bucket = request.Buckets.Find(request.Call.Bucket!, request.Caller);
        request.CheckOwner(bucket, "x-amz-expected-bucket-owner", "expected bucket owner");
        return S3Xml.Answer(
            S3Xml.Element("LocationConstraint", bucket.LocationConstraint ?? (bucket.Region == "us-east-1" ? null : bucket.Region))
        );
    }

    /// <summary>Everything is its owner's alone: no other ACL can be set here.</summary>
    public static Task<RestAnswer> Acl(S3Request request)
    {
        var bucket = request.Bucket;
        System.Xml.Linq.XNamespace xsi = "http://www.w3.org/2001/XMLSchema-instance";
        var grantee = S3Xml.Element("Grantee", S3Xml.Element("ID", S3Xml.OwnerId(bucket.Account)));
        grantee.SetAttributeValue(System.Xml.Linq.XNamespace.Xmlns + "xsi", xsi.NamespaceName);
        grantee.SetAttributeValue(xsi + "type", "CanonicalUser");
        return S3Xml.Answer(
            S3Xml.Element(
                "AccessControlPolicy",
                S3Xml.Owner(bucket),
                S3Xml.Element("AccessControlList", S3Xml.Element("Grant", grantee, S3Xml.Element("Permission", "FULL_CONTROL")))
            )
        );
    }
}

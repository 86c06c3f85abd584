using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The current objects of a bucket by key; a token says where to go on.</summary>
internal static class ListObjectsV2
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var token = request.Query("continuation-token");
        var list = request.Buckets.Lists.Of("ListObjectsV2", Scope.Global(request.Caller.Account), bucket.Name);
        var after = list.After(token) ?? request.Query("start-after");
        var page = ListObjects.Page(request, bucket, after);
        var root = S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", bucket.Name),
            S3Xml.Element("Prefix", page.Encode(request.Query("prefix") ?? "")),
            S3Xml.Optional("StartAfter", request.Query("start-after") is { } start ? page.Encode(start) : null),
            S3Xml.Optional("ContinuationToken", token),
            S3Xml.Optional("NextContinuationToken", page.Last is { } last ? list.Token(last) : null),
            S3Xml.Element("KeyCount", page.Objects.Count + page.Prefixes.Count)
        );
        ListObjects.Fill(root, request, bucket, page, request.Query("fetch-owner") == "true");
        return S3Xml.Answer(root, ("x-amz-bucket-region", bucket.Region));
    }
}

using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The Region of a bucket; us-east-1 is none.</summary>
internal static class GetBucketLocation
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Buckets.Find(request.Call.Bucket!, request.Caller);
        request.CheckOwner(bucket, "x-amz-expected-bucket-owner", "expected bucket owner");
        return S3Xml.Answer(
            S3Xml.Element("LocationConstraint", bucket.LocationConstraint ?? (bucket.Region == "us-east-1" ? null : bucket.Region))
        );
    }
}

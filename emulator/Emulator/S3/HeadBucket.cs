using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Whether there is such a bucket, and where.</summary>
internal static class HeadBucket
{
    public static Task<RestAnswer> Run(S3Request request)
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
}

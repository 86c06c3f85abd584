using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The object that a copy is of, read and decrypted.</summary>
internal sealed record CopySource(Bucket Bucket, ObjectVersion Version, ObjectMeta Meta, ReadOnlyMemory<byte> Body) : IDisposable
{
    public static readonly string[] Headers =
    [
        "x-amz-copy-source-if-match=CopySourceIfMatch",
        "x-amz-copy-source-if-none-match=CopySourceIfNoneMatch",
        "x-amz-copy-source-if-modified-since=CopySourceIfModifiedSince",
        "x-amz-copy-source-if-unmodified-since=CopySourceIfUnmodifiedSince",
        "x-amz-source-expected-bucket-owner=ExpectedSourceBucketOwner",
    ];

    public void Dispose() => LargeBuffer.Release(Body);

    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html</remarks>
    private static void CheckConditions(S3Request request, ObjectVersion version)
    {
        var modified = DateTimeOffset.FromUnixTimeSeconds(version.Modified.ToUnixTimeSeconds());
        if (request.Header("x-amz-copy-source-if-match") is { } match)
        {
            if (match.Trim('"') != version.ETag)
            {
                throw S3Errors.Precondition("x-amz-copy-source-If-Match");
            }
        }
        else if (GetObject.Time(request.Header("x-amz-copy-source-if-unmodified-since")) < modified)
        {
            throw S3Errors.Precondition("x-amz-copy-source-If-Unmodified-Since");
        }

        if (request.Header("x-amz-copy-source-if-none-match") is { } none)
        {
            if (none.Trim('"') == version.ETag)
            {
                throw S3Errors.Precondition("x-amz-copy-source-If-None-Match");
            }
        }
        else if (
            GetObject.Time(request.Header("x-amz-copy-source-if-modified-since")) is { } since
            && since >= modified
            && since <= request.Buckets.Clock.GetUtcNow()
        )
        {
            throw S3Errors.Precondition("x-amz-copy-source-If-Modified-Since");
        }
    }

    public static CopySource Read(S3Request request)
    {
        var text = request.Header("x-amz-copy-source") ?? "";
        var question = text.IndexOf("?versionId=", StringComparison.Ordinal);
        var versionId = question < 0 ? null : text[(question + "?versionId=".Length)..];
        var place = Uri.UnescapeDataString(question < 0 ? text : text[..question]).TrimStart('/');
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == place.Length - 1)
        {
            throw S3Errors.Argument("Invalid copy source object key", "x-amz-copy-source", "x-amz-copy-source");
        }

        var bucket = request.Buckets.Find(place[..slash], request.Caller);
        request.CheckOwner(bucket, "x-amz-source-expected-bucket-owner", "source expected bucket owner");
        return request.Buckets.Database.Read(transaction =>
        {
            var version = GetObject.Find(transaction, bucket, place[(slash + 1)..], versionId);
            CheckConditions(request, version);
            var meta = version.Meta;
            return new CopySource(
                bucket,
                version,
                meta,
                Bodies.Read(
                    transaction,
                    WrittenObject.OpenKey(request.Buckets, bucket, meta, request.Caller),
                    version.Body,
                    meta.Parts,
                    0,
                    version.Size,
                    isReleased: true
                )
            );
        });
    }
}

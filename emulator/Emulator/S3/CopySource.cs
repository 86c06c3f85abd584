using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>The object that a copy is of, read and decrypted.</summary>
internal sealed record CopySource(Bucket Bucket, ObjectVersion Version, ObjectMeta Meta, byte[] Body)
{
    public static readonly string[] Headers =
    [
        "x-amz-copy-source-if-match=CopySourceIfMatch", "x-amz-copy-source-if-none-match=CopySourceIfNoneMatch",
    ];

    public static CopySource Read(S3Request request)
    {
        var text = request.Header("x-amz-copy-source") ?? "";
        var question = text.IndexOf("?versionId=", StringComparison.Ordinal);
        var versionId = question < 0 ? null : text[(question + "?versionId=".Length)..];
        var place = Uri.UnescapeDataString(question < 0 ? text : text[..question]).TrimStart('/');
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == place.Length - 1)
        {
            throw S3Errors.Argument("Invalid copy source object key", "x-amz-copy-source", text);
        }

        var bucket = request.Buckets.Find(place[..slash], request.Caller);
        return request.Buckets.Database.Read(transaction =>
        {
            var version = GetObject.Find(transaction, bucket, place[(slash + 1)..], versionId);
            if ((request.Header("x-amz-copy-source-if-match") is { } match && match.Trim('"') != version.ETag)
                || (request.Header("x-amz-copy-source-if-none-match") is { } none && none.Trim('"') == version.ETag))
            {
                throw S3Errors.Precondition("x-amz-copy-source-If-Match");
            }

            var meta = version.Meta;
            return new CopySource(bucket, version, meta, Bodies.Read(transaction, WrittenObject.OpenKey(request.Buckets, bucket, meta, request.Caller), version.Body, meta.Parts, 0, version.Size));
        });
    }
}

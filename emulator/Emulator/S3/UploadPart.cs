using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Takes one part of an upload.</summary>
internal static class UploadPart
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var (upload, part, meta) = await Store(request, request.Call.Body, request.Brought).ConfigureAwait(false);
        var headers = WrittenObject.EncryptionHeaders(meta);
        headers.Add(("ETag", S3Xml.Quoted(part.ETag)));
        if (part.Checksum is not null)
        {
            headers.Add(("x-amz-checksum-" + (upload.Algorithm ?? Checksums.Default).ToLowerInvariant(), part.Checksum));
        }

        return new RestAnswer { Headers = headers };
    }

    /// <summary>Keeps a part, whatever it comes from.</summary>
    public static async Task<(Upload, UploadedPart, ObjectMeta)> Store(S3Request request, ReadOnlyMemory<byte> body, Checksum? brought)
    {
        var bucket = request.Bucket;
        if (
            !int.TryParse(request.Query("partNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > 10000
        )
        {
            throw S3Errors.Argument(
                "Part number must be an integer between 1 and 10000, inclusive",
                "partNumber",
                request.Query("partNumber") ?? ""
            );
        }

        var id = request.Query("uploadId")!;
        var upload = request.Buckets.Database.Read(transaction => Uploads.Find(transaction, bucket.Name, request.Key, id));
        if (upload.Algorithm is not null && brought is not null && brought.Algorithm != upload.Algorithm)
        {
            throw new AwsException(
                "InvalidRequest",
                $"Checksum Type mismatch occurred, expected checksum Type: {upload.Algorithm.ToLowerInvariant()}, actual checksum Type: {brought.Algorithm.ToLowerInvariant()}"
            );
        }

        var meta = upload.Meta;
        var algorithm = upload.Algorithm ?? Checksums.Default;
        var part = new UploadedPart(
            number,
            body.Length,
            WrittenObject.ETag(meta.Encryption, body.Span),
            brought?.Algorithm == algorithm ? brought.Value : Checksums.Of(algorithm, body),
            request.Buckets.Clock.GetUtcNow()
        );
        var chunks = Bodies.Encrypt(WrittenObject.OpenKey(request.Buckets, bucket, meta, request.Caller), body, number);
        await request
            .Buckets.Database.Write(transaction =>
            {
                Uploads.Find(transaction, bucket.Name, request.Key, id);
                Bodies.Write(transaction, upload.Body, number, chunks);
                Uploads.PutPart(transaction, upload, part);
            })
            .ConfigureAwait(false);
        return (upload, part, meta);
    }
}

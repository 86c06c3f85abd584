using System.Globalization;
using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>CreateMultipartUpload, UploadPart, UploadPartCopy and AbortMultipartUpload.</summary>
internal static class MultipartUpload
{
    public static async Task<RestAnswer> Create(S3Request request)
    {
        var bucket = request.Bucket;
        WrittenObject.CheckClass(request);
        PutObject.CheckKey(request.Key);
        var encryption = WrittenObject.Encryption(request, bucket);
        var algorithm = request.Header("x-amz-checksum-algorithm") is { } asked ? Checksums.Checked(asked) : null;
        var type = algorithm is null
            ? null
            : request.Header("x-amz-checksum-type") ?? (algorithm == Checksums.Default ? Checksum.Full : Checksum.Composite);
        if (
            (type == Checksum.Full && algorithm is "SHA1" or "SHA256" && type == Checksum.Full)
            || (type == Checksum.Composite && algorithm == Checksums.Default)
        )
        {
            throw new AwsException(
                "InvalidRequest",
                $"The {type} checksum type cannot be used with the {algorithm!.ToLowerInvariant()} checksum algorithm."
            );
        }

        var key = await WrittenObject.NewKey(request.Buckets, bucket, request.Key, encryption, request.Caller).ConfigureAwait(false);
        var meta = new ObjectMeta
        {
            Headers = WrittenObject.KeptHeaders(request),
            Metadata = WrittenObject.Metadata(request),
            Tags = ObjectTags.OfHeader(request.Header("x-amz-tagging")),
            Encryption = encryption,
            Envelope = key.Envelope,
            Parts = [],
        };
        var id = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", 96);
        await request
            .Buckets.Database.Write(transaction =>
            {
                request.Buckets.Find(transaction, bucket);
                Uploads.Add(
                    transaction,
                    new(
                        id,
                        bucket.Name,
                        request.Key,
                        Bodies.New(transaction, bucket.Name),
                        request.Buckets.Clock.GetUtcNow(),
                        algorithm,
                        type,
                        WrittenObject.Json(meta)
                    )
                );
            })
            .ConfigureAwait(false);
        var headers = WrittenObject.EncryptionHeaders(meta);
        if (algorithm is not null)
        {
            headers.Add(("x-amz-checksum-algorithm", algorithm));
            headers.Add(("x-amz-checksum-type", type!));
        }

        return await S3Xml
            .Answer(
                S3Xml.Element(
                    "InitiateMultipartUploadResult",
                    S3Xml.Element("Bucket", bucket.Name),
                    S3Xml.Element("Key", request.Key),
                    S3Xml.Element("UploadId", id)
                ),
                headers
            )
            .ConfigureAwait(false);
    }

    public static async Task<RestAnswer> UploadPart(S3Request request)
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

    public static async Task<RestAnswer> UploadPartCopy(S3Request request)
    {
        using var source = CopySource.Read(request);
        var body = source.Body;
        if (request.Header("x-amz-copy-source-range") is { } range)
        {
            body = Slice(body, range);
        }

        var (upload, part, meta) = await Store(request, body, null).ConfigureAwait(false);
        return await S3Xml
            .Answer(
                S3Xml.Element(
                    "CopyPartResult",
                    S3Xml.Element("LastModified", S3Xml.Time(part.Modified)),
                    S3Xml.Element("ETag", S3Xml.Quoted(part.ETag)),
                    upload.Algorithm is { } algorithm ? S3Xml.Optional("Checksum" + algorithm, part.Checksum) : null
                ),
                WrittenObject.EncryptionHeaders(meta)
            )
            .ConfigureAwait(false);
    }

    public static async Task<RestAnswer> Abort(S3Request request)
    {
        var bucket = request.Bucket;
        await request
            .Buckets.Database.Write(transaction =>
                Uploads.Remove(
                    transaction,
                    Uploads.Find(transaction, bucket.Name, request.Key, request.Query("uploadId")!),
                    keepBody: false
                )
            )
            .ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> body, string range)
    {
        const string bytes = "bytes=",
            name = "x-amz-copy-source-range";
        var ends = range.StartsWith(bytes, StringComparison.Ordinal) ? range[bytes.Length..].Split('-') : [];
        if (
            ends.Length != 2
            || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || last < first
        )
        {
            throw S3Errors.Argument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                name,
                range
            );
        }

        return last < body.Length
            ? body[(int)first..(int)(last + 1)]
            : throw S3Errors.Argument($"Range specified is not valid for source object of size: {body.Length}", name, range);
    }

    private static async Task<(Upload, UploadedPart, ObjectMeta)> Store(S3Request request, ReadOnlyMemory<byte> body, Checksum? brought)
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

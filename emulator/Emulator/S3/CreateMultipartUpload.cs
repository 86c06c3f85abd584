using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Begins an upload in parts.</summary>
internal static class CreateMultipartUpload
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
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
        meta = WrittenObject.Shaped(meta, request, bucket);
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
}

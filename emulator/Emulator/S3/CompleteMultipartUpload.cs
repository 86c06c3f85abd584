using System.Security.Cryptography;
using System.Xml.Linq;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Makes an object of an upload's parts, in one write: before it there is no object, after it no upload.</summary>
internal static class CompleteMultipartUpload
{
    private const int SmallestPart = 5 * 1024 * 1024;

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var id = request.Query("uploadId")!;
        request.Buckets.Database.Read(transaction => Uploads.Find(transaction, bucket.Name, request.Key, id));
        var listed = request.Call.Body.IsEmpty ? [] : request.Xml("CompleteMultipartUpload").Children("Part").ToList();
        var (upload, made) = request.Buckets.Database.Read(transaction => Prepare(transaction, request, bucket, listed, id));
        var version = await request
            .Buckets.Database.Write(transaction =>
            {
                var now = request.Buckets.Find(transaction, bucket);
                CheckConditions(
                    request,
                    Uploads.Find(transaction, bucket.Name, request.Key, id),
                    Versions.Latest(transaction, bucket.Name, request.Key)
                );
                foreach (
                    var unused in Uploads.Parts(transaction, id).Where(part => made.Meta.Parts.All(used => used.Number != part.Number))
                )
                {
                    Bodies.DeletePart(transaction, upload.Body, unused.Number);
                }

                Uploads.Remove(transaction, upload, keepBody: true);
                var added = Versions.Add(transaction, now, made with { Modified = request.Buckets.Clock.GetUtcNow() });
                request.Buckets.Notifications.Add(
                    transaction,
                    now,
                    BucketEvent
                        .Of("ObjectCreated:CompleteMultipartUpload", request.Caller, request.Key, added.Modified)
                        .On(added, withSize: true)
                );
                return added;
            })
            .ConfigureAwait(false);
        var checksum = version.Meta.Checksum!;
        return await S3Xml
            .Answer(
                S3Xml.Element(
                    "CompleteMultipartUploadResult",
                    S3Xml.Element("Location", $"http://{bucket.Name}.s3.{bucket.Region}.amazonaws.com/{Uri.EscapeDataString(request.Key)}"),
                    S3Xml.Element("Bucket", bucket.Name),
                    S3Xml.Element("Key", request.Key),
                    S3Xml.Element("ETag", S3Xml.Quoted(version.ETag)),
                    S3Xml.Element(checksum.Element, checksum.Value),
                    S3Xml.Element("ChecksumType", checksum.Type)
                ),
                PutObject
                    .Headers(bucket, version)
                    .Where(header => header.Name != "ETag" && !header.Name.StartsWith("x-amz-checksum", StringComparison.Ordinal))
                    .ToList()
            )
            .ConfigureAwait(false);
    }

    private static (Upload, ObjectVersion) Prepare(
        Transaction transaction,
        S3Request request,
        Bucket bucket,
        List<XElement> listed,
        string id
    )
    {
        var upload = Uploads.Find(transaction, bucket.Name, request.Key, id);
        var meta = upload.Meta;
        var algorithm = upload.Algorithm ?? Checksums.Default;
        var uploaded = Uploads.Parts(transaction, id).ToDictionary(part => part.Number);
        var parts = new List<UploadedPart>();
        foreach (var item in listed)
        {
            var number = item.Whole("PartNumber") ?? throw S3Errors.Malformed();
            var etag = item.Text("ETag")?.Trim('"');
            if (
                !uploaded.TryGetValue(number, out var part)
                || part.ETag != etag
                || (item.Text("Checksum" + algorithm) is { } stated && stated != part.Checksum)
            )
            {
                throw S3Errors.With(
                    "InvalidPart",
                    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
                    400,
                    ("UploadId", id),
                    ("PartNumber", number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("ETag", etag ?? "")
                );
            }

            if (parts.Count > 0 && parts[^1].Number >= number)
            {
                throw new AwsException(
                    "InvalidPartOrder",
                    "The list of parts was not in ascending order. Parts must be ordered by part number."
                );
            }

            parts.Add(part);
        }

        if (parts.Count == 0)
        {
            throw new AwsException("InvalidRequest", "You must specify at least one part");
        }

        if (parts.SkipLast(1).FirstOrDefault(part => part.Size < SmallestPart) is { } small)
        {
            throw S3Errors.With(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                400,
                ("ProposedSize", small.Size.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("MinSizeAllowed", SmallestPart.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("PartNumber", small.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("ETag", small.ETag)
            );
        }

        var kept = parts.Select(part => new ObjectPart(part.Number, part.Size, part.Checksum)).ToList();
        var key = WrittenObject.OpenKey(request.Buckets, bucket, meta, request.Caller);
        var checksum =
            (upload.ChecksumType ?? Checksum.Full) == Checksum.Composite
                ? new Checksum(algorithm, Checksums.OfParts(algorithm, kept.ConvertAll(part => part.Checksum!)), Checksum.Composite)
                : new Checksum(algorithm, Checksums.Of(algorithm, Plain(transaction, key, upload.Body, kept)), Checksum.Full);
        if (request.Brought is { } brought && brought.Algorithm == algorithm && brought.Value != checksum.Value)
        {
            throw S3Errors.BadDigest(algorithm);
        }

        var digest = MD5.HashData(parts.SelectMany(part => Convert.FromHexString(part.ETag)).ToArray());
        meta = meta with { Parts = kept, Checksum = checksum, HasPartChecksums = upload.Algorithm is not null };
        return (
            upload,
            new(
                bucket.Name,
                request.Key,
                0,
                "",
                false,
                true,
                parts.Sum(part => part.Size),
                $"{Convert.ToHexStringLower(digest)}-{parts.Count}",
                upload.Started,
                null,
                upload.Body,
                WrittenObject.Json(meta)
            )
        );
    }

    /// <summary>What was written or deleted since the upload began is in its way, whatever it is.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html</remarks>
    private static void CheckConditions(S3Request request, Upload upload, ObjectVersion? latest)
    {
        WrittenObject.CheckConditions(request, latest);
        if (request.Header("If-None-Match") is not null && upload.IsDeletedSince)
        {
            throw S3Errors.Conflict("If-None-Match", request.Key);
        }

        // Bodies are numbered as they come.
        if (request.Header("If-Match") is not null && latest!.Body > upload.Body)
        {
            throw S3Errors.Conflict("If-Match", request.Key);
        }
    }

    /// <summary>The parts' bytes, one part at a time.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Plain(Transaction transaction, DataKey key, long body, List<ObjectPart> parts)
    {
        foreach (var part in parts)
        {
            var bytes = Bodies.Read(transaction, key, body, [part], 0, part.Size, isReleased: true);
            try
            {
                yield return bytes;
            }
            finally
            {
                LargeBuffer.Release(bytes);
            }
        }
    }
}

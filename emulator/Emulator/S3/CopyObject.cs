using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Copies an object inside S3, with its metadata or new ones.</summary>
internal static class CopyObject
{
    public static readonly string[] Headers =
    [
        .. WrittenObject.Headers,
        .. CopySource.Headers,
        "x-amz-metadata-directive=MetadataDirective",
        "x-amz-tagging-directive=TaggingDirective",
        "x-amz-checksum-algorithm=ChecksumAlgorithm",
    ];

    /// <summary>Headers that let an object be copied onto itself, whatever they say.</summary>
    private static readonly string[] Changing =
    [
        "x-amz-storage-class",
        "x-amz-server-side-encryption",
        "x-amz-checksum-algorithm",
        "x-amz-website-redirect-location",
    ];

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        PutObject.CheckKey(request.Key);
        using var source = CopySource.Read(request);
        var replace = Directive(request, "x-amz-metadata-directive") == "REPLACE";
        var retag = Directive(request, "x-amz-tagging-directive") == "REPLACE";
        var algorithm = request.Header("x-amz-checksum-algorithm") is { } asked
            ? Checksums.Checked(asked)
            : source.Meta.Checksum?.Algorithm ?? Checksums.Default;
        var changes =
            replace || retag || bucket.Encryption.Algorithm == "aws:kms" || Changing.Any(header => request.Header(header) is not null);
        if (!changes && source.Bucket.Name == bucket.Name && source.Version.Key == request.Key && source.Version.IsLatest)
        {
            throw new AwsException(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
            );
        }

        var meta = new ObjectMeta
        {
            Headers = replace ? WrittenObject.KeptHeaders(request) : source.Meta.Headers,
            Metadata = replace ? WrittenObject.Metadata(request) : source.Meta.Metadata,
            Tags = retag ? ObjectTags.OfHeader(request.Header("x-amz-tagging")) : source.Meta.Tags,
            Checksum = new(algorithm, Checksums.Of(algorithm, source.Body), Checksum.Full),
            Encryption = WrittenObject.Encryption(request, bucket),
            Envelope = null!,
            Parts = [],
        };
        meta = WrittenObject.Shaped(meta, request, bucket);
        var version = await PutObject
            .Store(
                request.Buckets,
                bucket,
                request.Key,
                source.Body,
                meta,
                request.Caller,
                latest => WrittenObject.CheckConditions(request, latest),
                "Copy"
            )
            .ConfigureAwait(false);
        var headers = PutObject
            .Headers(bucket, version)
            .Where(header => header.Name != "ETag" && !header.Name.StartsWith("x-amz-checksum", StringComparison.Ordinal))
            .ToList();
        if (bucket.Versioning is not null && version.VersionId == Versions.NullId)
        {
            // Unlike PutObject, a copy names the null version (recorded on AWS 23-05-2024).
            headers.Add(("x-amz-version-id", Versions.NullId));
        }

        if (source.Version.VersionId != Versions.NullId)
        {
            headers.Add(("x-amz-copy-source-version-id", source.Version.VersionId));
        }

        return await S3Xml
            .Answer(
                S3Xml.Element(
                    "CopyObjectResult",
                    S3Xml.Element("LastModified", S3Xml.Time(version.Modified)),
                    S3Xml.Element("ETag", S3Xml.Quoted(version.ETag)),
                    S3Xml.Element(meta.Checksum!.Element, meta.Checksum.Value),
                    S3Xml.Element("ChecksumType", meta.Checksum.Type)
                ),
                headers
            )
            .ConfigureAwait(false);
    }

    private static string Directive(S3Request request, string header) =>
        request.Header(header) switch
        {
            null or "COPY" => "COPY",
            "REPLACE" => "REPLACE",
            { } other => throw S3Errors.Argument("Unknown metadata directive.", header, other),
        };
}

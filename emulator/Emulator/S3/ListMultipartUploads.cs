using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>ListMultipartUploads and ListParts.</summary>
internal static class ListMultipartUploads
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var prefix = request.Query("prefix") ?? "";
        var max = request.Number("max-uploads", ListObjects.Most, ListObjects.Most);
        var marker = request.Query("key-marker");
        var idMarker = request.Query("upload-id-marker");
        var encode = ListObjects.Encoder(request);
        var all = request
            .Buckets.Database.Read(transaction => Uploads.Of(transaction, bucket.Name))
            .Where(upload => upload.Key.StartsWith(prefix, StringComparison.Ordinal))
            .SkipWhile(upload =>
                marker is not null && (string.CompareOrdinal(upload.Key, marker) < 0 || (upload.Key == marker && idMarker is null))
            )
            .ToList();
        if (
            marker is not null
            && idMarker is not null
            && all.FindIndex(upload => upload.Key == marker && upload.Id == idMarker) is >= 0 and var at
        )
        {
            all = all[(at + 1)..];
        }

        var last = all.Take(max).LastOrDefault();
        var root = S3Xml.Element(
            "ListMultipartUploadsResult",
            S3Xml.Element("Bucket", bucket.Name),
            S3Xml.Element("KeyMarker", encode(marker ?? "")),
            S3Xml.Element("UploadIdMarker", idMarker ?? ""),
            S3Xml.Element("NextKeyMarker", encode(last?.Key ?? "")),
            S3Xml.Element("NextUploadIdMarker", last?.Id ?? ""),
            prefix.Length == 0 ? null : S3Xml.Element("Prefix", encode(prefix)),
            S3Xml.Element("MaxUploads", max),
            S3Xml.Element("IsTruncated", all.Count > max),
            S3Xml.Optional("EncodingType", request.Query("encoding-type"))
        );
        foreach (var upload in all.Take(max))
        {
            root.Add(
                S3Xml.Element(
                    "Upload",
                    S3Xml.Element("Key", encode(upload.Key)),
                    S3Xml.Element("UploadId", upload.Id),
                    S3Xml.Initiator(bucket),
                    S3Xml.Owner(bucket),
                    S3Xml.Element("StorageClass", "STANDARD"),
                    S3Xml.Element("Initiated", S3Xml.Time(upload.Started)),
                    S3Xml.Optional("ChecksumAlgorithm", upload.Algorithm),
                    S3Xml.Optional("ChecksumType", upload.ChecksumType)
                )
            );
        }

        return S3Xml.Answer(root);
    }

    public static Task<RestAnswer> Parts(S3Request request)
    {
        var bucket = request.Bucket;
        var id = request.Query("uploadId")!;
        var max = request.Number("max-parts", ListObjects.Most, ListObjects.Most);
        var after = request.Number("part-number-marker", 0, int.MaxValue);
        var (upload, parts) = request.Buckets.Database.Read(transaction =>
            (
                Uploads.Find(transaction, bucket.Name, request.Key, id),
                Uploads.Parts(transaction, id).Where(part => part.Number > after).ToList()
            )
        );
        var root = S3Xml.Element(
            "ListPartsResult",
            S3Xml.Element("Bucket", bucket.Name),
            S3Xml.Element("Key", request.Key),
            S3Xml.Element("UploadId", id),
            S3Xml.Element("StorageClass", "STANDARD"),
            S3Xml.Element("PartNumberMarker", after),
            S3Xml.Element("NextPartNumberMarker", parts.Take(max).LastOrDefault()?.Number ?? 0),
            S3Xml.Element("MaxParts", max),
            S3Xml.Element("IsTruncated", parts.Count > max),
            S3Xml.Initiator(bucket),
            S3Xml.Owner(bucket),
            S3Xml.Optional("ChecksumAlgorithm", upload.Algorithm),
            S3Xml.Optional("ChecksumType", upload.ChecksumType)
        );
        foreach (var part in parts.Take(max))
        {
            root.Add(
                S3Xml.Element(
                    "Part",
                    S3Xml.Element("PartNumber", part.Number),
                    S3Xml.Element("LastModified", S3Xml.Time(part.Modified)),
                    S3Xml.Element("ETag", S3Xml.Quoted(part.ETag)),
                    S3Xml.Element("Size", part.Size),
                    upload.Algorithm is { } algorithm ? S3Xml.Optional("Checksum" + algorithm, part.Checksum) : null
                )
            );
        }

        return S3Xml.Answer(root);
    }
}

using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The parts that an upload has so far.</summary>
internal static class ListParts
{
    public static Task<RestAnswer> Run(S3Request request)
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
            S3Xml.Element("StorageClass", StorageClasses.Of(upload.Meta)),
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

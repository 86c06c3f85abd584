using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The uploads in parts that are in progress in a bucket.</summary>
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
                    S3Xml.Element("StorageClass", StorageClasses.Of(upload.Meta)),
                    S3Xml.Element("Initiated", S3Xml.Time(upload.Started)),
                    S3Xml.Optional("ChecksumAlgorithm", upload.Algorithm),
                    S3Xml.Optional("ChecksumType", upload.ChecksumType)
                )
            );
        }

        return S3Xml.Answer(root);
    }
}

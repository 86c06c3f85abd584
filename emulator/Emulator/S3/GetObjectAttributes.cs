using System.Globalization;
using System.Xml.Linq;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>What is known of an object, as XML.</summary>
internal static class GetObjectAttributes
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var wanted = (request.Header("x-amz-object-attributes") ?? "").Split(
            ',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        var version = request.Buckets.Database.Read(transaction =>
            GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"))
        );
        var meta = version.Meta;
        var root = S3Xml.Element("GetObjectAttributesResponse");
        foreach (var name in wanted)
        {
            root.Add(
                name switch
                {
                    "ETag" => S3Xml.Element("ETag", version.ETag),
                    "ObjectSize" => S3Xml.Element("ObjectSize", version.Size),
                    "StorageClass" => S3Xml.Element("StorageClass", StorageClasses.Of(meta)),
                    "Checksum" => meta.Checksum is { } checksum
                        ? S3Xml.Element(
                            "Checksum",
                            S3Xml.Element(checksum.Element, checksum.Value),
                            S3Xml.Element("ChecksumType", checksum.Type)
                        )
                        : null,
                    "ObjectParts" => version.ETag.Contains('-', StringComparison.Ordinal) ? Parts(request, meta) : null,
                    _ => throw S3Errors.Argument("Invalid attribute name specified.", "x-amz-object-attributes", name),
                }
            );
        }

        var headers = new List<(string, string)> { ("Last-Modified", S3Xml.HttpTime(version.Modified)) };
        if (bucket.Versioning is not null)
        {
            headers.Add(("x-amz-version-id", version.VersionId));
        }

        return S3Xml.Answer(root, headers);
    }

    /// <summary>How many parts there are; and which, where each has a checksum of its own that the object's is made of.</summary>
    private static XElement Parts(S3Request request, ObjectMeta meta)
    {
        var root = S3Xml.Element("ObjectParts", S3Xml.Element("PartsCount", meta.Parts.Count));
        if (meta.Checksum is not { } checksum || checksum.Type != Checksum.Composite && !meta.HasPartChecksums)
        {
            return root;
        }

        var after = Number(request, "x-amz-part-number-marker", 0);
        var most = Number(request, "x-amz-max-parts", 1000);
        var rest = meta.Parts.Where(part => part.Number > after).ToList();
        root.Add(
            S3Xml.Element("PartNumberMarker", after),
            S3Xml.Element("NextPartNumberMarker", rest.Take(most).LastOrDefault()?.Number ?? 0),
            S3Xml.Element("MaxParts", most),
            S3Xml.Element("IsTruncated", rest.Count > most)
        );
        foreach (var part in rest.Take(most))
        {
            root.Add(
                S3Xml.Element(
                    "Part",
                    S3Xml.Element("PartNumber", part.Number),
                    S3Xml.Element("Size", part.Size),
                    S3Xml.Optional(checksum.Element, part.Checksum)
                )
            );
        }

        return root;
    }

    private static int Number(S3Request request, string header, int usual) =>
        int.TryParse(request.Header(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : usual;
}

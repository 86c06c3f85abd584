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
                    "StorageClass" => S3Xml.Element("StorageClass", "STANDARD"),
                    "Checksum" => meta.Checksum is { } checksum
                        ? S3Xml.Element(
                            "Checksum",
                            S3Xml.Element(checksum.Element, checksum.Value),
                            S3Xml.Element("ChecksumType", checksum.Type)
                        )
                        : null,
                    "ObjectParts" => meta.Parts.Count > 1
                        ? S3Xml.Element("ObjectParts", S3Xml.Element("PartsCount", meta.Parts.Count))
                        : null,
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
}

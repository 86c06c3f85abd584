using System.Xml.Linq;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Lists all versions and delete markers, the newest of each key first.</summary>
internal static class ListObjectVersions
{
    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var prefix = request.Query("prefix") ?? "";
        var delimiter = request.Query("delimiter");
        var keyMarker = request.Query("key-marker");
        var versionMarker = request.Query("version-id-marker");
        var max = request.Number("max-keys", ListObjects.Most, ListObjects.Most);
        var encode = ListObjects.Encoder(request);
        if (keyMarker is null && versionMarker is not null)
        {
            throw S3Errors.Argument("A version-id marker cannot be specified without a key marker.", "version-id-marker", versionMarker);
        }

        var versions = new List<ObjectVersion>();
        var prefixes = new List<string>();
        var truncated = false;
        request.Buckets.Database.Read(transaction =>
        {
            var past =
                versionMarker is null ? 0
                : keyMarker is null ? 0
                : Versions.Find(transaction, bucket.Name, keyMarker, versionMarker)?.Sequence ?? 0;
            var from = keyMarker is not null && string.CompareOrdinal(keyMarker, prefix) > 0 ? keyMarker : prefix;
            Versions.ScanAll(
                transaction,
                bucket.Name,
                from,
                version =>
                {
                    if (!version.Key.StartsWith(prefix, StringComparison.Ordinal))
                    {
                        return false;
                    }

                    var upTo = ListObjects.CommonPrefix(version.Key, prefix, delimiter);
                    if (
                        (version.Key == keyMarker && (versionMarker is null || version.Sequence >= past))
                        || (upTo is not null && (prefixes.Contains(upTo) || upTo == keyMarker))
                    )
                    {
                        return true;
                    }

                    if (versions.Count + prefixes.Count >= max)
                    {
                        truncated = max > 0;
                        return false;
                    }

                    if (upTo is null)
                    {
                        versions.Add(version);
                    }
                    else
                    {
                        prefixes.Add(upTo);
                    }

                    return true;
                }
            );
            return true;
        });

        var root = S3Xml.Element(
            "ListVersionsResult",
            S3Xml.Element("Name", bucket.Name),
            S3Xml.Element("Prefix", encode(prefix)),
            S3Xml.Element("KeyMarker", encode(keyMarker ?? "")),
            S3Xml.Element("VersionIdMarker", versionMarker ?? ""),
            S3Xml.Element("MaxKeys", max),
            delimiter is null ? null : S3Xml.Element("Delimiter", encode(delimiter)),
            S3Xml.Optional("EncodingType", request.Query("encoding-type")),
            S3Xml.Element("IsTruncated", truncated)
        );
        if (truncated)
        {
            var last = versions.LastOrDefault();
            root.Add(
                S3Xml.Element(
                    "NextKeyMarker",
                    encode(
                        prefixes.Count > 0 && (last is null || string.CompareOrdinal(prefixes[^1], last.Key) > 0) ? prefixes[^1] : last!.Key
                    )
                )
            );
            if (last is not null)
            {
                root.Add(S3Xml.Element("NextVersionIdMarker", last.VersionId));
            }
        }

        foreach (var version in versions)
        {
            root.Add(
                version.IsMarker
                    ? S3Xml.Element(
                        "DeleteMarker",
                        S3Xml.Element("Key", encode(version.Key)),
                        S3Xml.Element("VersionId", version.VersionId),
                        S3Xml.Element("IsLatest", version.IsLatest),
                        S3Xml.Element("LastModified", S3Xml.Time(version.Modified)),
                        S3Xml.Owner(bucket)
                    )
                    : Described(bucket, version, encode)
            );
        }

        foreach (var common in prefixes)
        {
            root.Add(S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", encode(common))));
        }

        return S3Xml.Answer(root);
    }

    private static XElement Described(Bucket bucket, ObjectVersion version, Func<string, string> encode)
    {
        var meta = version.Meta;
        return S3Xml.Element(
            "Version",
            S3Xml.Element("Key", encode(version.Key)),
            S3Xml.Element("VersionId", version.VersionId),
            S3Xml.Element("IsLatest", version.IsLatest),
            S3Xml.Element("LastModified", S3Xml.Time(version.Modified)),
            S3Xml.Element("ETag", S3Xml.Quoted(version.ETag)),
            S3Xml.Optional("ChecksumAlgorithm", meta.Checksum?.Algorithm),
            S3Xml.Optional("ChecksumType", meta.Checksum?.Type),
            S3Xml.Element("Size", version.Size),
            S3Xml.Owner(bucket),
            S3Xml.Element("StorageClass", StorageClasses.Of(meta))
        );
    }
}

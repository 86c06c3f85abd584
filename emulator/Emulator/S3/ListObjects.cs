using System.Xml.Linq;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Lists current objects: ListObjects and ListObjectsV2.</summary>
internal static class ListObjects
{
    public const int Most = 1000;

    public static Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var marker = request.Query("marker");
        var page = Page(request, bucket, marker);
        var root = S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", bucket.Name),
            S3Xml.Element("Prefix", page.Encode(request.Query("prefix") ?? "")),
            S3Xml.Element("Marker", page.Encode(marker ?? ""))
        );
        if (page.Last is not null && request.Query("delimiter") is not null)
        {
            root.Add(S3Xml.Element("NextMarker", page.Encode(page.Last)));
        }

        Fill(root, request, bucket, page, withOwner: true);
        return S3Xml.Answer(root, ("x-amz-bucket-region", bucket.Region));
    }

    /// <summary>Keys may hold what XML cannot: encoded, where the request asks for it.</summary>
    public static Func<string, string> Encoder(S3Request request) =>
        request.Query("encoding-type") switch
        {
            null => text => text,
            "url" => text => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal),
            { } other => throw S3Errors.Argument("Invalid Encoding Method specified in Request", "encoding-type", other),
        };

    /// <summary>What keys up to the delimiter have in common, or null.</summary>
    public static string? CommonPrefix(string key, string prefix, string? delimiter)
    {
        var at = string.IsNullOrEmpty(delimiter) ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + delimiter!.Length)];
    }

    public static ListPage Page(S3Request request, Bucket bucket, string? after)
    {
        var prefix = request.Query("prefix") ?? "";
        var delimiter = request.Query("delimiter");
        var page = new ListPage(request.Number("max-keys", Most, Most), Encoder(request));
        var from = after is not null && string.CompareOrdinal(after, prefix) > 0 ? after : prefix;
        request.Buckets.Database.Read(transaction =>
        {
            string? common = null;
            Versions.ScanCurrent(
                transaction,
                bucket.Name,
                from,
                version =>
                {
                    if (!version.Key.StartsWith(prefix, StringComparison.Ordinal))
                    {
                        return false;
                    }

                    var upTo = CommonPrefix(version.Key, prefix, delimiter);
                    if (version.Key == after || (upTo is not null && (upTo == common || upTo == after)))
                    {
                        return true;
                    }

                    if (page.Max == 0 || page.IsFull)
                    {
                        page.Truncate();
                        return false;
                    }

                    common = upTo;
                    if (upTo is null)
                    {
                        page.Objects.Add(version);
                    }
                    else
                    {
                        page.Prefixes.Add(upTo);
                    }

                    page.Seen = upTo ?? version.Key;
                    return true;
                }
            );
            return page;
        });
        return page;
    }

    public static void Fill(XElement root, S3Request request, Bucket bucket, ListPage page, bool withOwner)
    {
        root.Add(S3Xml.Element("MaxKeys", page.Max));
        if (request.Query("delimiter") is { Length: > 0 } delimiter)
        {
            root.Add(S3Xml.Element("Delimiter", page.Encode(delimiter)));
        }

        if (request.Query("encoding-type") is { } encoding)
        {
            root.Add(S3Xml.Element("EncodingType", encoding));
        }

        root.Add(S3Xml.Element("IsTruncated", page.Last is not null));
        foreach (var version in page.Objects)
        {
            var meta = version.Meta;
            var checksum = meta.Checksum;
            root.Add(
                S3Xml.Element(
                    "Contents",
                    S3Xml.Element("Key", page.Encode(version.Key)),
                    S3Xml.Element("LastModified", S3Xml.Time(version.Modified)),
                    S3Xml.Element("ETag", S3Xml.Quoted(version.ETag)),
                    S3Xml.Optional("ChecksumAlgorithm", checksum?.Algorithm),
                    S3Xml.Optional("ChecksumType", checksum?.Type),
                    S3Xml.Element("Size", version.Size),
                    withOwner ? S3Xml.Owner(bucket) : null,
                    S3Xml.Element("StorageClass", StorageClasses.Of(meta))
                )
            );
        }

        foreach (var prefix in page.Prefixes)
        {
            root.Add(S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", page.Encode(prefix))));
        }
    }
}

/// <summary>A page of a listing while it fills.</summary>
internal sealed class ListPage(int max, Func<string, string> encode)
{
    public int Max => max;

    public List<ObjectVersion> Objects { get; } = [];

    public List<string> Prefixes { get; } = [];

    /// <summary>The last name on the page.</summary>
    public string? Seen { get; set; }

    public bool IsFull => Objects.Count + Prefixes.Count >= max;

    /// <summary>Where the next page begins after; null on the last page.</summary>
    public string? Last { get; private set; }

    public void Truncate() => Last = Seen;

    public string Encode(string text) => encode(text);
}

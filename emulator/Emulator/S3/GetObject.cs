using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Reads an object.</summary>
internal static class GetObject
{
    public static readonly string[] Query =
    [
        "versionId=VersionId",
        "partNumber=PartNumber",
        "response-content-type=ResponseContentType",
        "response-cache-control=ResponseCacheControl",
        "response-content-disposition=ResponseContentDisposition",
        "response-content-encoding=ResponseContentEncoding",
        "response-content-language=ResponseContentLanguage",
        "response-expires=ResponseExpires",
    ];

    public static readonly string[] Headers =
    [
        "Range=Range",
        "If-Match=IfMatch",
        "If-None-Match=IfNoneMatch",
        "If-Modified-Since=IfModifiedSince",
        "If-Unmodified-Since=IfUnmodifiedSince",
        "x-amz-checksum-mode=ChecksumMode",
    ];

    public static Task<RestAnswer> Run(S3Request request) => Task.FromResult(Read(request, withBody: true));

    /// <summary>The version that a request names, or the latest.</summary>
    /// <exception cref="AwsException">NoSuchKey, NoSuchVersion, MethodNotAllowed.</exception>
    public static ObjectVersion Find(
        Store.Transaction transaction,
        Bucket bucket,
        string key,
        string? versionId,
        string method = "GET",
        bool isMarkerNamed = false
    )
    {
        if (versionId is null)
        {
            var latest = Versions.Latest(transaction, bucket.Name, key) ?? throw S3Errors.NoKey(key);
            return !latest.IsMarker ? latest
                : method == "GET" && !isMarkerNamed ? throw S3Errors.NoKeyBehindMarker(key, latest.VersionId)
                : throw S3Errors.IsMarker(latest.VersionId, method);
        }

        CheckVersionId(bucket, versionId);
        var version = Versions.Find(transaction, bucket.Name, key, versionId) ?? throw S3Errors.NoVersion(key, versionId);
        return version.IsMarker ? throw S3Errors.IsMarker(versionId, method) : version;
    }

    /// <summary>A bucket that never had versioning knows no version but <c>null</c>.</summary>
    /// <exception cref="AwsException">InvalidArgument.</exception>
    public static void CheckVersionId(Bucket bucket, string versionId)
    {
        if (versionId != Versions.NullId && (versionId.Length != 32 || bucket.Versioning is null))
        {
            throw S3Errors.Argument("Invalid version id specified", "versionId", versionId);
        }
    }

    /// <summary>The object, or all that is known of it.</summary>
    public static RestAnswer Read(S3Request request, bool withBody)
    {
        CheckOverrides(request);
        var bucket = request.Bucket;
        return request.Buckets.Database.Read(transaction =>
        {
            var version = Find(transaction, bucket, request.Key, request.Query("versionId"));
            var meta = version.Meta;
            var headers = Described(request, bucket, version, meta);
            if (NotModified(request, version))
            {
                return new RestAnswer { Status = 304, Headers = headers };
            }

            StorageClassesOf(withBody, meta, request);
            var range = Part(request, meta) ?? Range(request.Header("Range"), version.Size);
            var (from, length) = range ?? (0, version.Size);
            if (range is not null)
            {
                headers.Add(("Content-Range", $"bytes {from}-{from + length - 1}/{version.Size}"));
            }

            if (
                request.Header("x-amz-checksum-mode") == "ENABLED"
                && meta.Checksum is { } checksum
                && (range is null || length == version.Size)
            )
            {
                headers.Add((checksum.Header, checksum.Value));
                headers.Add(("x-amz-checksum-type", checksum.Type));
            }

            // The key must be usable even to learn of the object, as on AWS under SSE-KMS.
            var key = WrittenObject.OpenKey(request.Buckets, bucket, meta, request.Caller);
            if (!withBody)
            {
                headers.Add(("Content-Length", length.ToString(CultureInfo.InvariantCulture)));
            }

            return new RestAnswer
            {
                Status = range is null ? 200 : 206,
                ContentType =
                    request.Query("response-content-type") ?? meta.Headers.GetValueOrDefault("Content-Type", "binary/octet-stream"),
                Headers = headers,
                Payload = withBody
                    ? Bodies.Read(transaction, key, version.Body, meta.Parts, from, length, isReleased: request.Call.FromWire)
                    : default,
            };
        });
    }

    private static void StorageClassesOf(bool withBody, ObjectMeta meta, S3Request request)
    {
        if (withBody)
        {
            StorageClasses.CheckReadable(meta, request.Buckets.Clock.GetUtcNow());
        }
    }

    /// <summary>Where the part lies that a request names.</summary>
    /// <exception cref="AwsException">InvalidPartNumber, InvalidRequest.</exception>
    private static (long From, long Length)? Part(S3Request request, ObjectMeta meta)
    {
        if (request.Query("partNumber") is not { } text)
        {
            return null;
        }

        if (request.Header("Range") is not null)
        {
            throw new AwsException("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 10000)
        {
            throw S3Errors.Argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        }

        if (number > meta.Parts.Count)
        {
            throw S3Errors.With(
                "InvalidPartNumber",
                "The requested partnumber is not satisfiable",
                416,
                ("PartNumberRequested", text),
                ("ActualPartCount", meta.Parts.Count.ToString(CultureInfo.InvariantCulture))
            );
        }

        return (meta.Parts.Take(number - 1).Sum(part => part.Size), meta.Parts[number - 1].Size);
    }

    /// <summary>Headers of the answer that the request chooses.</summary>
    private static void CheckOverrides(S3Request request)
    {
        foreach (var parameter in request.Call.Query.Where(parameter => parameter.Key.StartsWith("response-", StringComparison.Ordinal)))
        {
            WrittenObject.CheckHeader(parameter.Key, parameter.Value);
            if (parameter.Value.Any(character => character > 0xFF))
            {
                throw S3Errors.Argument("Header value cannot be represented using ISO-8859-1.", parameter.Key, parameter.Value);
            }
        }
    }

    private static List<(string Name, string Value)> Described(S3Request request, Bucket bucket, ObjectVersion version, ObjectMeta meta)
    {
        var headers = WrittenObject.EncryptionHeaders(meta);
        headers.Add(("ETag", S3Xml.Quoted(version.ETag)));
        headers.Add(("Last-Modified", S3Xml.HttpTime(version.Modified)));
        headers.Add(("Accept-Ranges", "bytes"));
        if (bucket.Versioning is not null)
        {
            headers.Add(("x-amz-version-id", version.VersionId));
        }

        foreach (var (name, value) in meta.Headers.Where(header => !header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add((name, request.Query("response-" + name.ToLowerInvariant()) ?? value));
        }

        foreach (var name in (string[])["Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"])
        {
            if (!meta.Headers.ContainsKey(name) && request.Query("response-" + name.ToLowerInvariant()) is { } value)
            {
                headers.Add((name, value));
            }
        }

        foreach (var (name, value) in meta.Metadata)
        {
            headers.Add(("x-amz-meta-" + name, EncodedWord.Of(value)));
        }

        if (meta.Tags.Count > 0)
        {
            headers.Add(("x-amz-tagging-count", meta.Tags.Count.ToString(CultureInfo.InvariantCulture)));
        }

        if (meta.WebsiteRedirect is { } place)
        {
            headers.Add(("x-amz-website-redirect-location", place));
        }

        if (request.Query("partNumber") is not null && version.ETag.Contains('-', StringComparison.Ordinal))
        {
            headers.Add(("x-amz-mp-parts-count", meta.Parts.Count.ToString(CultureInfo.InvariantCulture)));
        }

        headers.AddRange(StorageClasses.Described(meta, request.Buckets.Clock.GetUtcNow()));
        headers.AddRange(ObjectLocks.Described(meta));
        headers.AddRange(BucketLifecycle.Described(bucket, version, meta));

        return headers;
    }

    /// <exception cref="AwsException">PreconditionFailed.</exception>
    private static bool NotModified(S3Request request, ObjectVersion version)
    {
        var modified = DateTimeOffset.FromUnixTimeSeconds(version.Modified.ToUnixTimeSeconds());
        if (request.Header("If-Match") is { } match)
        {
            if (!Names(match, version.ETag))
            {
                throw S3Errors.Precondition("If-Match");
            }
        }
        else if (Time(request.Header("If-Unmodified-Since")) < modified)
        {
            throw S3Errors.Precondition("If-Unmodified-Since");
        }

        return request.Header("If-None-Match") is { } none ? Names(none, version.ETag) : IsSince(request, modified);
    }

    /// <summary>A date that is still to come is none (RFC 9110, 13.1.3).</summary>
    private static bool IsSince(S3Request request, DateTimeOffset modified) =>
        Time(request.Header("If-Modified-Since")) is { } since && since >= modified && since <= request.Buckets.Clock.GetUtcNow();

    private static bool Names(string list, string etag) =>
        list == "*" || list.Split(',', StringSplitOptions.TrimEntries).Any(one => one.Trim('"') == etag);

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Null where there is no range, or one that S3 ignores.</summary>
    private static (long From, long Length)? Range(string? header, long size)
    {
        if (header is null || !header.StartsWith("bytes=", StringComparison.Ordinal) || header.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        var ends = header["bytes=".Length..].Split('-');
        if (
            ends.Length != 2
            || (ends[0].Length > 0 && !long.TryParse(ends[0], out _))
            || (ends[1].Length > 0 && !long.TryParse(ends[1], out _))
            || ends is ["", ""]
        )
        {
            return null;
        }

        var first =
            ends[0].Length > 0
                ? long.Parse(ends[0], CultureInfo.InvariantCulture)
                : Math.Max(0, size - long.Parse(ends[1], CultureInfo.InvariantCulture));
        var last =
            ends[0].Length > 0 && ends[1].Length > 0 ? Math.Min(size - 1, long.Parse(ends[1], CultureInfo.InvariantCulture)) : size - 1;
        if (ends[0].Length > 0 && ends[1].Length > 0 && long.Parse(ends[1], CultureInfo.InvariantCulture) < first)
        {
            // RFC 9110, 14.1.1: invalid, and so no range at all.
            return null;
        }

        return first >= size || last < first ? throw S3Errors.Range(header, size) : (first, last - first + 1);
    }
}

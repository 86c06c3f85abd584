using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Writes an object in one request.</summary>
internal static class PutObject
{
    private const int LongestKey = 1024;

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        CheckKey(request.Key);
        var meta = new ObjectMeta
        {
            Headers = WrittenObject.KeptHeaders(request),
            Metadata = WrittenObject.Metadata(request),
            Tags = ObjectTags.OfHeader(request.Header("x-amz-tagging")),
            Checksum = request.Brought,
            Encryption = WrittenObject.Encryption(request, bucket),
            Envelope = null!,
            Parts = [],
        };
        meta = WrittenObject.Shaped(meta, request, bucket);
        var version = await Store(
                request.Buckets,
                bucket,
                request.Key,
                request.Call.Body,
                meta,
                request.Caller,
                latest => WrittenObject.CheckConditions(request, latest)
            )
            .ConfigureAwait(false);
        return new RestAnswer { Headers = Headers(bucket, version) };
    }

    /// <summary>Encrypts outside the writer, then writes version and bytes together; the bytes of a large object before, so that others write in between.</summary>
    /// <param name="created">The event that it is: <c>Put</c>, <c>Copy</c> or <c>Post</c>.</param>
    public static async Task<ObjectVersion> Store(
        Buckets buckets,
        Bucket bucket,
        string key,
        ReadOnlyMemory<byte> body,
        ObjectMeta meta,
        Caller caller,
        Action<ObjectVersion?> check,
        string created = "Put"
    )
    {
        var dataKey = await WrittenObject.NewKey(buckets, bucket, key, meta.Encryption, caller).ConfigureAwait(false);
        meta = meta with
        {
            Envelope = dataKey.Envelope,
            Parts = [new(1, body.Length, null)],
            Checksum = meta.Checksum ?? new(Checksums.Default, Checksums.Of(Checksums.Default, body), Checksum.Full),
        };
        var etag = WrittenObject.ETag(meta.Encryption, body.Span);
        var json = WrittenObject.Json(meta);
        var chunks = Bodies.IsLarge(body) ? [] : Bodies.Encrypt(dataKey, body, 1);
        var staged = Bodies.IsLarge(body) ? await Bodies.Stage(buckets.Database, bucket.Name, 1, dataKey, body).ConfigureAwait(false) : 0;
        try
        {
            return await buckets
                .Database.Write(transaction =>
                {
                    var now = buckets.Find(transaction, bucket);
                    check(Versions.Latest(transaction, bucket.Name, key));
                    var id = staged;
                    if (id == 0)
                    {
                        id = Bodies.New(transaction, bucket.Name);
                        Bodies.Write(transaction, id, 1, chunks);
                    }

                    var added = Versions.Add(
                        transaction,
                        now,
                        new(bucket.Name, key, 0, "", false, true, body.Length, etag, buckets.Clock.GetUtcNow(), null, id, json)
                    );
                    buckets.Notifications.Add(
                        transaction,
                        now,
                        BucketEvent.Of("ObjectCreated:" + created, caller, key, added.Modified).On(added, withSize: true)
                    );
                    return added;
                })
                .ConfigureAwait(false);
        }
        catch (AwsException) when (staged > 0)
        {
            await buckets.Database.Write(transaction => Bodies.Delete(transaction, staged)).ConfigureAwait(false);
            throw;
        }
    }

    public static void CheckKey(string key)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(key) > LongestKey)
        {
            throw new AwsException("KeyTooLongError", "Your key is too long");
        }
    }

    public static List<(string Name, string Value)> Headers(Bucket bucket, ObjectVersion version)
    {
        var meta = version.Meta;
        var headers = WrittenObject.EncryptionHeaders(meta);
        headers.Add(("ETag", S3Xml.Quoted(version.ETag)));
        if (meta.Checksum is { } checksum)
        {
            headers.Add((checksum.Header, checksum.Value));
            headers.Add(("x-amz-checksum-type", checksum.Type));
        }

        headers.AddRange(BucketLifecycle.Described(bucket, version, meta));
        if (version.VersionId != Versions.NullId)
        {
            headers.Add(("x-amz-version-id", version.VersionId));
        }

        return headers;
    }
}

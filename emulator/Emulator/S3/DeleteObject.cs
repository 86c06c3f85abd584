using System.Diagnostics.CodeAnalysis;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Deletes an object, or hides it behind a marker where there is versioning.</summary>
internal static class DeleteObject
{
    /// <summary>What a marker is told to have: the digest of nothing.</summary>
    private const string EmptyETag = "d41d8cd98f00b204e9800998ecf8427e";

    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        ObjectLocks.CheckBypass(request, bucket);
        var deleted = await request
            .Buckets.Database.Write(transaction =>
            {
                var versionId = request.Query("versionId");
                if (versionId is not null)
                {
                    GetObject.CheckVersionId(bucket, versionId);
                }

                CheckMatch(transaction, bucket, request.Key, versionId, request.Header("If-Match"));
                if (IsInvented(transaction, bucket, request.Key, versionId))
                {
                    throw S3Errors.Argument("Invalid version id specified", "versionId", versionId);
                }

                return Delete(
                    transaction,
                    request.Buckets,
                    bucket,
                    request.Key,
                    versionId,
                    request.Caller,
                    version => ObjectLocks.CheckFree(request, version)
                );
            })
            .ConfigureAwait(false);
        var headers = new List<(string, string)>();
        if (deleted.IsMarker)
        {
            headers.Add(("x-amz-delete-marker", "true"));
        }

        if (deleted.VersionId is { } id)
        {
            headers.Add(("x-amz-version-id", id));
        }

        return new RestAnswer { Status = 204, Headers = headers };
    }

    /// <summary>Whether an id is of no version that S3 ever made. One that is gone already is deleted again without an error: a repeated request is no other.</summary>
    public static bool IsInvented(Transaction transaction, Bucket bucket, string key, [NotNullWhen(true)] string? versionId) =>
        versionId is not (null or Versions.NullId)
        && !Versions.IsOwn(versionId)
        && Versions.Find(transaction, bucket.Name, key, versionId) is null;

    /// <summary>A conditional delete: of what is there, as it is known.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html</remarks>
    public static void CheckMatch(Transaction transaction, Bucket bucket, string key, string? versionId, string? match)
    {
        if (match is null)
        {
            return;
        }

        var found = versionId is null
            ? Versions.Latest(transaction, bucket.Name, key)
            : Versions.Find(transaction, bucket.Name, key, versionId);
        if (found is not { IsMarker: false })
        {
            throw S3Errors.NoKey(key);
        }

        if (match != "*" && match.Trim('"') != found.ETag)
        {
            throw S3Errors.Precondition("If-Match");
        }
    }

    /// <summary>What happened: the marker that was made or removed, the version that was.</summary>
    /// <param name="caller">Who deletes; null for a lifecycle rule.</param>
    public static (string? VersionId, bool IsMarker) Delete(
        Transaction transaction,
        Buckets buckets,
        Bucket bucket,
        string key,
        string? versionId,
        Caller? caller,
        Action<ObjectVersion>? check = null
    )
    {
        var now = buckets.Find(transaction, bucket);
        var happened = BucketEvent.Of(
            caller is null ? "LifecycleExpiration:Delete" : "ObjectRemoved:Delete",
            caller,
            key,
            buckets.Clock.GetUtcNow()
        );
        Uploads.Deleted(transaction, bucket.Name, key);
        if (versionId is not null)
        {
            var found = Versions.Find(transaction, bucket.Name, key, versionId);
            if (found is not null)
            {
                check?.Invoke(found);
                Versions.Remove(transaction, found);
                buckets.Notifications.Add(transaction, now, happened with { VersionId = versionId == Versions.NullId ? null : versionId });
            }

            return (versionId, found?.IsMarker == true);
        }

        if (now.Versioning is null)
        {
            if (Versions.Latest(transaction, bucket.Name, key) is { } only)
            {
                Versions.Remove(transaction, only);
            }

            // Of what was not there too (recorded on AWS with DeleteObjects, 05-08-2023).
            buckets.Notifications.Add(transaction, now, happened);
            return (null, false);
        }

        var marker = Versions.Add(
            transaction,
            now,
            new(bucket.Name, key, 0, "", true, true, 0, "", buckets.Clock.GetUtcNow(), null, 0, null)
        );
        buckets.Notifications.Add(
            transaction,
            now,
            (happened with { Name = happened.Name.Replace(":Delete", ":DeleteMarkerCreated", StringComparison.Ordinal) }).On(
                marker with
                {
                    ETag = EmptyETag,
                },
                withSize: false
            )
        );
        return (marker.VersionId, true);
    }
}

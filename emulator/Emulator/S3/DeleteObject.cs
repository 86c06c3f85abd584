using System.Diagnostics.CodeAnalysis;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Deletes an object, or hides it behind a marker where there is versioning.</summary>
internal static class DeleteObject
{
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
    public static (string? VersionId, bool IsMarker) Delete(
        Transaction transaction,
        Buckets buckets,
        Bucket bucket,
        string key,
        string? versionId,
        Action<ObjectVersion>? check = null
    )
    {
        var now = buckets.Find(transaction, bucket);
        Uploads.Deleted(transaction, bucket.Name, key);
        if (versionId is not null)
        {
            var found = Versions.Find(transaction, bucket.Name, key, versionId);
            if (found is not null)
            {
                check?.Invoke(found);
                Versions.Remove(transaction, found);
            }

            return (versionId, found?.IsMarker == true);
        }

        if (now.Versioning is null)
        {
            if (Versions.Latest(transaction, bucket.Name, key) is { } only)
            {
                Versions.Remove(transaction, only);
            }

            return (null, false);
        }

        var marker = Versions.Add(
            transaction,
            now,
            new(bucket.Name, key, 0, "", true, true, 0, "", buckets.Clock.GetUtcNow(), null, 0, null)
        );
        return (marker.VersionId, true);
    }
}

using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Tags of buckets and of objects: Put, Get and Delete of each.</summary>
internal static class Tagging
{
    private const int MostOfBucket = 50;

    public static async Task<RestAnswer> PutBucket(S3Request request)
    {
        var bucket = request.Bucket;
        var tags = ObjectTags.Checked(S3Xml.Tags(request.Xml("Tagging")), MostOfBucket);
        await request.Buckets.Change(bucket, current => current with { Tags = tags }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    public static Task<RestAnswer> GetBucket(S3Request request)
    {
        var bucket = request.Bucket;
        return S3Xml.Answer(
            S3Xml.Tagging(
                bucket.Tags is { Count: > 0 } tags
                    ? tags
                    : throw S3Errors.With("NoSuchTagSet", "The TagSet does not exist", 404, ("BucketName", bucket.Name))
            )
        );
    }

    public static async Task<RestAnswer> DeleteBucket(S3Request request)
    {
        await request.Buckets.Change(request.Bucket, bucket => bucket with { Tags = null }).ConfigureAwait(false);
        return new RestAnswer { Status = 204 };
    }

    public static Task<RestAnswer> PutObjects(S3Request request)
    {
        _ = request.Bucket;
        return Change(
            request,
            ObjectTags.Checked(S3Xml.Tags(request.Xml("Tagging")), system: "Your TagKey cannot be prefixed with aws:"),
            200
        );
    }

    public static Task<RestAnswer> DeleteObjects(S3Request request) => Change(request, [], 204);

    public static Task<RestAnswer> GetObjects(S3Request request)
    {
        var bucket = request.Bucket;
        var version = request.Buckets.Database.Read(transaction =>
            request.Query("versionId") is null && Versions.Latest(transaction, bucket.Name, request.Key) is null
                // Here, and here alone, AWS names the bucket too (recorded in localstack's tests/aws/services/s3/test_s3_api).
                ? throw S3Errors.NoKey($"{bucket.Name}/{request.Key}")
                : GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"), "GET", isMarkerNamed: true)
        );
        return S3Xml.Answer(S3Xml.Tagging(version.Meta.Tags), VersionHeader(bucket, version));
    }

    private static async Task<RestAnswer> Change(S3Request request, Dictionary<string, string> tags, int status)
    {
        var bucket = request.Bucket;
        var version = await request
            .Buckets.Database.Write(transaction =>
            {
                var found = GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"), status == 204 ? "DELETE" : "PUT");
                Versions.SetMeta(transaction, found, found.Meta with { Tags = tags });
                request.Buckets.Notifications.Add(
                    transaction,
                    request.Buckets.Find(transaction, bucket),
                    BucketEvent
                        .Of(
                            status == 204 ? "ObjectTagging:Delete" : "ObjectTagging:Put",
                            request.Caller,
                            request.Key,
                            request.Buckets.Clock.GetUtcNow()
                        )
                        .On(found, withSize: false)
                );
                return found;
            })
            .ConfigureAwait(false);
        return new RestAnswer { Status = status, Headers = VersionHeader(bucket, version) };
    }

    public static List<(string Name, string Value)> VersionHeader(Bucket bucket, ObjectVersion version) =>
        bucket.Versioning is null ? [] : [("x-amz-version-id", version.VersionId)];
}

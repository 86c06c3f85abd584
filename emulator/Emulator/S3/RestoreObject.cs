using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Has a copy of an archived object made, for some days.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html</remarks>
internal static class RestoreObject
{
    public static async Task<RestAnswer> Run(S3Request request)
    {
        var bucket = request.Bucket;
        var body = request.Xml("RestoreRequest").Only("Days", "GlacierJobParameters", "Tier");
        var days = body.Whole("Days") is >= 1 and var asked ? asked : throw S3Errors.Malformed();
        var tier = body.Child("GlacierJobParameters")?.Text("Tier") ?? body.Text("Tier") ?? "Standard";
        var status = await request
            .Buckets.Database.Write(transaction =>
            {
                var found = GetObject.Find(transaction, bucket, request.Key, request.Query("versionId"), "POST");
                var meta = found.Meta;
                if (!StorageClasses.IsArchive(meta))
                {
                    throw S3Errors.With(
                        "InvalidObjectState",
                        "Restore is not allowed for the object's current storage class",
                        403,
                        ("StorageClass", StorageClasses.Of(meta))
                    );
                }

                var now = request.Buckets.Clock.GetUtcNow();
                var copy = meta.Restored is { } one && now < one.Until ? one : null;
                if (copy is not null && now < copy.From)
                {
                    throw new AwsException("RestoreAlreadyInProgress", "Object restore is already in progress", 409);
                }

                var from = copy?.From ?? now + Takes(tier, meta.StorageClass == "DEEP_ARCHIVE");
                var until = new DateTimeOffset((from > now ? from : now).UtcDateTime.Date, TimeSpan.Zero).AddDays(days + 1);
                Versions.SetMeta(transaction, found, meta with { Restored = new(from, until) });
                Tell(transaction, request, bucket, found, copy is null ? new(from, until) : null);
                return copy is null ? 202 : 200;
            })
            .ConfigureAwait(false);
        return new RestAnswer { Status = status };
    }

    /// <param name="coming">The copy that there will be; null where one is kept for longer.</param>
    private static void Tell(Transaction transaction, S3Request request, Bucket bucket, ObjectVersion version, Restoration? coming)
    {
        var now = request.Buckets.Find(transaction, bucket);
        var notifications = request.Buckets.Notifications;
        var begun = BucketEvent
            .Of("ObjectRestore:Post", request.Caller, request.Key, request.Buckets.Clock.GetUtcNow())
            .On(version, withSize: true) with
        {
            StorageClass = version.Meta.StorageClass,
        };
        notifications.Add(transaction, now, begun);
        if (coming is not null)
        {
            notifications.Foresee(
                transaction,
                now,
                BucketEvent.Of("ObjectRestore:Completed", null, request.Key, coming.From).On(version, withSize: true) with
                {
                    StorageClass = begun.StorageClass,
                    RestoredUntil = coming.Until,
                }
            );
        }
    }

    /// <summary>The longest that AWS documents for each tier.</summary>
    private static TimeSpan Takes(string tier, bool isDeep) =>
        (tier, isDeep) switch
        {
            ("Expedited", false) => TimeSpan.FromMinutes(5),
            ("Standard", false) => TimeSpan.FromHours(5),
            ("Bulk", false) => TimeSpan.FromHours(12),
            ("Standard", true) => TimeSpan.FromHours(12),
            ("Bulk", true) => TimeSpan.FromHours(48),
            ("Expedited", true) => throw AwsException.NotImplemented("the tier Expedited for DEEP_ARCHIVE in s3:RestoreObject"),
            _ => throw S3Errors.Malformed(),
        };
}

namespace Disa.Emulator.S3;

/// <summary>Carries out lifecycle rules once a day, at midnight UTC, as S3 does; and once, at the start, removes what a stop left of large objects.</summary>
/// <param name="newestBody">The last body that was there at the start: later ones may be in progress.</param>
internal sealed class LifecycleWorker(Buckets buckets, long newestBody)
{
    private bool swept;

    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        if (!swept)
        {
            if (buckets.Database.Read(transaction => Bodies.Abandoned(transaction, newestBody)) is { Count: > 0 } abandoned)
            {
                await buckets
                    .Database.Write(transaction => abandoned.ForEach(body => Bodies.Delete(transaction, body)))
                    .ConfigureAwait(false);
            }

            swept = true;
        }

        var now = buckets.Clock.GetUtcNow();
        var any = false;
        foreach (var bucket in buckets.All().Where(bucket => bucket.Lifecycle is not null).ToList())
        {
            any = true;
            foreach (var rule in bucket.Lifecycle!.Where(rule => rule.Enabled))
            {
                cancellation.ThrowIfCancellationRequested();
                await Apply(bucket, rule, now).ConfigureAwait(false);
            }
        }

        return any ? Midnight(now) : null;
    }

    private async Task Apply(Bucket bucket, LifecycleRule rule, DateTimeOffset now)
    {
        var expired = new List<ObjectVersion>();
        var gone = new List<ObjectVersion>();
        buckets.Database.Read(transaction =>
        {
            string? key = null;
            var newer = 0;
            Versions.ScanAll(
                transaction,
                bucket.Name,
                rule.Prefix,
                version =>
                {
                    if (!version.Key.StartsWith(rule.Prefix, StringComparison.Ordinal))
                    {
                        return false;
                    }

                    newer = version.Key == key && !version.IsLatest ? newer + 1 : 0;
                    var alone = version.IsLatest && version.Sequence == 1;
                    key = version.Key;
                    if (!version.IsMarker && !rule.IsFor(version.Key, version.Size, rule.Tags is null ? null : version.Meta))
                    {
                        return true;
                    }

                    if (version.IsLatest && !version.IsMarker && rule.Expires(version.Modified) <= now)
                    {
                        expired.Add(version);
                    }
                    else if (
                        !version.IsLatest
                        && Due(version.NoncurrentSince, rule.NoncurrentDays) <= now
                        && newer > (rule.NewerNoncurrentVersions ?? 0)
                    )
                    {
                        gone.Add(version);
                    }
                    else if (
                        version is { IsLatest: true, IsMarker: true }
                        && (rule.ExpiredObjectDeleteMarker || rule.ExpirationDays is not null)
                        && !alone
                        && transaction.Number("SELECT count(*) FROM s3_version WHERE bucket = $1 AND key = $2", bucket.Name, version.Key)
                            == 1
                    )
                    {
                        gone.Add(version);
                    }

                    return true;
                }
            );
            return true;
        });
        var uploads = buckets
            .Database.Read(transaction => Uploads.Of(transaction, bucket.Name))
            .Where(upload => upload.Key.StartsWith(rule.Prefix, StringComparison.Ordinal) && Due(upload.Started, rule.AbortDays) <= now)
            .ToList();
        if (expired.Count + gone.Count + uploads.Count == 0)
        {
            return;
        }

        await buckets
            .Database.Write(transaction =>
            {
                foreach (var version in expired)
                {
                    if (
                        Versions.Latest(transaction, bucket.Name, version.Key) is { } latest
                        && latest.VersionId == version.VersionId
                        && latest.Sequence == version.Sequence
                    )
                    {
                        DeleteObject.Delete(transaction, buckets, bucket, version.Key, null, caller: null);
                    }
                }

                foreach (var version in gone)
                {
                    if (
                        Versions.Find(transaction, bucket.Name, version.Key, version.VersionId) is { } found
                        && found.Sequence == version.Sequence
                    )
                    {
                        DeleteObject.Delete(transaction, buckets, bucket, version.Key, version.VersionId, caller: null);
                    }
                }

                foreach (var upload in uploads)
                {
                    Uploads.Remove(transaction, upload, keepBody: false);
                }
            })
            .ConfigureAwait(false);
    }

    /// <summary>So many days later, and then the next midnight.</summary>
    private static DateTimeOffset? Due(DateTimeOffset? since, int? days) =>
        since is null || days is null ? null : Midnight(since.Value.AddDays(days.Value));

    private static DateTimeOffset Midnight(DateTimeOffset time) => new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
}

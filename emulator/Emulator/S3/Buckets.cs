using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.S3;

/// <summary>The buckets, by a name that is unique among all accounts and Regions.</summary>
internal sealed class Buckets(Database database, Clock clock, DataKeys keys, Tokens tokens)
{
    private readonly Shelf<Bucket> shelf = new(database, "s3.bucket", S3Documents.Default.Bucket);

    public Database Database => database;

    public Clock Clock => clock;

    public DataKeys Keys => keys;

    public Listings Lists { get; } = new(tokens, "s3", S3Errors.ContinuationToken);

    /// <summary>Who is told of what happens to objects.</summary>
    public Notifications Notifications { get; set; } = null!;

    /// <summary>Called when a lifecycle rule may have come.</summary>
    public Action LifecycleChanged { get; set; } = () => { };

    public IEnumerable<Bucket> All() => shelf.All().Select(entry => entry.Value);

    public IEnumerable<Bucket> Of(string account) => shelf.List(Scope.Global(account)).Values;

    public Bucket? Get(string name) => All().FirstOrDefault(bucket => bucket.Name == name);

    public Bucket? Get(Transaction transaction, string name) =>
        Get(name) is { } seen ? shelf.Get(transaction, Scope.Global(seen.Account), name) : shelf.Get(transaction, Scope.Global(""), name);

    /// <summary>A bucket that the caller may use; another account's would need its policy's leave, which is not evaluated yet.</summary>
    /// <exception cref="AwsException">NoSuchBucket, AccessDenied.</exception>
    public Bucket Find(string name, Caller caller)
    {
        var bucket = Get(name) ?? throw S3Errors.NoBucket(name);
        return bucket.Account == caller.Account ? bucket : throw S3Errors.Denied();
    }

    /// <summary>Within a write: as the write sees it.</summary>
    public Bucket Find(Transaction transaction, Bucket bucket) =>
        shelf.Get(transaction, Scope.Global(bucket.Account), bucket.Name) ?? throw S3Errors.NoBucket(bucket.Name);

    public void Put(Transaction transaction, Bucket bucket)
    {
        shelf.Put(transaction, Scope.Global(bucket.Account), bucket.Name, bucket);
        if (bucket.Lifecycle is not null)
        {
            transaction.AfterCommit(LifecycleChanged);
        }
    }

    public Task<Bucket> Change(Bucket bucket, Func<Bucket, Bucket> change) =>
        database.Write(transaction =>
        {
            var changed = change(Find(transaction, bucket));
            Put(transaction, changed);
            return changed;
        });

    /// <exception cref="AwsException">BucketNotEmpty.</exception>
    public void Delete(Transaction transaction, Bucket bucket)
    {
        Find(transaction, bucket);
        if (Versions.Any(transaction, bucket.Name))
        {
            throw S3Errors.NotEmpty(bucket.Name, bucket.Versioning is not null);
        }

        // Uploads that nobody completed go with the bucket.
        foreach (var upload in Uploads.Of(transaction, bucket.Name))
        {
            Uploads.Remove(transaction, upload, keepBody: false);
        }

        shelf.Remove(transaction, Scope.Global(bucket.Account), bucket.Name);
    }

    public void Reset(Transaction transaction, string account)
    {
        Notifications.Reset(transaction, account);
        foreach (var bucket in Of(account))
        {
            transaction.Execute("DELETE FROM s3_version WHERE bucket = $1", bucket.Name);
            transaction.Execute("DELETE FROM s3_part WHERE upload IN (SELECT id FROM s3_upload WHERE bucket = $1)", bucket.Name);
            transaction.Execute("DELETE FROM s3_upload WHERE bucket = $1", bucket.Name);
            transaction.Execute("DELETE FROM s3_chunk WHERE body IN (SELECT id FROM s3_body WHERE bucket = $1)", bucket.Name);
            transaction.Execute("DELETE FROM s3_body WHERE bucket = $1", bucket.Name);
        }
    }
}

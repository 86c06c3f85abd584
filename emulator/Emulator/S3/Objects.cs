using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>An object's bytes and what names them.</summary>
public sealed record S3Object(ReadOnlyMemory<byte> Body, string VersionId, string ETag);

/// <summary>Objects for the other rooms: packages, templates, definitions, failed batches.</summary>
public sealed class Objects
{
    private readonly Buckets buckets;

    internal Objects(Buckets buckets) => this.buckets = buckets;

    /// <summary>Null where there is no such object (or a delete marker over it).</summary>
    /// <exception cref="AwsException">NoSuchBucket, AccessDenied (another account's), KMS's errors.</exception>
    public Task<S3Object?> Get(Scope scope, string bucket, string key, string? versionId)
    {
        var found = buckets.Find(bucket, Caller.Service("s3", scope));
        return Task.FromResult(
            buckets.Database.Read(transaction =>
            {
                var version = versionId is null
                    ? Versions.Latest(transaction, bucket, key)
                    : Versions.Find(transaction, bucket, key, versionId);
                if (version is not { IsMarker: false })
                {
                    return null;
                }

                var meta = version.Meta;
                var bytes = Bodies.Read(
                    transaction,
                    WrittenObject.OpenKey(buckets, found, meta, null),
                    version.Body,
                    meta.Parts,
                    0,
                    version.Size
                );
                return new S3Object(bytes, version.VersionId, version.ETag);
            })
        );
    }

    /// <summary>Writes an object as a service does on its user's behalf.</summary>
    /// <exception cref="AwsException">NoSuchBucket, AccessDenied (another account's), KMS's errors.</exception>
    public async Task<S3Object> Put(Caller caller, string bucket, string key, ReadOnlyMemory<byte> body, string contentType)
    {
        var found = buckets.Find(bucket, caller);
        var meta = new ObjectMeta
        {
            Headers = new() { ["Content-Type"] = contentType },
            Encryption = found.Encryption,
            Envelope = null!,
            Parts = [],
        };
        var version = await PutObject.Store(buckets, found, key, body, meta, caller, _ => { }).ConfigureAwait(false);
        return new S3Object(body, version.VersionId, version.ETag);
    }
}

using System.Collections.Concurrent;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Cli.Deploy;

/// <summary>What an upload did.</summary>
/// <param name="Versions">The version of each file in the bucket, by the file's key; empty text where the bucket keeps none.</param>
internal sealed record Uploaded(int Sent, int Copied, int Unchanged, IReadOnlyDictionary<string, string> Versions);

/// <summary>An object as it lies in the bucket.</summary>
internal sealed record StoredObject(string? Sha256, string Version);

/// <summary>Brings artefacts into the bucket by content: what lies there already stays, what an earlier version left under its prefix is copied from there.</summary>
/// <remarks>
/// Where the answer of PutObject or CopyObject is lost, the SDK's repetition makes one more version of the same content, and answers
/// that version's id.
/// </remarks>
internal sealed class Upload(AwsSession session, string bucket)
{
    /// <summary>Under encryption with a KMS key an ETag is no hash of the content: the object carries one of its own.</summary>
    public const string HashMetadata = "disa-sha256";

    private const int Concurrency = 4;

    /// <param name="prefix">Where a file is to lie.</param>
    /// <param name="before">Where an earlier version of it lies; null where the bucket is new, so that nobody need look.</param>
    /// <param name="progress">Hears of each file that is done, and of its version.</param>
    public async Task<Uploaded> Run(
        IReadOnlyList<Artefact> files,
        Func<Artefact, string> prefix,
        Func<Artefact, string>? before,
        Action<Artefact, string> progress,
        CancellationToken cancellation
    )
    {
        var (sent, copied, unchanged) = (0, 0, 0);
        var versions = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel
            .ForEachAsync(
                files,
                new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation },
                async (file, token) =>
                {
                    var (key, old) = (prefix(file) + file.Key, before?.Invoke(file) + file.Key);
                    var there = before is null ? null : await Find(key, token).ConfigureAwait(false);
                    if (there?.Sha256 == file.Sha256)
                    {
                        versions[file.Key] = there.Version;
                        Interlocked.Increment(ref unchanged);
                    }
                    else if (before is not null && old != key && (await Find(old, token).ConfigureAwait(false))?.Sha256 == file.Sha256)
                    {
                        var copy = await session
                            .S3.CopyObjectAsync(
                                new CopyObjectRequest
                                {
                                    SourceBucket = bucket,
                                    SourceKey = old,
                                    DestinationBucket = bucket,
                                    DestinationKey = key,
                                },
                                token
                            )
                            .ConfigureAwait(false);
                        versions[file.Key] = copy.VersionId ?? "";
                        Interlocked.Increment(ref copied);
                    }
                    else
                    {
                        var request = new PutObjectRequest
                        {
                            BucketName = bucket,
                            Key = key,
                            FilePath = file.Path,
                        };
                        request.Metadata.Add(HashMetadata, file.Sha256);
                        versions[file.Key] = (await session.S3.PutObjectAsync(request, token).ConfigureAwait(false)).VersionId ?? "";
                        Interlocked.Increment(ref sent);
                    }

                    progress(file, versions[file.Key]);
                }
            )
            .ConfigureAwait(false);
        return new(sent, copied, unchanged, versions);
    }

    /// <summary>Takes files off again, each in the version in which it was brought: whatever else lies there stays.</summary>
    /// <param name="prefix">Where they lie.</param>
    /// <param name="versions">By the files' keys.</param>
    public Task Remove(string prefix, IReadOnlyDictionary<string, string> versions, CancellationToken cancellation) =>
        session.S3.DeleteObjectsAsync(
            new DeleteObjectsRequest
            {
                BucketName = bucket,
                Quiet = true,
                Objects =
                [
                    .. versions.Select(one => new KeyVersion
                    {
                        Key = prefix + one.Key,
                        VersionId = one.Value.Length > 0 ? one.Value : null,
                    }),
                ],
            },
            cancellation
        );

    /// <summary>What lies there; null where there is nothing.</summary>
    public async Task<StoredObject?> Find(string key, CancellationToken cancellation)
    {
        try
        {
            var head = await session.S3.GetObjectMetadataAsync(bucket, key, cancellation).ConfigureAwait(false);
            return new(head.Metadata[HashMetadata], head.VersionId ?? "");
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Cli.Deploy;

/// <summary>What an upload did.</summary>
internal sealed record Uploaded(int Sent, int Copied, int Unchanged);

/// <summary>Brings artefacts into the bucket by content: what lies there already stays, what an earlier version left under its prefix is copied from there.</summary>
internal sealed class Upload(AwsSession session, string bucket)
{
    /// <summary>Under encryption with a KMS key an ETag is no hash of the content: the object carries one of its own.</summary>
    public const string HashMetadata = "disa-sha256";

    private const int Concurrency = 4;

    /// <param name="prefix">Where they are to lie.</param>
    /// <param name="before">Where an earlier version lies; null where the bucket is new, so that nobody need look.</param>
    /// <param name="progress">Hears of each file that is done.</param>
    public async Task<Uploaded> Run(IReadOnlyList<Artefact> files, string prefix, string? before, Action<Artefact> progress, CancellationToken cancellation)
    {
        var (sent, copied, unchanged) = (0, 0, 0);
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation }, async (file, token) =>
        {
            if (before is not null && await HashOf(prefix + file.Key, token).ConfigureAwait(false) == file.Sha256)
            {
                Interlocked.Increment(ref unchanged);
            }
            else if (before is not null && before != prefix && await HashOf(before + file.Key, token).ConfigureAwait(false) == file.Sha256)
            {
                await session.S3.CopyObjectAsync(new CopyObjectRequest { SourceBucket = bucket, SourceKey = before + file.Key, DestinationBucket = bucket, DestinationKey = prefix + file.Key }, token).ConfigureAwait(false);
                Interlocked.Increment(ref copied);
            }
            else
            {
                var request = new PutObjectRequest { BucketName = bucket, Key = prefix + file.Key, FilePath = file.Path };
                request.Metadata.Add(HashMetadata, file.Sha256);
                await session.S3.PutObjectAsync(request, token).ConfigureAwait(false);
                Interlocked.Increment(ref sent);
            }

            progress(file);
        }).ConfigureAwait(false);
        return new(sent, copied, unchanged);
    }

    /// <summary>The hash that an object carries; null where there is none.</summary>
    public async Task<string?> HashOf(string key, CancellationToken cancellation)
    {
        try
        {
            var head = await session.S3.GetObjectMetadataAsync(bucket, key, cancellation).ConfigureAwait(false);
            return head.Metadata[HashMetadata];
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Emulator.Tests.S3;

/// <summary>An S3 client on an emulator of its own.</summary>
public abstract class WithBuckets : IAsyncLifetime
{
    private protected TestCloud cloud = null!;
    private protected AmazonS3Client s3 = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        s3 = S3Tests.Client(cloud);
    }

    public async ValueTask DisposeAsync()
    {
        s3.Dispose();
        await cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> Text(string key, string? version)
    {
        using var got = await s3.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = "bucket",
                Key = key,
                VersionId = version,
            }
        );
        return await new StreamReader(got.ResponseStream).ReadToEndAsync();
    }

    private protected static async Task Fails(string code, int status, Func<Task> call)
    {
        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(call);
        Assert.Equal((code, status), (failure.ErrorCode, (int)failure.StatusCode));
    }
}

using Amazon.S3.Model;

namespace Disa.Emulator.Tests.S3;

public sealed class S3CrashTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Bucket, versioning, two versions, an upload of one part and its completion: whatever was answered is there, whole, and nothing else.</summary>
    [Fact]
    public async Task A_power_cut_before_any_write_leaves_whole_objects_only()
    {
        for (var cut = 1; cut < 30; cut++)
        {
            var power = new PowerCut(cut);
            var options = new LocalCloudOptions { DataDirectory = Path.Combine(directory, $"cut{cut}"), BeforeWrite = power.BeforeWrite };
            var answered = new List<string>();
            var finished = false;
            try
            {
                await using var cloud = await TestCloud.Start(options);
                using var s3 = S3Tests.Client(cloud);
                await s3.PutBucketAsync("bucket");
                answered.Add("bucket");
                await s3.PutBucketVersioningAsync(
                    new PutBucketVersioningRequest
                    {
                        BucketName = "bucket",
                        VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Enabled },
                    }
                );
                foreach (var text in (string[])["one", "two"])
                {
                    await s3.PutObjectAsync(
                        new PutObjectRequest
                        {
                            BucketName = "bucket",
                            Key = "k",
                            ContentBody = text,
                        }
                    );
                    answered.Add(text);
                }

                var upload = (await s3.InitiateMultipartUploadAsync("bucket", "k")).UploadId;
                var part = await s3.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = "bucket",
                        Key = "k",
                        UploadId = upload,
                        PartNumber = 1,
                        InputStream = new MemoryStream("three"u8.ToArray()),
                    }
                );
                await s3.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = "bucket",
                        Key = "k",
                        UploadId = upload,
                        PartETags = [new(part)],
                    }
                );
                answered.Add("three");
                finished = true;
            }
            catch (Exception) when (power.Happened.Task.IsCompleted)
            {
                // The power went.
            }

            await using (var cloud = await TestCloud.Start(options with { BeforeWrite = null }))
            {
                using var s3 = S3Tests.Client(cloud);
                if (answered.Count > 1)
                {
                    var versions = (await s3.ListVersionsAsync("bucket")).Versions;
                    var texts = new List<string>();
                    foreach (var version in versions)
                    {
                        using var got = await s3.GetObjectAsync("bucket", "k", version.VersionId);
                        texts.Add(await new StreamReader(got.ResponseStream).ReadToEndAsync());
                    }

                    Assert.Equal(answered.Skip(1).Reverse(), texts);
                    Assert.Single(versions, version => version.IsLatest == true);
                }
                else if (answered.Count == 1)
                {
                    Assert.Empty((await s3.ListVersionsAsync("bucket")).Versions ?? []);
                }
                else
                {
                    Assert.Empty((await s3.ListBucketsAsync()).Buckets ?? []);
                }
            }

            if (finished)
            {
                Assert.True(cut > 6, $"only {cut} writes");
                return;
            }
        }

        Assert.Fail("The power was cut before every write, and never was it the last.");
    }
}

using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Emulator.Tests.S3;

/// <summary>Objects through Amazon's client.</summary>
public sealed class S3Tests : WithBuckets
{
    internal static AmazonS3Client Client(TestCloud cloud, string region = "us-east-1", string account = "000000000000") =>
        new(
            new BasicAWSCredentials(account, "secret"),
            new AmazonS3Config
            {
                ServiceURL = cloud.Endpoint.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = region,
                MaxErrorRetry = 0,
            }
        );

    [Fact]
    public async Task What_is_put_is_there_with_its_metadata()
    {
        await s3.PutBucketAsync("bucket");
        var put = new PutObjectRequest
        {
            BucketName = "bucket",
            Key = "a/b c+d%é.txt",
            ContentBody = "hello",
            ContentType = "text/plain",
            TagSet = [new() { Key = "t", Value = "1" }],
        };
        put.Metadata["x"] = "y";
        var written = await s3.PutObjectAsync(put);

        using var got = await s3.GetObjectAsync("bucket", "a/b c+d%é.txt");

        Assert.Equal("hello", await new StreamReader(got.ResponseStream).ReadToEndAsync());
        Assert.Equal("text/plain", got.Headers.ContentType);
        Assert.Equal("y", got.Metadata["x"]);
        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", written.ETag);
        Assert.Equal(ServerSideEncryptionMethod.AES256, got.ServerSideEncryptionMethod);
        Assert.Equal(
            "t",
            Assert
                .Single(
                    (await s3.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = "bucket", Key = "a/b c+d%é.txt" })).Tagging
                )
                .Key
        );
    }

    [Fact]
    public async Task Errors_are_S3s()
    {
        await Fails("NoSuchBucket", 404, () => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "nowhere" }));
        await s3.PutBucketAsync("bucket");
        await Fails("NoSuchKey", 404, () => s3.GetObjectAsync("bucket", "k"));
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "k",
                ContentBody = "x",
            }
        );
        await Fails("BucketNotEmpty", 409, () => s3.DeleteBucketAsync("bucket"));
        await Fails(
            "PreconditionFailed",
            412,
            () =>
                s3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = "bucket",
                        Key = "k",
                        ContentBody = "x",
                        IfNoneMatch = "*",
                    }
                )
        );
        await Fails(
            "InvalidRange",
            416,
            () =>
                s3.GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = "bucket",
                        Key = "k",
                        ByteRange = new ByteRange(5, 9),
                    }
                )
        );
        await Fails(
            "BadDigest",
            400,
            () =>
                s3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = "bucket",
                        Key = "k",
                        ContentBody = "x",
                        MD5Digest = Convert.ToBase64String(new byte[16]),
                    }
                )
        );
        await Fails("InvalidBucketName", 400, () => s3.PutBucketAsync("Bucket_1"));
        await s3.PutBucketAsync("bucket");
        using var elsewhere = Client(cloud, "eu-west-1");
        await elsewhere.PutBucketAsync(new PutBucketRequest { BucketName = "europe", BucketRegionName = "eu-west-1" });
        await Fails(
            "BucketAlreadyOwnedByYou",
            409,
            () => elsewhere.PutBucketAsync(new PutBucketRequest { BucketName = "europe", BucketRegionName = "eu-west-1" })
        );
        using var other = Client(cloud, account: "111111111111");
        await Fails("BucketAlreadyExists", 409, () => other.PutBucketAsync("bucket"));
        await Fails("AccessDenied", 403, () => other.GetObjectAsync("bucket", "k"));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_a_signature()
    {
        await s3.PutBucketAsync("bucket");
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(cloud.Endpoint, "/bucket/k"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("<Code>AccessDenied</Code>", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Lists_go_page_by_page_and_folder_by_folder()
    {
        await s3.PutBucketAsync("bucket");
        foreach (var key in (string[])["a", "b/1", "b/2", "c/1", "d", "é", "z"])
        {
            await s3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = "bucket",
                    Key = key,
                    ContentBody = key,
                }
            );
        }

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await s3.ListObjectsV2Async(
                new ListObjectsV2Request
                {
                    BucketName = "bucket",
                    Delimiter = "/",
                    MaxKeys = 2,
                    ContinuationToken = token,
                }
            );
            names.AddRange((page.S3Objects ?? []).Select(item => item.Key));
            names.AddRange(page.CommonPrefixes ?? []);
            token = page.NextContinuationToken;
        } while (token is not null);

        Assert.Equal(["a", "b/", "c/", "d", "z", "é"], names.Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(
            ["b/1", "b/2"],
            (await s3.ListObjectsAsync(new ListObjectsRequest { BucketName = "bucket", Prefix = "b/" }))
                .S3Objects.Select(item => item.Key)
                .ToArray()
        );
        var deleted = await s3.DeleteObjectsAsync(
            new DeleteObjectsRequest { BucketName = "bucket", Objects = names.Select(name => new KeyVersion { Key = name }).ToList() }
        );
        Assert.Equal(6, deleted.DeletedObjects.Count);
    }

    [Fact]
    public async Task A_large_object_comes_in_parts_and_out_in_ranges()
    {
        await s3.PutBucketAsync("bucket");
        var bytes = new byte[11 * 1024 * 1024 + 7];
        Random.Shared.NextBytes(bytes);
        var upload = (await s3.InitiateMultipartUploadAsync("bucket", "big")).UploadId;
        var parts = new List<PartETag>();
        for (var (number, at) = (1, 0); at < bytes.Length; number++, at += 5 * 1024 * 1024)
        {
            var size = Math.Min(5 * 1024 * 1024, bytes.Length - at);
            parts.Add(
                new(
                    await s3.UploadPartAsync(
                        new UploadPartRequest
                        {
                            BucketName = "bucket",
                            Key = "big",
                            UploadId = upload,
                            PartNumber = number,
                            InputStream = new MemoryStream(bytes, at, size),
                            PartSize = size,
                        }
                    )
                )
            );
        }

        Assert.Single((await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = "bucket" })).MultipartUploads);
        var completed = await s3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = "bucket",
                Key = "big",
                UploadId = upload,
                PartETags = parts,
            }
        );

        Assert.EndsWith("-3\"", completed.ETag, StringComparison.Ordinal);
        using var whole = await s3.GetObjectAsync("bucket", "big");
        var memory = new MemoryStream();
        await whole.ResponseStream.CopyToAsync(memory);
        Assert.True(bytes.AsSpan().SequenceEqual(memory.ToArray()));
        using var range = await s3.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = "bucket",
                Key = "big",
                ByteRange = new ByteRange(5242870, 5242889),
            }
        );
        memory = new MemoryStream();
        await range.ResponseStream.CopyToAsync(memory);
        Assert.Equal(bytes[5242870..5242890], memory.ToArray());
        await Fails("NoSuchUpload", 404, () => s3.AbortMultipartUploadAsync("bucket", "big", upload));
        var copy = await s3.CopyObjectAsync("bucket", "big", "bucket", "copy");
        Assert.NotNull(copy.ETag);
        Assert.Equal(bytes.Length, (await s3.GetObjectMetadataAsync("bucket", "copy")).ContentLength);
    }

    [Fact]
    public async Task A_presigned_URL_works_until_it_ends()
    {
        await s3.PutBucketAsync("bucket");
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "k",
                ContentBody = "x",
            }
        );
        var url = await s3.GetPreSignedURLAsync(
            new GetPreSignedUrlRequest
            {
                BucketName = "bucket",
                Key = "k",
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10),
                Protocol = Protocol.HTTP,
            }
        );
        using var http = new HttpClient();

        Assert.Equal("x", await http.GetStringAsync(new Uri(url)));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(11));
        using var late = await http.GetAsync(new Uri(url));
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Contains("<Message>Request has expired</Message><X-Amz-Expires>", await late.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_bucket_may_be_in_the_host_name()
    {
        await s3.PutBucketAsync("bucket");
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "a/k",
                ContentBody = "x",
            }
        );
        foreach (
            var host in (string[])
                ["bucket.localhost", "bucket.s3.localhost", "bucket.s3.us-east-1.amazonaws.com", "bucket.s3.amazonaws.com"]
        )
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(cloud.Endpoint, "/a/k"));
            request.Headers.Host = host;
            request.Headers.TryAddWithoutValidation(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00"
            );
            using var answer = await http.SendAsync(request);
            Assert.Equal("x", await answer.Content.ReadAsStringAsync());
        }
    }
}

using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Emulator.Tests.S3;

/// <summary>What a bucket is set to: its versions, its lifecycle, its policy, its key.</summary>
public sealed class BucketSettingTests : WithBuckets
{
    [Fact]
    public async Task Versions_stay_behind_delete_markers()
    {
        await s3.PutBucketAsync("bucket");
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "k",
                ContentBody = "before",
            }
        );
        await s3.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = "bucket",
                VersioningConfig = new() { Status = VersionStatus.Enabled },
            }
        );
        var one = (
            await s3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = "bucket",
                    Key = "k",
                    ContentBody = "one",
                }
            )
        ).VersionId;
        var marker = await s3.DeleteObjectAsync("bucket", "k");

        await Fails("NoSuchKey", 404, () => s3.GetObjectAsync("bucket", "k"));
        Assert.Equal("true", marker.DeleteMarker);
        Assert.Equal("one", await Text("k", one));
        Assert.Equal("before", await Text("k", "null"));
        var versions = (await s3.ListVersionsAsync("bucket")).Versions;
        Assert.Equal([marker.VersionId, one, "null"], versions.Select(version => version.VersionId).ToArray());
        Assert.Empty((await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket" })).S3Objects ?? []);
        await Fails("MethodNotAllowed", 405, () => s3.GetObjectAsync("bucket", "k", marker.VersionId));

        await s3.DeleteObjectAsync("bucket", "k", marker.VersionId);
        Assert.Equal("one", await Text("k", null));
        await Fails("NoSuchVersion", 404, () => s3.GetObjectAsync("bucket", "k", marker.VersionId));
    }

    [Fact]
    public async Task Objects_under_a_KMS_key_go_dark_with_it()
    {
        using var kms = Kms.KmsTests.Client(cloud);
        var key = (await kms.CreateKeyAsync(new())).KeyMetadata;
        await s3.PutBucketAsync("bucket");
        await s3.PutBucketEncryptionAsync(
            new PutBucketEncryptionRequest
            {
                BucketName = "bucket",
                ServerSideEncryptionConfiguration = new()
                {
                    ServerSideEncryptionRules =
                    [
                        new()
                        {
                            BucketKeyEnabled = true,
                            ServerSideEncryptionByDefault = new()
                            {
                                ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS,
                                ServerSideEncryptionKeyManagementServiceKeyId = key.KeyId,
                            },
                        },
                    ],
                },
            }
        );
        var put = await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "k",
                ContentBody = "secret",
            }
        );
        Assert.Equal(key.Arn, put.ServerSideEncryptionKeyManagementServiceKeyId);
        Assert.Equal("secret", await Text("k", null));

        await kms.DisableKeyAsync(key.KeyId);

        await Fails("KMS.DisabledException", 400, () => s3.GetObjectAsync("bucket", "k"));
        await kms.EnableKeyAsync(key.KeyId);
        Assert.Equal("secret", await Text("k", null));
    }

    [Fact]
    public async Task Old_versions_expire_at_midnight_by_the_rule()
    {
        await s3.PutBucketAsync("bucket");
        await s3.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = "bucket",
                VersioningConfig = new() { Status = VersionStatus.Enabled },
            }
        );
        await cloud.Rest(
            HttpMethod.Put,
            "s3",
            "/bucket?lifecycle=",
            "<LifecycleConfiguration><Rule><ID>old</ID><Filter/><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>"
        );
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "k",
                ContentBody = "one",
            }
        );
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "bucket",
                Key = "k",
                ContentBody = "two",
            }
        );

        await cloud.Cloud.Advance(TimeSpan.FromDays(1.9));
        Assert.Equal(2, (await s3.ListVersionsAsync("bucket")).Versions.Count);
        await cloud.Cloud.Advance(TimeSpan.FromDays(1.2));

        Assert.Single((await s3.ListVersionsAsync("bucket")).Versions);
        Assert.Equal("two", await Text("k", null));
    }

    [Fact]
    public async Task A_bucket_policy_is_checked_and_kept()
    {
        await s3.PutBucketAsync("bucket");
        const string policy =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::bucket","arn:aws:s3:::bucket/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}""";
        await s3.PutBucketPolicyAsync("bucket", policy);
        Assert.Equal(policy, (await s3.GetBucketPolicyAsync("bucket")).Policy);
        await Fails(
            "MalformedPolicy",
            400,
            () =>
                s3.PutBucketPolicyAsync("bucket", policy.Replace("arn:aws:s3:::bucket/*", "arn:aws:s3:::other/*", StringComparison.Ordinal))
        );
        await Fails(
            "AccessDenied",
            403,
            () =>
                s3.PutBucketPolicyAsync(
                    "bucket",
                    """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]}"""
                )
        );
    }
}

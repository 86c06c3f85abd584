using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Packages from a bucket, and processes that leave others behind.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task A_package_comes_from_a_bucket_and_one_that_is_not_there_is_named()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        using var s3 = new AmazonS3Client(
            "test",
            "test",
            new AmazonS3Config
            {
                ServiceURL = cloud.Endpoint.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
            }
        );
        await s3.PutBucketAsync("packages");
        using var zip = new MemoryStream(FunctionFixture.Zip(("index.py", "def handler(event, context):\n    return 'from s3'")));
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "packages",
                Key = "code/a.zip",
                InputStream = zip,
            }
        );
        await cloud.EnsureRole();

        await cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions", Request("code/a.zip"));
        await cloud.Settled("packed");

        Assert.Equal("\"from s3\"", (await cloud.Invoke("packed")).Payload);
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Rest(HttpMethod.Post, "lambda", "/2015-03-31/functions", Request("code/b.zip").Replace("packed", "other"))
        );
        Assert.Contains("Error occurred while GetObject. S3 Error Code: NoSuchKey.", error.Body);
    }

    [Fact]
    public async Task A_process_that_dies_is_seen_while_its_child_still_holds_the_pipe()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "parent",
            "import os, subprocess\ndef handler(event, context):\n    subprocess.Popen(['sleep', '20'])\n    os._exit(4)",
            "\"Timeout\":15"
        );

        var result = await cloud.Invoke("parent");

        Assert.EndsWith("exit status 4", result.Json.GetProperty("errorMessage").GetString());
    }

    private static string Request(string key) =>
        $$"""{"FunctionName":"packed","Runtime":"python3.12","Handler":"index.handler","Role":"{{FunctionFixture.Role}}","Code":{"S3Bucket":"packages","S3Key":"{{key}}"} }""";
}

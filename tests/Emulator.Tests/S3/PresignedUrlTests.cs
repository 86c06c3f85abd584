using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace Disa.Emulator.Tests.S3;

/// <summary>Presigned URLs as the SDKs and the CLI make them.</summary>
public sealed class PresignedUrlTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/k", "data");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await cloud.DisposeAsync();
    }

    /// <summary>The AWS CLI 1 and boto3 sign so by default where the Region is us-east-1.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html, "Query string request authentication alternative"</remarks>
    [Theory]
    [InlineData(3600, 200, "data")]
    [InlineData(-60, 403, "Request has expired")]
    public async Task A_URL_may_be_signed_with_version_2(int seconds, int status, string part)
    {
        var expires = TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

        using var answer = await http.GetAsync(
            new Uri(cloud.Endpoint, $"/bucket/k?AWSAccessKeyId=000000000000&Signature=r2Px8mrvYz1O1THXnDxYOP%2FnZ48%3D&Expires={expires}")
        );

        Assert.Contains(part, await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, (int)answer.StatusCode);
    }

    /// <summary>As botocore signs by version 2: what S3 reads as a header is in the query, and the type twice.</summary>
    [Fact]
    public async Task A_URL_of_version_2_has_headers_in_its_query()
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var url = new Uri(
            cloud.Endpoint,
            $"/bucket/made?AWSAccessKeyId=000000000000&Signature=s&content-type=text%2Fplain&x-amz-meta-foo=bar&Expires={expires}"
        );
        using var body = new StringContent("x", Encoding.UTF8, "text/csv");

        using var answer = await http.PutAsync(url, body);

        Assert.Equal(200, (int)answer.StatusCode);
        using var made = await http.GetAsync(
            new Uri(cloud.Endpoint, $"/bucket/made?AWSAccessKeyId=000000000000&Signature=s&Expires={expires}")
        );
        Assert.Equal(("bar", "text/csv"), (made.Headers.GetValues("x-amz-meta-foo").Single(), made.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("x", 403)]
    public async Task Version_2_is_verified_for_keys_that_were_issued(string forged, int status)
    {
        await cloud.Query("iam", "CreateUser", ("UserName", "u"));
        var made = await cloud.Query("iam", "CreateAccessKey", ("UserName", "u"));
        var (key, secret) = (Between(made, "<AccessKeyId>"), Between(made, "<SecretAccessKey>"));
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var text = $"GET\n\n\n{expires}\n/bucket/k?response-content-type=text/plain";
#pragma warning disable CA5350
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret + forged), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

        using var answer = await http.GetAsync(
            new Uri(
                cloud.Endpoint,
                $"/bucket/k?response-content-type=text%2Fplain&AWSAccessKeyId={key}&Signature={Uri.EscapeDataString(signature)}&Expires={expires}"
            )
        );

        Assert.Equal(status, (int)answer.StatusCode);
    }

    /// <summary>As the AWS SDK for JavaScript 3 makes them.</summary>
    [Fact]
    public async Task A_URL_may_hold_the_hash_of_its_payload()
    {
        var url = await Url(TimeSpan.FromHours(1));

        using var answer = await http.GetAsync(
            new Uri(url + "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&x-amz-checksum-mode=ENABLED&x-id=GetObject")
        );

        Assert.Equal("data", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_URL_that_was_signed_after_the_clock_was_moved_lives_as_long_as_it_says()
    {
        await cloud.Cloud.Advance(TimeSpan.FromHours(2));
        var url = await Url(TimeSpan.FromHours(1));

        Assert.Equal("data", await http.GetStringAsync(new Uri(url)));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(61));
        using var late = await http.GetAsync(new Uri(url));
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    private async Task<string> Url(TimeSpan life)
    {
        using var s3 = S3Tests.Client(cloud);
        return await s3.GetPreSignedURLAsync(
            new GetPreSignedUrlRequest
            {
                BucketName = "bucket",
                Key = "k",
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime + life,
                Protocol = Protocol.HTTP,
            }
        );
    }

    private static string Between(string xml, string tag)
    {
        var from = xml.IndexOf(tag, StringComparison.Ordinal) + tag.Length;
        return xml[from..xml.IndexOf('<', from)];
    }
}

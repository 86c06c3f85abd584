namespace Disa.Emulator.Tests.Iam;

/// <summary>
/// The rights that S3's operations, and the headers of their requests, need:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html.
/// </summary>
public sealed class S3RightsTests : WithUser
{
    [Theory]
    [InlineData("DELETE", "/bucket/k?versionId=null", "x-amz-bypass-governance-retention: true", "s3:BypassGovernanceRetention")]
    [InlineData("PUT", "/bucket/k", "x-amz-acl: public-read", "s3:PutObjectAcl")]
    [InlineData("PUT", "/bucket/k", "x-amz-object-lock-legal-hold: ON", "s3:PutObjectLegalHold")]
    [InlineData("PUT", "/bucket/k", "x-amz-object-lock-mode: GOVERNANCE", "s3:PutObjectRetention")]
    [InlineData("PUT", "/other", "x-amz-grant-read: uri=x", "s3:PutBucketAcl")]
    [InlineData("PUT", "/other", "x-amz-bucket-object-lock-enabled: true", "s3:PutBucketObjectLockConfiguration")]
    [InlineData("GET", "/bucket/k?tagging&versionId=null", "x-any: 1", "s3:GetObjectVersionTagging")]
    [InlineData("GET", "/bucket?analytics&id=a", "x-any: 1", "s3:GetAnalyticsConfiguration")]
    [InlineData("DELETE", "/bucket?cors", "x-any: 1", "s3:PutBucketCors")]
    public async Task Who_may_all_but_this_is_refused(string method, string path, string header, string right)
    {
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        await Allow("s3:*", "*");
        await Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "but"), ("PolicyDocument", Policy("Deny", right, "*")));
        var key = await user.GetCredentialsAsync();
        cloud.Secrets[key.AccessKey] = key.SecretKey;
        var (name, value) = (header.Split(": ")[0], header.Split(": ")[1]);

        var (status, text) = await cloud.Send(new HttpMethod(method), "s3", path, "", "text/plain", key.AccessKey, (name, value));

        Assert.Equal(403, status);
        Assert.Contains($"is not authorized to perform: {right} ", text, StringComparison.Ordinal);
    }
}

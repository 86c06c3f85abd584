using Amazon.Runtime;
using Amazon.SecurityToken;
using Disa.Emulator.Aws;
using Disa.Emulator.Iam;

namespace Disa.Emulator.Tests.Iam;

public sealed class CredentialTests
{
    private static AmazonSecurityTokenServiceClient Sts(TestCloud cloud, AWSCredentials credentials) => new(credentials,
        new AmazonSecurityTokenServiceConfig { ServiceURL = cloud.Endpoint.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });

    [Fact]
    public async Task A_service_session_is_its_role_until_it_expires()
    {
        await using var cloud = await TestCloud.Start();
        var issued = await Credentials(cloud).Issue("arn:aws:iam::000000000000:role/path/work", "session", new Scope("000000000000", "us-east-1"));
        using var sts = Sts(cloud, new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken));

        Assert.Equal("arn:aws:sts::000000000000:assumed-role/work/session", (await sts.GetCallerIdentityAsync(new())).Arn);

        await cloud.Cloud.Advance(TimeSpan.FromHours(12));
        var expired = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => sts.GetCallerIdentityAsync(new()));
        Assert.Equal("ExpiredToken", expired.ErrorCode);
    }

    [Fact]
    public async Task A_known_key_needs_its_secret_and_its_token()
    {
        await using var cloud = await TestCloud.Start();
        var issued = await Credentials(cloud).Issue("arn:aws:iam::000000000000:role/work", "session", new Scope("000000000000", "us-east-1"));

        using var wrongSecret = Sts(cloud, new SessionAWSCredentials(issued.AccessKeyId, "wrong", issued.SessionToken));
        var failure = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => wrongSecret.GetCallerIdentityAsync(new()));
        Assert.Equal("SignatureDoesNotMatch", failure.ErrorCode);

        using var wrongToken = Sts(cloud, new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, "wrong"));
        failure = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => wrongToken.GetCallerIdentityAsync(new()));
        Assert.Equal("InvalidClientTokenId", failure.ErrorCode);

        await cloud.Cloud.Reset("000000000000");
        using var forgotten = Sts(cloud, new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken));
        failure = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => forgotten.GetCallerIdentityAsync(new()));
        Assert.Equal("InvalidClientTokenId", failure.ErrorCode);
    }

    [Fact]
    public async Task A_key_that_was_never_issued_is_its_account_with_any_secret()
    {
        await using var cloud = await TestCloud.Start();
        using var sts = Sts(cloud, new BasicAWSCredentials("123456789012", "anything"));

        var identity = await sts.GetCallerIdentityAsync(new());

        Assert.Equal("123456789012", identity.Account);
        Assert.Equal("arn:aws:iam::123456789012:root", identity.Arn);
    }

    /// <summary>The example of https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html has no such key; the form is AWS's all the same.</summary>
    [Theory]
    [InlineData("000000000000")]
    [InlineData("123456789012")]
    [InlineData("999999999999")]
    public void An_access_key_id_holds_its_account(string account)
    {
        var id = AccessKeyIds.New(AccessKeyIds.OfUser, account);

        Assert.Equal(20, id.Length);
        Assert.Equal(account, AccessKeyIds.Account(id));
        Assert.True(AccessKeyIds.IsOurs(id));
        Assert.False(AccessKeyIds.IsOurs("AKIAIOSFODNN7EXAMPLE"));
    }

    private static RoleCredentials Credentials(TestCloud cloud) => cloud.Cloud.RoleCredentials;
}

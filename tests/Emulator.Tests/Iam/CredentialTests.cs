using Amazon.Runtime;
using Amazon.SecurityToken;
using Disa.Emulator.Aws;
using Disa.Emulator.Iam;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Tests.Iam;

public sealed class CredentialTests
{
    private static AmazonSecurityTokenServiceClient Sts(TestCloud cloud, AWSCredentials credentials) =>
        new(
            credentials,
            new AmazonSecurityTokenServiceConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

    [Fact]
    public async Task A_service_session_is_its_role_until_it_expires()
    {
        await using var cloud = await TestCloud.Start();
        var issued = await Credentials(cloud)
            .Issue("arn:aws:iam::000000000000:role/path/work", "session", new Scope("000000000000", "us-east-1"));
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
        var issued = await Credentials(cloud)
            .Issue("arn:aws:iam::000000000000:role/work", "session", new Scope("000000000000", "us-east-1"));

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
    }

    [Fact]
    public async Task A_key_of_the_form_that_IAM_issues_is_nobody_until_it_is_issued()
    {
        await using var cloud = await TestCloud.Start();
        var issued = await Credentials(cloud)
            .Issue("arn:aws:iam::000000000000:role/work", "session", new Scope("000000000000", "us-east-1"));
        var changed = Enumerable
            .Range(0, issued.AccessKeyId.Length)
            .SelectMany(at =>
                ((char[])['A', '7', '0', 'a'])
                    .Where(letter => letter != issued.AccessKeyId[at])
                    .Select(letter => issued.AccessKeyId[..at] + letter + issued.AccessKeyId[(at + 1)..])
            );
        foreach (var key in changed.Where(AccessKeyIds.IsIssuedForm).Append("AKIAIOSFODNN7EXAMPLE").Append("ASIAIOSFODNN7EXAMPLE"))
        {
            using var sts = Sts(cloud, new BasicAWSCredentials(key, issued.SecretAccessKey));
            var failure = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => sts.GetCallerIdentityAsync(new()));
            Assert.Equal("InvalidClientTokenId", failure.ErrorCode);
        }
    }

    /// <summary>Of a presigned URL its holder knows all; what its signer did not sign, the holder cannot add.</summary>
    [Fact]
    public async Task A_presigned_URL_is_for_what_was_signed_and_for_nothing_else()
    {
        await using var cloud = await TestCloud.Start();
        var issued = await Credentials(cloud)
            .Issue("arn:aws:iam::000000000000:role/work", "session", new Scope("000000000000", "us-east-1"));
        using var s3 = new Amazon.S3.AmazonS3Client(
            new SessionAWSCredentials(issued.AccessKeyId, issued.SecretAccessKey, issued.SessionToken),
            new Amazon.S3.AmazonS3Config
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
                UseHttp = true,
            }
        );
        await s3.PutBucketAsync("bucket");
        await s3.PutObjectAsync(
            new()
            {
                BucketName = "bucket",
                Key = "secret",
                ContentBody = "owned",
            }
        );
        Uri Presigned(Amazon.S3.HttpVerb verb) =>
            new(
                s3.GetPreSignedURL(
                    new()
                    {
                        BucketName = "bucket",
                        Key = "mine",
                        Verb = verb,
                        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
                        Protocol = Amazon.S3.Protocol.HTTP,
                    }
                )
            );
        using var http = new HttpClient();

        using var copy = new HttpRequestMessage(HttpMethod.Put, Presigned(Amazon.S3.HttpVerb.PUT));
        copy.Headers.Add("x-amz-copy-source", "/bucket/secret");
        using var copied = await http.SendAsync(copy);
        Assert.Equal(403, (int)copied.StatusCode);
        Assert.Contains("<HeadersNotSigned>x-amz-copy-source</HeadersNotSigned>", await copied.Content.ReadAsStringAsync());

        foreach (var target in (string[])["DynamoDB_20120810.ListTables", "AWSStepFunctions.ListStateMachines", "TrentService.ListKeys"])
        {
            using var call = new HttpRequestMessage(HttpMethod.Put, Presigned(Amazon.S3.HttpVerb.PUT))
            {
                Content = new StringContent("{}"),
            };
            call.Headers.Add("X-Amz-Target", target);
            using var called = await http.SendAsync(call);
            Assert.Equal(400, (int)called.StatusCode);
            Assert.Contains("Credential should be scoped to correct service", await called.Content.ReadAsStringAsync());
        }

        using var put = await http.PutAsync(Presigned(Amazon.S3.HttpVerb.PUT), new StringContent("text"));
        Assert.Equal(200, (int)put.StatusCode);
    }

    [Theory]
    [InlineData("x-amz-target", "dynamodb", "DynamoDB_20120810.ListTables", "InvalidSignatureException")]
    [InlineData("x-amz-date", "dynamodb", "DynamoDB_20120810.ListTables", "InvalidSignatureException")]
    public async Task A_header_of_AWS_that_is_not_signed_is_refused(string header, string service, string target, string code)
    {
        await using var cloud = await TestCloud.Start();
        var made = await cloud.Query("iam", "CreateUser", ("UserName", "me"));
        Assert.Contains("user/me", made);
        var key = System
            .Xml.Linq.XElement.Parse(await cloud.Query("iam", "CreateAccessKey", ("UserName", "me")))
            .Descendants()
            .ToLookup(element => element.Name.LocalName, element => element.Value);
        cloud.Secrets[key["AccessKeyId"].Single()] = key["SecretAccessKey"].Single();
        await cloud.Json(service, target, "{}", key["AccessKeyId"].Single());
        cloud.Unsigned.Add(header);

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json(service, target, "{}", key["AccessKeyId"].Single()));

        Assert.Contains(code, error.Body);
        Assert.Contains("SignedHeader", error.Body);
    }

    [Fact]
    public async Task Only_keys_that_were_issued_are_taken_where_that_is_asked_for()
    {
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { OnlyIssuedKeys = true });
        var root = await cloud.Cloud.RootCredentials("us-east-1");
        using var known = Sts(cloud, new SessionAWSCredentials(root.AccessKeyId, root.SecretAccessKey, root.SessionToken));
        using var unknown = Sts(cloud, new BasicAWSCredentials("000000000000", "anything"));
        using var http = new HttpClient { BaseAddress = cloud.Endpoint };

        Assert.Equal("arn:aws:iam::000000000000:root", (await known.GetCallerIdentityAsync(new())).Arn);
        var failure = await Assert.ThrowsAnyAsync<AmazonSecurityTokenServiceException>(() => unknown.GetCallerIdentityAsync(new()));
        Assert.Equal("InvalidClientTokenId", failure.ErrorCode);
        Assert.Equal(403, (int)(await http.PostAsync("/_disa/reset", null)).StatusCode);
        Assert.Equal(403, (int)(await http.GetAsync("/_disa/inbox")).StatusCode);
        Assert.Equal(503, (int)(await http.GetAsync("/_disa/health")).StatusCode);
    }

    [Fact]
    public async Task Who_signs_with_an_issued_key_needs_the_right_to_administer()
    {
        await using var cloud = await TestCloud.StartEnforcing();
        await cloud.Query("iam", "CreateUser", ("UserName", "me"));
        var key = System
            .Xml.Linq.XElement.Parse(await cloud.Query("iam", "CreateAccessKey", ("UserName", "me")))
            .Descendants()
            .ToLookup(element => element.Name.LocalName, element => element.Value);
        cloud.Secrets[key["AccessKeyId"].Single()] = key["SecretAccessKey"].Single();
        Task<(int Status, string)> Reset() =>
            cloud.Send(HttpMethod.Post, "disa", "/_disa/usage/reset", "", "application/json", key["AccessKeyId"].Single());

        Assert.Equal(403, (await Reset()).Status);
        await cloud.Query(
            "iam",
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "may"),
            ("PolicyDocument", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"disa:Administer","Resource":"*"}}""")
        );
        Assert.Equal(200, (await Reset()).Status);
        cloud.Secrets[key["AccessKeyId"].Single()] = "wrong";
        Assert.NotEqual(200, (await Reset()).Status);
    }

    private static RoleCredentials Credentials(TestCloud cloud) => cloud.Cloud.RoleCredentials;
}

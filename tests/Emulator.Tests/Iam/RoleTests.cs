using System.Xml.Linq;

namespace Disa.Emulator.Tests.Iam;

public sealed class RoleTests : IAsyncLifetime
{
    private const string Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
    private const string Allow = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}""";

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_role_keeps_its_trust_and_its_policies()
    {
        await Call(
            "CreateRole",
            ("RoleName", "work"),
            ("Path", "/app/"),
            ("AssumeRolePolicyDocument", Trust),
            ("Tags.member.1.Key", "a"),
            ("Tags.member.1.Value", "1")
        );
        await Call("PutRolePolicy", ("RoleName", "work"), ("PolicyName", "inline"), ("PolicyDocument", Allow));
        await Call(
            "AttachRolePolicy",
            ("RoleName", "work"),
            ("PolicyArn", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
        );

        var role = await Call("GetRole", ("RoleName", "work"));

        Assert.Equal("arn:aws:iam::000000000000:role/app/work", Text(role, "Arn"));
        Assert.Equal(Trust, Uri.UnescapeDataString(Text(role, "AssumeRolePolicyDocument")));
        Assert.StartsWith("AROA", Text(role, "RoleId"), StringComparison.Ordinal);
        Assert.Equal(
            Allow,
            Uri.UnescapeDataString(Text(await Call("GetRolePolicy", ("RoleName", "work"), ("PolicyName", "inline")), "PolicyDocument"))
        );
        Assert.Equal("AWSLambdaBasicExecutionRole", Text(await Call("ListAttachedRolePolicies", ("RoleName", "work")), "PolicyName"));
        Assert.True(cloud.Cloud.RoleCredentials.Trusts("arn:aws:iam::000000000000:role/app/work", "lambda.amazonaws.com"));
        Assert.False(cloud.Cloud.RoleCredentials.Trusts("arn:aws:iam::000000000000:role/app/work", "states.amazonaws.com"));
        Assert.False(cloud.Cloud.RoleCredentials.Trusts("arn:aws:iam::000000000000:role/other", "lambda.amazonaws.com"));
    }

    [Fact]
    public async Task A_role_is_deleted_only_without_its_policies()
    {
        await Call("CreateRole", ("RoleName", "work"), ("AssumeRolePolicyDocument", Trust));
        await Call("PutRolePolicy", ("RoleName", "work"), ("PolicyName", "inline"), ("PolicyDocument", Allow));

        await Fails("DeleteConflict", "Cannot delete entity, must delete policies first.", "DeleteRole", ("RoleName", "work"));
        await Call("DeleteRolePolicy", ("RoleName", "work"), ("PolicyName", "inline"));
        await Call("DeleteRole", ("RoleName", "work"));

        await Fails("NoSuchEntity", "The role with name work cannot be found.", "GetRole", ("RoleName", "work"));
    }

    [Theory]
    [InlineData("{", "This policy contains invalid Json")]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish"}]}""",
        "Policy statement must contain resources."
    )]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}""", "Policy statement must contain actions.")]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":"sns:*","Resource":"*"}]}""",
        "Syntax errors in policy."
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"publish","Resource":"*"}]}""",
        "Actions/Conditions must be prefaced by a vendor"
    )]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:*","Resource":"x"}]}""", "must be in ARN format")]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:*","Resource":"*"}]}""",
        "should not specify a principal"
    )]
    public async Task A_policy_that_is_none_says_why(string document, string reason) =>
        await Fails("MalformedPolicyDocument", reason, "CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", document));

    [Fact]
    public async Task A_managed_policy_has_up_to_five_versions()
    {
        var arn = Text(await Call("CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", Allow)), "Arn");
        for (var i = 2; i <= 5; i++)
        {
            await Call("CreatePolicyVersion", ("PolicyArn", arn), ("PolicyDocument", Allow), ("SetAsDefault", "true"));
        }

        await Fails("LimitExceeded", "up to 5 versions", "CreatePolicyVersion", ("PolicyArn", arn), ("PolicyDocument", Allow));
        await Fails("DeleteConflict", "more than one version", "DeletePolicy", ("PolicyArn", arn));
        Assert.Equal("v5", Text(await Call("GetPolicy", ("PolicyArn", arn)), "DefaultVersionId"));
    }

    [Fact]
    public async Task A_user_signs_with_its_keys_until_they_are_switched_off()
    {
        await Call("CreateUser", ("UserName", "me"));
        await Call("AttachUserPolicy", ("UserName", "me"), ("PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess"));
        var key = await Call("CreateAccessKey", ("UserName", "me"));
        var credentials = new Amazon.Runtime.BasicAWSCredentials(Text(key, "AccessKeyId"), Text(key, "SecretAccessKey"));
        using var sts = new Amazon.SecurityToken.AmazonSecurityTokenServiceClient(
            credentials,
            new Amazon.SecurityToken.AmazonSecurityTokenServiceConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

        Assert.Equal("arn:aws:iam::000000000000:user/me", (await sts.GetCallerIdentityAsync(new())).Arn);
        await Call(
            "CreateRole",
            ("RoleName", "work"),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/me"},"Action":"sts:AssumeRole"}]}"""
            )
        );
        var assumed = await sts.AssumeRoleAsync(new() { RoleArn = "arn:aws:iam::000000000000:role/work", RoleSessionName = "session" });
        Assert.Equal("arn:aws:sts::000000000000:assumed-role/work/session", assumed.AssumedRoleUser.Arn);

        await Call("UpdateAccessKey", ("UserName", "me"), ("AccessKeyId", Text(key, "AccessKeyId")), ("Status", "Inactive"));
        var failure = await Assert.ThrowsAnyAsync<Amazon.Runtime.AmazonServiceException>(() => sts.GetCallerIdentityAsync(new()));
        Assert.Equal("InvalidClientTokenId", failure.ErrorCode);
        await Fails("DeleteConflict", "must delete access keys first", "DeleteUser", ("UserName", "me"));
    }

    [Fact]
    public async Task A_role_that_does_not_name_the_caller_is_not_for_it()
    {
        await Call("CreateRole", ("RoleName", "work"), ("AssumeRolePolicyDocument", Trust));

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query("sts", "AssumeRole", ("RoleArn", "arn:aws:iam::000000000000:role/work"), ("RoleSessionName", "session"))
        );

        Assert.Contains("<Code>AccessDenied</Code>", error.Body);
    }

    [Fact]
    public async Task Service_linked_roles_are_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            Call("CreateServiceLinkedRole", ("AWSServiceName", "events.amazonaws.com"))
        );
        Assert.Contains("iam:CreateServiceLinkedRole", error.Body);
    }

    private async Task<XElement> Call(string action, params (string, string)[] parameters) =>
        XElement.Parse(await cloud.Query("iam", action, parameters));

    private async Task Fails(string code, string message, string action, params (string, string)[] parameters)
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(action, parameters));
        Assert.Contains($"<Code>{code}</Code>", error.Body);
        Assert.Contains(message, error.Body);
    }

    private static string Text(XElement answer, string name) => answer.Descendants().First(element => element.Name.LocalName == name).Value;
}

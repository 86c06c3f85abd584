namespace Disa.Emulator.Tests.Iam;

/// <summary>Answers that IAM gives word for word: recorded on AWS.</summary>
public sealed class IamAnswersTests
{
    private const string Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
    private const string Document = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}""";

    [Fact]
    public async Task Only_GetRole_tells_how_long_sessions_may_be_and_when_a_role_was_used()
    {
        await using var cloud = await TestCloud.Start();

        var made = await cloud.Query("iam", "CreateRole", ("RoleName", "r"), ("AssumeRolePolicyDocument", Trust));
        var got = await cloud.Query("iam", "GetRole", ("RoleName", "r"));

        Assert.DoesNotContain("MaxSessionDuration", made);
        Assert.DoesNotContain("RoleLastUsed", made);
        Assert.Contains("<MaxSessionDuration>3600</MaxSessionDuration>", got);
        Assert.Contains("<RoleLastUsed />", got);
    }

    [Fact]
    public async Task Only_GetPolicy_tells_a_policys_description_and_its_tags()
    {
        await using var cloud = await TestCloud.Start();

        var made = await cloud.Query(
            "iam",
            "CreatePolicy",
            ("PolicyName", "p"),
            ("PolicyDocument", Document),
            ("Description", "what it is for")
        );
        var got = await cloud.Query("iam", "GetPolicy", ("PolicyArn", "arn:aws:iam::000000000000:policy/p"));
        var listed = await cloud.Query("iam", "ListPolicies", ("Scope", "Local"));

        Assert.DoesNotContain("Description", made + listed);
        Assert.DoesNotContain("Tags", made + listed);
        Assert.Contains("<Description>what it is for</Description>", got);
        Assert.Contains("<Tags />", got);
    }

    [Theory]
    [InlineData("AttachRolePolicy", "RoleName")]
    [InlineData("AttachUserPolicy", "UserName")]
    [InlineData("AttachGroupPolicy", "GroupName")]
    [InlineData("DetachRolePolicy", "RoleName")]
    public async Task What_is_no_ARN_cannot_be_attached(string action, string parameter)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Query("iam", action, (parameter, "r"), ("PolicyArn", "longpolicynamebutnoarn"))
        );

        Assert.Contains("<Code>ValidationError</Code><Message>Invalid ARN:  Could not be parsed!</Message>", error.Body);
    }

    [Fact]
    public async Task What_is_no_action_of_STS_is_told_so()
    {
        await using var cloud = await TestCloud.Start();

        Assert.Contains(
            "Could not find operation FooBar for version 2011-06-15",
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sts", "FooBar"))).Body
        );
        Assert.Equal(501, (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sts", "GetFederationToken"))).Status);
    }
}

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// Users and groups in templates: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html and
/// aws-resource-iam-group.html.
/// </summary>
public sealed class UserResourceTests : IAsyncLifetime
{
    private const string Template = """
        Resources:
          G:
            Type: AWS::IAM::Group
            Properties:
              Path: /team/
              ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSQSFullAccess']
          U:
            Type: AWS::IAM::User
            Properties:
              UserName: ann
              Groups: [!Ref G]
              Policies: [{PolicyName: own, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}}]
              Tags: [{Key: a, Value: b}]
        Outputs:
          Group: {Value: !Ref G}
          GroupArn: {Value: !GetAtt G.Arn}
          UserArn: {Value: !GetAtt U.Arn}
        """;

    private static readonly (string, string) Named = ("Capabilities.member.1", "CAPABILITY_NAMED_IAM");

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_user_and_its_group_are_made_changed_and_deleted()
    {
        Assert.Equal(
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", Template))
        );
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Template, Named));
        Assert.Equal("arn:aws:iam::000000000000:user/ann", await stacks.Output("s", "UserArn"));
        Assert.StartsWith("arn:aws:iam::000000000000:group/team/s-G-", await stacks.Output("s", "GroupArn"));
        var group = await stacks.Output("s", "Group");
        Assert.Contains("<UserName>ann</UserName>", await Iam("GetGroup", ("GroupName", group)));
        Assert.Contains("AmazonSQSFullAccess", await Iam("ListAttachedGroupPolicies", ("GroupName", group)));
        Assert.Contains("<member>own</member>", await Iam("ListUserPolicies", ("UserName", "ann")));
        Assert.Contains("<Key>a</Key>", await Iam("GetUser", ("UserName", "ann")));

        Assert.Equal(
            "UPDATE_COMPLETE",
            await stacks.Do(
                "UpdateStack",
                "s",
                Template
                    .Replace("PolicyName: own", "PolicyName: other")
                    .Replace("UserName: ann", "UserName: ann, Path: /staff/".Replace(", ", "\n      ")),
                Named
            )
        );
        Assert.Contains("<member>other</member>", await Iam("ListUserPolicies", ("UserName", "ann")));
        Assert.DoesNotContain("<member>own</member>", await Iam("ListUserPolicies", ("UserName", "ann")));
        Assert.Equal("arn:aws:iam::000000000000:user/staff/ann", await stacks.Output("s", "UserArn"));

        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
        Assert.DoesNotContain("ann", await Iam("ListUsers"));
        Assert.DoesNotContain(group, await Iam("ListGroups"));
    }

    [Fact]
    public async Task A_password_is_refused_by_its_propertys_name()
    {
        await stacks.Do(
            "CreateStack",
            "s",
            "Resources: {U: {Type: AWS::IAM::User, Properties: {LoginProfile: {Password: secret}}}}",
            ("Capabilities.member.1", "CAPABILITY_IAM")
        );

        Assert.Contains(await stacks.Events("s"), one => one.Contains("U CREATE_FAILED") && one.Contains("LoginProfile"));
    }

    private Task<string> Iam(string action, params (string, string)[] parameters) => stacks.Cloud.Query("iam", action, parameters);
}

using System.Xml.Linq;
using Disa.Emulator.Tests.CloudFormation;

namespace Disa.Emulator.Tests.Iam;

/// <summary>
/// Instance profiles: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html and its neighbours. The words
/// are those that public reports quote from AWS.
/// </summary>
public sealed class InstanceProfileTests : IAsyncLifetime
{
    private const string Trust =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_profile_has_one_role_which_stays_while_it_has_it()
    {
        await Iam("CreateRole", ("RoleName", "r"), ("AssumeRolePolicyDocument", Trust));
        await Iam("CreateRole", ("RoleName", "other"), ("AssumeRolePolicyDocument", Trust));
        var made = await Iam(
            "CreateInstanceProfile",
            ("InstanceProfileName", "p"),
            ("Path", "/team/"),
            ("Tags.member.1.Key", "k"),
            ("Tags.member.1.Value", "v")
        );
        Assert.StartsWith("AIPA", Text(made, "InstanceProfileId"));
        Assert.Equal("arn:aws:iam::000000000000:instance-profile/team/p", Text(made, "Arn"));
        Assert.Empty(made.Descendants("Roles").Elements());

        await Iam("AddRoleToInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "r"));

        Assert.Equal("r", Text(await Iam("GetInstanceProfile", ("InstanceProfileName", "p")), "RoleName"));
        Assert.Equal("p", Text(await Iam("ListInstanceProfilesForRole", ("RoleName", "r")), "InstanceProfileName"));
        Assert.Empty((await Iam("ListInstanceProfilesForRole", ("RoleName", "other"))).Descendants("InstanceProfileName"));
        Assert.Equal("p", Text(await Iam("ListInstanceProfiles", ("PathPrefix", "/team/")), "InstanceProfileName"));
        Assert.Empty((await Iam("ListInstanceProfiles", ("PathPrefix", "/no/"))).Descendants("InstanceProfileName"));
        foreach (var role in (string[])["r", "other"])
        {
            Assert.Equal(
                "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
                await Refused("AddRoleToInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", role))
            );
        }

        const string conflict = "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.";
        Assert.Equal(conflict, await Refused("DeleteRole", ("RoleName", "r")));
        Assert.Equal(conflict, await Refused("DeleteInstanceProfile", ("InstanceProfileName", "p")));
        Assert.StartsWith(
            "NoSuchEntity",
            await Refused("RemoveRoleFromInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "other"))
        );

        await Iam("RemoveRoleFromInstanceProfile", ("InstanceProfileName", "p"), ("RoleName", "r"));
        await Iam("DeleteRole", ("RoleName", "r"));
        await Iam("DeleteInstanceProfile", ("InstanceProfileName", "p"));
        Assert.Equal(
            "NoSuchEntity: Instance Profile p cannot be found.",
            await Refused("GetInstanceProfile", ("InstanceProfileName", "p"))
        );
    }

    [Fact]
    public async Task Names_differ_by_more_than_case_and_tags_are_kept()
    {
        await Iam("CreateInstanceProfile", ("InstanceProfileName", "p"));

        Assert.Equal(
            "EntityAlreadyExists: Instance Profile P already exists.",
            await Refused("CreateInstanceProfile", ("InstanceProfileName", "P"))
        );
        await Iam("TagInstanceProfile", ("InstanceProfileName", "p"), ("Tags.member.1.Key", "k"), ("Tags.member.1.Value", "v"));
        Assert.Equal("v", Text(await Iam("ListInstanceProfileTags", ("InstanceProfileName", "p")), "Value"));
        await Iam("UntagInstanceProfile", ("InstanceProfileName", "p"), ("TagKeys.member.1", "k"));
        Assert.Empty((await Iam("ListInstanceProfileTags", ("InstanceProfileName", "p"))).Descendants("Key"));
    }

    [Fact]
    public async Task A_template_makes_a_profile_gives_it_another_role_and_removes_it()
    {
        const string template = """
            Resources:
              R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}
              S: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}
              P: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref R]}}
            Outputs: {Name: {Value: !Ref P}, Arn: {Value: !GetAtt P.Arn}}
            """;
        var full = template.Replace(
            "Statement: []",
            "Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]"
        );
        (string, string) capability = ("Capabilities.member.1", "CAPABILITY_IAM");
        Assert.Equal(
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", full))
        );
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", full, capability));
        var name = await stacks.Output("s", "Name");
        Assert.StartsWith("s-P-", name);
        Assert.Equal("arn:aws:iam::000000000000:instance-profile/" + name, await stacks.Output("s", "Arn"));
        Assert.StartsWith("s-R-", Text(await Iam("GetInstanceProfile", ("InstanceProfileName", name)), "RoleName"));

        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", full.Replace("[!Ref R]", "[!Ref S]"), capability));
        Assert.StartsWith("s-S-", Text(await Iam("GetInstanceProfile", ("InstanceProfileName", name)), "RoleName"));

        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "s"));
        Assert.Empty((await Iam("ListInstanceProfiles")).Descendants("InstanceProfileName"));
    }

    private async Task<XElement> Iam(string action, params (string, string)[] parameters)
    {
        var answer = XElement.Parse(await stacks.Cloud.Query("iam", action, parameters));
        foreach (var element in answer.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return answer;
    }

    private async Task<string> Refused(string action, params (string, string)[] parameters)
    {
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => Iam(action, parameters));
        var error = XElement.Parse(refused.Body);
        return $"{Part("Code")}: {Part("Message")}";

        string Part(string name) => error.Descendants().First(e => e.Name.LocalName == name).Value;
    }

    private static string Text(XElement answer, string name) => answer.Descendants(name).First().Value;
}

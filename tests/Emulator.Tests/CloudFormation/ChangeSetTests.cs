namespace Disa.Emulator.Tests.CloudFormation;

public class ChangeSetTests
{
    private static string Template(string name) => $"Resources: {{A: {{Type: Test::Some::Thing, Properties: {{Name: {name}}}}}}}";

    [Fact]
    public async Task A_change_set_creates_and_another_updates()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Call("CreateChangeSet", ("StackName", "shop"), ("ChangeSetName", "first"), ("ChangeSetType", "CREATE"), ("TemplateBody", Template("a")));
        Assert.Equal("REVIEW_IN_PROGRESS", await cloud.Status("shop"));
        var first = await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "first"));
        Assert.Equal("Add", first.Descendants("Action").Single().Value);
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("ExecuteChangeSet", "shop", null, ("ChangeSetName", "first")));
        Assert.Equal(["* REVIEW_IN_PROGRESS User Initiated", "* CREATE_IN_PROGRESS User Initiated"], (await cloud.Events("shop")).Take(2));

        await cloud.Call("CreateChangeSet", ("StackName", "shop"), ("ChangeSetName", "second"), ("TemplateBody", Template("b")));
        var second = await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "second"));
        Assert.Equal("Modify", second.Descendants("Action").Single().Value);
        Assert.Equal("True", second.Descendants("Replacement").Single().Value);
        Assert.Equal("Always", second.Descendants("RequiresRecreation").Single().Value);
        Assert.Equal("Name", second.Descendants("Target").Single().Element("Name")!.Value);
        Assert.Equal("UPDATE_COMPLETE", await cloud.Do("ExecuteChangeSet", "shop", null, ("ChangeSetName", "second")));
        Assert.Equal(["A-2"], cloud.Things());
    }

    [Fact]
    public async Task A_change_set_without_changes_fails_as_on_AWS()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", Template("a"));
        await cloud.Call("CreateChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"), ("TemplateBody", Template("a")));
        var answer = await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"));
        Assert.Equal("FAILED", answer.Descendants("Status").Single().Value);
        Assert.Equal("The submitted information didn't contain changes. Submit different information to create a change set.", answer.Descendants("StatusReason").Single().Value);
        Assert.EndsWith("cannot be executed in its current status of [FAILED]", await cloud.Refused("ExecuteChangeSet", ("StackName", "shop"), ("ChangeSetName", "none")), StringComparison.Ordinal);
        await cloud.Call("DeleteChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"));
        Assert.Equal("ChangeSetNotFound: ChangeSet [none] does not exist", await cloud.Refused("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "none")));
    }
}

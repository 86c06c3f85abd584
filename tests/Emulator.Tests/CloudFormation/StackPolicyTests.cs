namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>Stack policies; errors and answers as recorded on AWS. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html</summary>
public sealed class StackPolicyTests : IAsyncLifetime
{
    private const string Template = """
        Resources:
          A: {Type: Test::Some::Thing, Properties: {Name: n, Size: 1}}
          B: {Type: Test::Some::Thing}
        """;

    private const string DenyAll = """{"Statement":[{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"*"}]}""";

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync()
    {
        stacks = await StackCloud.Start();
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Template));
    }

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_policy_is_set_shown_and_emptied()
    {
        Assert.Null(await Policy());
        await Set(DenyAll);
        Assert.Equal(DenyAll, await Policy());
        await Set("{}");
        Assert.Equal("{}", await Policy());
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", Template.Replace("1", "2")));

        stacks.World.Templates["policy"] = DenyAll;
        await stacks.Call("SetStackPolicy", ("StackName", "s"), ("StackPolicyURL", "https://bucket.s3.amazonaws.com/policy"));
        Assert.Equal(DenyAll, await Policy());
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"Delete:*","Principal":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"someone","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Maybe","Action":"Update:*","Principal":"*","Resource":"*"}]}""")]
    public async Task What_is_no_policy_is_refused(string policy) =>
        Assert.Equal(
            "ValidationError: Error validating stack policy: Invalid stack policy",
            await stacks.Refused("SetStackPolicy", ("StackName", "s"), ("StackPolicyBody", policy))
        );

    [Fact]
    public async Task A_body_and_an_address_are_one_too_many() =>
        Assert.Equal(
            "ValidationError: You cannot specify both StackPolicyURL and StackPolicyBody",
            await stacks.Refused("SetStackPolicy", ("StackName", "s"), ("StackPolicyBody", "{}"), ("StackPolicyURL", "https://x"))
        );

    [Theory]
    [InlineData("Update:Modify", "Size: 1", "Size: 2", true)]
    [InlineData("Update:Replace", "Size: 1", "Size: 2", false)]
    [InlineData("Update:Replace", "Name: n", "Name: m", true)]
    [InlineData("Update:Delete", "\n  B: {Type: Test::Some::Thing}", "", true)]
    [InlineData("Update:Delete", "Size: 1", "Size: 2", false)]
    public async Task What_is_denied_takes_the_update_back(string action, string before, string after, bool denied)
    {
        await Set(
            $$"""{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"},{"Effect":"Deny","Action":"{{action}}","Principal":"*","Resource":"LogicalResourceId/*"}]}"""
        );

        var status = await stacks.Do("UpdateStack", "s", Template.Replace(before, after));

        Assert.Equal(denied ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", status);
        Assert.Equal(
            denied,
            (await stacks.Events("s")).Any(one =>
                one.Contains(
                    $"UPDATE_FAILED Action denied by stack policy: Statement [#2] does not allow [{action}] for resource [LogicalResourceId/"
                )
            )
        );
    }

    [Fact]
    public async Task A_policy_for_one_update_is_shown_and_gone_with_it()
    {
        await Set(DenyAll);
        const string allow = """{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}""";

        Assert.Equal(
            "UPDATE_COMPLETE",
            await stacks.Do("UpdateStack", "s", Template.Replace("Size: 1", "Size: 2"), ("StackPolicyDuringUpdateBody", allow))
        );

        Assert.Equal(DenyAll, await Policy());
        Assert.Equal("UPDATE_ROLLBACK_COMPLETE", await stacks.Do("UpdateStack", "s", Template.Replace("Size: 1", "Size: 3")));
    }

    [Fact]
    public async Task A_stack_is_created_with_its_policy()
    {
        await stacks.Do("CreateStack", "t", Template, ("StackPolicyBody", DenyAll));

        Assert.Equal("UPDATE_ROLLBACK_COMPLETE", await stacks.Do("UpdateStack", "t", Template.Replace("Size: 1", "Size: 2")));
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "t", Template + "\n  C: {Type: Test::Some::Thing}"));
    }

    private Task Set(string policy) => stacks.Call("SetStackPolicy", ("StackName", "s"), ("StackPolicyBody", policy));

    private async Task<string?> Policy() =>
        (await stacks.Call("GetStackPolicy", ("StackName", "s"))).Descendants("StackPolicyBody").SingleOrDefault()?.Value;
}

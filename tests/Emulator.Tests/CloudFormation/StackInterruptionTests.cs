namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>Operations that end before they are done: by their timeout, by a delete, by a cancellation.</summary>
public sealed class StackInterruptionTests
{
    [Fact]
    public async Task A_create_gives_up_at_its_timeout()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Call(
            "CreateStack",
            ("StackName", "shop"),
            ("TemplateBody", "Resources: {A: {Type: Test::Gate::Thing}}"),
            ("TimeoutInMinutes", "2")
        );
        await cloud.World.AtGate.Task;
        await cloud.Cloud.Clock.Advance(TimeSpan.FromMinutes(3), TimeSpan.Zero);
        Assert.Equal("ROLLBACK_COMPLETE", await cloud.Status("shop"));
        Assert.Contains(
            "* ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. The following resource(s) failed to create: [A]. Rollback requested by user.",
            await cloud.Events("shop")
        );
    }

    [Fact]
    public async Task A_stack_is_deleted_while_it_is_being_created()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Call(
            "CreateStack",
            ("StackName", "shop"),
            ("TemplateBody", "Resources: {A: {Type: Test::Gate::Thing}, B: {Type: Test::Some::Thing}}")
        );
        await cloud.Call("DeleteStack", ("StackName", "shop"));
        cloud.World.Gate.SetResult();
        Assert.Equal("DELETE_COMPLETE", await cloud.Status("shop"));
        Assert.Empty(cloud.Things());
    }

    [Fact]
    public async Task An_update_is_cancelled()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", StackTests.Two);
        await cloud.Call(
            "UpdateStack",
            ("StackName", "shop"),
            (
                "TemplateBody",
                StackTests
                    .Two.Replace("Size: 1", "Name: n", StringComparison.Ordinal)
                    .Replace("Outputs:", "  G: {Type: Test::Gate::Thing}\nOutputs:", StringComparison.Ordinal)
            )
        );
        await cloud.Call("CancelUpdateStack", ("StackName", "shop"));
        cloud.World.Gate.SetResult();
        Assert.Equal("UPDATE_ROLLBACK_COMPLETE", await cloud.Status("shop"));
        Assert.Equal(["A-1", "B-2"], cloud.Things());
    }
}

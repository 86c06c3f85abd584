namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>The order of resources in a template says nothing of which comes first: what each refers to does.</summary>
public sealed class UpdateOrderTests : IAsyncLifetime
{
    private const string Three = """
        Resources:
          A: {Type: Test::Some::Thing, Properties: {Size: 1, Link: !Ref B}}
          B: {Type: Test::Some::Thing, Properties: {Link: !Ref C}}
          C: {Type: Test::Some::Thing, Properties: {Size: 1}}
        """;

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync()
    {
        stacks = await StackCloud.Start();
        await stacks.Do("CreateStack", "s", Three);
    }

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task What_refers_to_unchanged_resources_further_down_is_updated() =>
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", Three.Replace("{Size: 1, Link", "{Size: 2, Link")));

    /// <summary>On the way back B is there already, and A, which comes before it, waits for it.</summary>
    [Fact]
    public async Task What_refers_to_a_replaced_resource_further_down_is_taken_back()
    {
        var failing = Three
            .Replace("Size: 1, Link: !Ref B", "Fail: no, Link: !Ref B")
            .Replace("{Link: !Ref C}", "{Name: b, Link: !Ref C}")
            .Replace("{Size: 1}}", "{Size: 2}}");

        Assert.Equal("UPDATE_ROLLBACK_COMPLETE", await stacks.Do("UpdateStack", "s", failing));
        Assert.Equal(["A-3", "B-2", "C-1"], stacks.Things());
    }
}

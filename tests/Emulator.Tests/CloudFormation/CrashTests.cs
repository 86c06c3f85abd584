namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>The power is cut before each write in turn; after the restart everything goes on, and nothing is there twice or left over.</summary>
public class CrashTests
{
    private const string Inner = """
        Parameters: {Size: {Type: Number}, Name: {Type: String}}
        Resources:
          Thing: {Type: Test::Some::Thing, Properties: {Name: !Ref Name}}
          Other: {Type: Test::Some::Thing, Properties: {Size: !Ref Size, Link: !Ref Thing}}
        Outputs:
          Id: {Value: !Ref Thing}
        """;

    private static string Outer(string name, int size, string extra = "") =>
        $$$"""
            Resources:
              Inner:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: 'https://b12.s3.amazonaws.com/inner.yaml', Parameters: {Size: {{{size}}}, Name: {{{name}}}}}
              User: {Type: Test::Some::Thing, Properties: {Link: !GetAtt Inner.Outputs.Id{{{extra}}}}}
            """;

    [Fact]
    public async Task A_power_cut_before_any_write_of_create_update_and_delete_loses_nothing() =>
        await Everywhere(
            async (cloud, again) =>
            {
                if (again.Reached("create"))
                {
                    await Ask(cloud, "CreateStack", null, Outer("a", 1));
                    Assert.Equal("CREATE_COMPLETE", await StatusOf(cloud));
                    Assert.Equal(3, cloud.Things().Length);
                    again.Pass("create");
                }

                if (again.Reached("update"))
                {
                    await Ask(cloud, "UpdateStack", "CREATE_COMPLETE", Outer("b", 2));
                    Assert.Equal("UPDATE_COMPLETE", await StatusOf(cloud));
                    Assert.Equal(3, cloud.Things().Length);
                    Assert.Contains(cloud.World.Things.Values, t => t.Properties.Contains("\"b\"", StringComparison.Ordinal));
                    Assert.DoesNotContain(cloud.World.Things.Values, t => t.Properties.Contains("\"a\"", StringComparison.Ordinal));
                    again.Pass("update");
                }

                await Ask(cloud, "DeleteStack", "UPDATE_COMPLETE", null);
                Assert.Null(await StatusOf(cloud));
                Assert.Empty(cloud.Things());
                Assert.Empty((await cloud.Call("DescribeStacks")).Descendants("member"));
            }
        );

    [Fact]
    public async Task A_power_cut_before_any_write_of_a_create_that_fails_leaves_nothing_behind() =>
        await Everywhere(
            async (cloud, _) =>
            {
                await Ask(cloud, "CreateStack", null, Outer("a", 1, ", Fail: broken"));
                Assert.Equal("ROLLBACK_COMPLETE", await StatusOf(cloud));
                Assert.Empty(cloud.Things());
            }
        );

    [Fact]
    public async Task A_power_cut_before_any_write_of_an_update_that_fails_brings_everything_back() =>
        await Everywhere(
            async (cloud, again) =>
            {
                if (again.Reached("create"))
                {
                    await Ask(cloud, "CreateStack", null, Outer("a", 1));
                    again.Pass("create");
                }

                await Ask(cloud, "UpdateStack", "CREATE_COMPLETE", Outer("b", 2, ", Fail: broken") + "\n  More: {Type: Test::Some::Thing}");
                Assert.Equal("UPDATE_ROLLBACK_COMPLETE", await StatusOf(cloud));
                Assert.Equal(3, cloud.Things().Length);
                Assert.Contains(cloud.World.Things.Values, t => t.Properties.Contains("\"Size\":\"1\"", StringComparison.Ordinal));
                Assert.Contains(cloud.World.Things.Values, t => t.Properties.Contains("\"a\"", StringComparison.Ordinal));
                Assert.DoesNotContain(cloud.World.Things.Values, t => t.Properties.Contains("\"b\"", StringComparison.Ordinal));
            }
        );

    /// <summary>Asks only where the request is not yet known to have been taken, as a client does that got no answer.</summary>
    private static async Task Ask(StackCloud cloud, string action, string? whenStatusIs, string? template)
    {
        if (await StatusOf(cloud) == whenStatusIs)
        {
            await cloud.Call(
                action,
                [("StackName", "shop"), .. template is null ? Array.Empty<(string, string)>() : [("TemplateBody", template)]]
            );
        }

        await StatusOf(cloud); // settles; on a machine without power a read fails
    }

    private static async Task<string?> StatusOf(StackCloud cloud)
    {
        Assert.True(await cloud.Cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        var stacks = await cloud.Call("DescribeStacks");
        return stacks.Descendants("member").FirstOrDefault(m => m.Element("StackName")?.Value == "shop")?.Element("StackStatus")?.Value;
    }

    private static async Task Everywhere(Func<StackCloud, Progress, Task> scenario)
    {
        var writes = await Run(scenario, long.MaxValue);
        for (var cut = 1L; cut <= writes; cut++)
        {
            await Run(scenario, cut);
        }
    }

    private static async Task<long> Run(Func<StackCloud, Progress, Task> scenario, long cut)
    {
        var directory = Directory.CreateTempSubdirectory("disa-cfn-").FullName;
        try
        {
            var world = new World();
            world.Templates["inner.yaml"] = Inner;
            var progress = new Progress();
            var power = new PowerCut(cut);
            try
            {
                await using var cloud = await StackCloud.Start(
                    world,
                    new LocalCloudOptions { DataDirectory = directory, BeforeWrite = power.BeforeWrite }
                );
                await scenario(cloud, progress);
                return cloud.Cloud.Cloud.Database.Writes;
            }
            catch (Exception) when (power.Happened.Task.IsCompleted)
            {
                // It did not come up, the request got no answer, or a read found the machine off: it is started again below.
            }

            await using var restarted = await StackCloud.Start(world, new LocalCloudOptions { DataDirectory = directory });
            await scenario(restarted, progress);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>How far a scenario came before the cut.</summary>
    private sealed class Progress
    {
        private readonly HashSet<string> passed = [];

        public bool Reached(string step) => !passed.Contains(step);

        public void Pass(string step) => passed.Add(step);
    }
}

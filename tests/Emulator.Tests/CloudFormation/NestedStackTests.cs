namespace Disa.Emulator.Tests.CloudFormation;

public class NestedStackTests
{
    private const string Inner = """
        Parameters: {Size: {Type: Number}}
        Resources:
          Thing: {Type: Test::Some::Thing, Properties: {Size: !Ref Size}}
        Outputs:
          Arn: {Value: !GetAtt Thing.Arn}
        """;

    private const string Outer = """
        Parameters: {Size: {Type: Number, Default: 1}}
        Resources:
          Inner:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: 'https://b12.s3.eu-west-1.amazonaws.com/inner.yaml', Parameters: {Size: !Ref Size}}
          User: {Type: Test::Some::Thing, Properties: {Link: !GetAtt Inner.Outputs.Arn}}
        Outputs:
          Arn: {Value: !GetAtt Inner.Outputs.Arn}
        """;

    [Fact]
    public async Task A_nested_stack_gives_its_outputs_and_goes_with_its_parent()
    {
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["inner.yaml"] = Inner;
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("CreateStack", "shop", Outer));
        Assert.Equal("arn:Thing-1", await cloud.Output("shop", "Arn"));
        var stacks = await cloud.Call("DescribeStacks");
        var nested = stacks.Descendants("member").Single(m => m.Element("ParentId") is not null);
        Assert.Matches("^shop-Inner-[0-9A-Z]{12}$", nested.Element("StackName")!.Value);
        Assert.Equal(nested.Element("ParentId")!.Value, nested.Element("RootId")!.Value);
        Assert.Equal(
            [
                "* CREATE_IN_PROGRESS User Initiated",
                "Inner CREATE_IN_PROGRESS",
                "Inner CREATE_IN_PROGRESS Resource creation Initiated",
                "Inner CREATE_COMPLETE",
            ],
            (await cloud.Events("shop")).Take(4)
        );
        Assert.Equal(
            "UPDATE_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                Outer,
                ("Parameters.member.1.ParameterKey", "Size"),
                ("Parameters.member.1.ParameterValue", "2")
            )
        );
        Assert.Contains("\"2\"", cloud.World.Things["Thing-1"].Properties, StringComparison.Ordinal);
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop"));
        Assert.Empty(cloud.Things());
        Assert.Empty((await cloud.Call("DescribeStacks")).Descendants("member"));
    }

    [Fact]
    public async Task A_nested_failure_is_the_parents()
    {
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["inner.yaml"] = Inner.Replace("Size: !Ref Size", "Fail: no room", StringComparison.Ordinal);
        Assert.Equal("ROLLBACK_COMPLETE", await cloud.Do("CreateStack", "shop", Outer));
        var failed = Assert.Single(await cloud.Events("shop"), e => e.StartsWith("Inner CREATE_FAILED", StringComparison.Ordinal));
        Assert.Matches(
            @"^Inner CREATE_FAILED Embedded stack arn:aws:cloudformation:us-east-1:000000000000:stack/shop-Inner-\w+/[0-9a-f-]+ was not successfully created: The following resource\(s\) failed to create: \[Thing\]\.$",
            failed
        );
        Assert.Single((await cloud.Call("DescribeStacks")).Descendants("StackStatus"));
        Assert.Empty(cloud.Things());
    }

    [Fact]
    public async Task A_failed_update_beside_a_nested_stack_takes_the_nested_update_back()
    {
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["inner.yaml"] = Inner;
        await cloud.Do("CreateStack", "shop", Outer);
        var broken = Outer.Replace(
            "{Link: !GetAtt Inner.Outputs.Arn}",
            "{Link: !GetAtt Inner.Outputs.Arn, Fail: broken}",
            StringComparison.Ordinal
        );
        Assert.Equal(
            "UPDATE_ROLLBACK_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                broken,
                ("Parameters.member.1.ParameterKey", "Size"),
                ("Parameters.member.1.ParameterValue", "2")
            )
        );
        Assert.Contains("\"1\"", cloud.World.Things["Thing-1"].Properties, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nested_update_that_fails_fails_the_parents()
    {
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["inner.yaml"] = Inner;
        await cloud.Do("CreateStack", "shop", Outer);
        cloud.World.Templates["inner.yaml"] = Inner.Replace("Size: !Ref Size", "Fail: no room", StringComparison.Ordinal);
        Assert.Equal(
            "UPDATE_ROLLBACK_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                Outer,
                ("Parameters.member.1.ParameterKey", "Size"),
                ("Parameters.member.1.ParameterValue", "2")
            )
        );
        Assert.Contains(
            await cloud.Events("shop"),
            e =>
                e.EndsWith(
                    "was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to update: [Thing].",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains("\"1\"", cloud.World.Things["Thing-1"].Properties, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_nested_update_replaced_is_kept_until_the_parents_update_has_succeeded()
    {
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["inner.yaml"] = Inner.Replace("Size: !Ref Size", "Name: !Ref Size", StringComparison.Ordinal);
        await cloud.Do("CreateStack", "shop", Outer);
        Assert.Equal(["Thing-1", "User-2"], cloud.Things());
        var broken = Outer.Replace(
            "{Link: !GetAtt Inner.Outputs.Arn}",
            "{Link: !GetAtt Inner.Outputs.Arn, Fail: broken}",
            StringComparison.Ordinal
        );
        Assert.Equal(
            "UPDATE_ROLLBACK_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                broken,
                ("Parameters.member.1.ParameterKey", "Size"),
                ("Parameters.member.1.ParameterValue", "2")
            )
        );
        Assert.Equal(["Thing-1", "User-2"], cloud.Things());
        Assert.Equal("arn:Thing-1", await cloud.Output("shop", "Arn"));
        var stacks = await cloud.Call("DescribeStacks");
        var nested = stacks.Descendants("member").Single(m => m.Element("ParentId") is not null);
        Assert.Equal("UPDATE_ROLLBACK_COMPLETE", nested.Element("StackStatus")!.Value);
        Assert.Equal("arn:Thing-1", nested.Descendants("OutputValue").Single().Value);

        Assert.Equal(
            "UPDATE_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                Outer,
                ("Parameters.member.1.ParameterKey", "Size"),
                ("Parameters.member.1.ParameterValue", "3")
            )
        );
        Assert.Equal(["Thing-4", "User-2"], cloud.Things());
        Assert.Equal("arn:Thing-4", await cloud.Output("shop", "Arn"));
        stacks = await cloud.Call("DescribeStacks");
        Assert.Equal(["UPDATE_COMPLETE", "UPDATE_COMPLETE"], stacks.Descendants("StackStatus").Select(s => s.Value));
    }
}

namespace Disa.Emulator.Tests.CloudFormation;

public class ChangeSetTests
{
    private static string Template(string name) => $"Resources: {{A: {{Type: Test::Some::Thing, Properties: {{Name: {name}}}}}}}";

    [Fact]
    public async Task A_change_set_creates_and_another_updates()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Call(
            "CreateChangeSet",
            ("StackName", "shop"),
            ("ChangeSetName", "first"),
            ("ChangeSetType", "CREATE"),
            ("TemplateBody", Template("a"))
        );
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

    /// <remarks>Two change sets of a stack, one after the other, have the same name in what was recorded on AWS 18-06-2025.</remarks>
    [Fact]
    public async Task The_name_of_an_executed_change_set_is_free_again()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Call(
            "CreateChangeSet",
            ("StackName", "shop"),
            ("ChangeSetName", "same"),
            ("ChangeSetType", "CREATE"),
            ("TemplateBody", Template("a"))
        );
        Assert.StartsWith(
            "AlreadyExistsException",
            await cloud.Refused(
                "CreateChangeSet",
                ("StackName", "shop"),
                ("ChangeSetName", "same"),
                ("ChangeSetType", "CREATE"),
                ("TemplateBody", Template("a"))
            ),
            StringComparison.Ordinal
        );
        await cloud.Do("ExecuteChangeSet", "shop", null, ("ChangeSetName", "same"));

        await cloud.Call("CreateChangeSet", ("StackName", "shop"), ("ChangeSetName", "same"), ("TemplateBody", Template("b")));

        var second = await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "same"));
        Assert.Equal("Modify", second.Descendants("Action").Single().Value);
        Assert.Equal("UPDATE_COMPLETE", await cloud.Do("ExecuteChangeSet", "shop", null, ("ChangeSetName", "same")));
    }

    /// <remarks>What was recorded on AWS 18-06-2025 was put in order by its times, and is.</remarks>
    [Fact]
    public async Task Events_of_a_stack_are_in_order_of_their_times()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", Template("a"));

        var events = (await cloud.Call("DescribeStackEvents", ("StackName", "shop")))
            .Descendants("StackEvents")
            .Single()
            .Elements()
            .ToList();

        var times = events.ConvertAll(each => each.Element("Timestamp")!.Value);
        Assert.Equal(times.Distinct().OrderDescending(StringComparer.Ordinal), times);
        var made = events.Single(each =>
            each.Element("LogicalResourceId")!.Value == "A" && each.Element("ResourceStatus")!.Value == "CREATE_COMPLETE"
        );
        Assert.Equal($"A-CREATE_COMPLETE-{made.Element("Timestamp")!.Value}", made.Element("EventId")!.Value);
    }

    [Fact]
    public async Task A_change_set_without_changes_fails_as_on_AWS()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", Template("a"));
        await cloud.Call("CreateChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"), ("TemplateBody", Template("a")));
        var answer = await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"));
        Assert.Equal("FAILED", answer.Descendants("Status").Single().Value);
        Assert.Equal(
            "The submitted information didn't contain changes. Submit different information to create a change set.",
            answer.Descendants("StatusReason").Single().Value
        );
        Assert.EndsWith(
            "cannot be executed in its current status of [FAILED]",
            await cloud.Refused("ExecuteChangeSet", ("StackName", "shop"), ("ChangeSetName", "none")),
            StringComparison.Ordinal
        );
        await cloud.Call("DeleteChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"));
        Assert.Equal(
            "ChangeSetNotFound: ChangeSet [none] does not exist",
            await cloud.Refused("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"))
        );
    }

    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html</remarks>
    [Fact]
    public async Task A_change_set_that_includes_nested_stacks_says_what_changes_in_them_and_leaves_out_what_does_not()
    {
        const string inner = """
            Parameters: {Size: {Type: Number}}
            Resources:
              Thing: {Type: Test::Some::Thing, Properties: {Size: !Ref Size}}
            Outputs:
              Arn: {Value: !GetAtt Thing.Arn}
            """;
        const string outer = """
            Parameters: {One: {Type: Number, Default: 1}, Two: {Type: Number, Default: 1}}
            Resources:
              First:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: 'https://b12.s3.eu-west-1.amazonaws.com/inner.yaml', Parameters: {Size: !Ref One}}
              Second:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: 'https://b12.s3.eu-west-1.amazonaws.com/inner.yaml', Parameters: {Size: !Ref Two}}
              User: {Type: Test::Some::Thing, Properties: {Link: !GetAtt First.Outputs.Arn}}
            """;
        await using var cloud = await StackCloud.Start();
        cloud.World.Templates["inner.yaml"] = inner;
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("CreateStack", "shop", outer));

        await cloud.Call(
            "CreateChangeSet",
            ("StackName", "shop"),
            ("ChangeSetName", "none"),
            ("TemplateBody", outer),
            ("IncludeNestedStacks", "true")
        );
        Assert.Equal(
            "FAILED",
            (await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "none"))).Descendants("Status").Single().Value
        );

        await cloud.Call(
            "CreateChangeSet",
            ("StackName", "shop"),
            ("ChangeSetName", "some"),
            ("TemplateBody", outer),
            ("IncludeNestedStacks", "true"),
            ("Parameters.member.1.ParameterKey", "Two"),
            ("Parameters.member.1.ParameterValue", "2")
        );
        var root = await cloud.Call("DescribeChangeSet", ("StackName", "shop"), ("ChangeSetName", "some"));
        var change = root.Descendants("ResourceChange").Single();
        Assert.Equal("Second", change.Element("LogicalResourceId")!.Value);
        var nested = await cloud.Call("DescribeChangeSet", ("ChangeSetName", change.Element("ChangeSetId")!.Value));
        Assert.Equal(
            ("Thing", "Modify"),
            (nested.Descendants("LogicalResourceId").Single().Value, nested.Descendants("Action").Single().Value)
        );
        Assert.Equal(root.Descendants("ChangeSetId").First().Value, nested.Descendants("RootChangeSetId").Single().Value);
        Assert.Contains(
            "part of a nested hierarchy",
            await cloud.Refused("ExecuteChangeSet", ("ChangeSetName", change.Element("ChangeSetId")!.Value)),
            StringComparison.Ordinal
        );

        Assert.Equal("UPDATE_COMPLETE", await cloud.Do("ExecuteChangeSet", "shop", null, ("ChangeSetName", "some")));
        Assert.StartsWith(
            "ChangeSetNotFound",
            await cloud.Refused("DescribeChangeSet", ("ChangeSetName", change.Element("ChangeSetId")!.Value)),
            StringComparison.Ordinal
        );
    }
}

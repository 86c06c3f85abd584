namespace Disa.Emulator.Tests.CloudFormation;

public class StackTests
{
    internal const string Two = """
        Parameters: {P: {Type: String, Default: x}}
        Resources:
          A: {Type: Test::Some::Thing, Properties: {Size: 1}}
          B: {Type: Test::Some::Thing, Properties: {Link: !GetAtt A.Arn, Size: !Ref P}}
        Outputs:
          B: {Value: !Ref B}
        """;

    [Fact]
    public async Task A_stack_is_created_in_order_and_deleted_in_reverse()
    {
        await using var cloud = await StackCloud.Start();
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("CreateStack", "shop", Two));
        Assert.Equal(["A-1", "B-2"], cloud.Things());
        Assert.Equal("B-2", await cloud.Output("shop", "B"));
        // The order and words are those of AWS's recorded events (2022-10-05).
        Assert.Equal(
            [
                "* CREATE_IN_PROGRESS User Initiated",
                "A CREATE_IN_PROGRESS",
                "A CREATE_IN_PROGRESS Resource creation Initiated",
                "A CREATE_COMPLETE",
                "B CREATE_IN_PROGRESS",
                "B CREATE_IN_PROGRESS Resource creation Initiated",
                "B CREATE_COMPLETE",
                "* CREATE_COMPLETE",
            ],
            await cloud.Events("shop")
        );
        var id = (await cloud.Call("DescribeStacks", ("StackName", "shop"))).Descendants("StackId").First().Value;
        Assert.StartsWith("arn:aws:cloudformation:us-east-1:000000000000:stack/shop/", id, StringComparison.Ordinal);
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop"));
        Assert.Empty(cloud.Things());
        Assert.Equal(
            [
                "* DELETE_IN_PROGRESS User Initiated",
                "B DELETE_IN_PROGRESS",
                "B DELETE_COMPLETE",
                "A DELETE_IN_PROGRESS",
                "A DELETE_COMPLETE",
                "* DELETE_COMPLETE",
            ],
            await cloud.Events(id, skip: 8)
        );
        Assert.Equal("ValidationError: Stack with id shop does not exist", await cloud.Refused("DescribeStacks", ("StackName", "shop")));
    }

    /// <summary>What is listed comes in pages of a hundred (AWS documents no number for resources and stacks; a hundred was seen of exports).</summary>
    [Fact]
    public async Task Resources_and_exports_are_listed_a_hundred_at_a_time()
    {
        await using var cloud = await StackCloud.Start();
        var numbers = Enumerable.Range(100, 103).ToList();
        var template =
            "Resources:\n"
            + string.Concat(numbers.Select(number => $"  R{number}: {{Type: Test::Some::Thing}}\n"))
            + "Outputs:\n"
            + string.Concat(numbers.Select(number => $"  O{number}: {{Value: x, Export: {{Name: e{number}}}}}\n"));
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("CreateStack", "many", template));
        foreach (var (operation, name) in ((string, string)[])[("ListExports", "Name"), ("ListStackResources", "LogicalResourceId")])
        {
            (string, string)[] of = operation == "ListExports" ? [] : [("StackName", "many")];
            var first = await cloud.Call(operation, of);
            var second = await cloud.Call(operation, [.. of, ("NextToken", first.Descendants("NextToken").Single().Value)]);
            var names = first.Descendants(name).Concat(second.Descendants(name)).Select(node => node.Value).ToList();
            Assert.Equal((100, 103, 103), (first.Descendants(name).Count(), names.Count, names.Distinct().Count()));
            Assert.Empty(second.Descendants("NextToken"));
            Assert.Contains("ValidationError", await cloud.Refused(operation, [.. of, ("NextToken", "made up")]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failed_create_rolls_back_and_the_stack_can_only_be_deleted()
    {
        await using var cloud = await StackCloud.Start();
        const string template = """
            Resources:
              A: {Type: Test::Some::Thing}
              B: {Type: Test::Some::Thing, DependsOn: A, Properties: {Fail: no room}}
              C: {Type: Test::Some::Thing, DependsOn: B}
            """;
        Assert.Equal("ROLLBACK_COMPLETE", await cloud.Do("CreateStack", "shop", template));
        Assert.Empty(cloud.Things());
        Assert.Equal(
            [
                "B CREATE_IN_PROGRESS",
                "B CREATE_FAILED no room",
                "* ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.",
                "B DELETE_COMPLETE",
                "A DELETE_IN_PROGRESS",
                "A DELETE_COMPLETE",
                "* ROLLBACK_COMPLETE",
            ],
            await cloud.Events("shop", skip: 4)
        );
        var update = await cloud.Refused("UpdateStack", ("StackName", "shop"), ("TemplateBody", Two));
        Assert.EndsWith("is in ROLLBACK_COMPLETE state and can not be updated.", update, StringComparison.Ordinal);
        Assert.Equal(
            "AlreadyExistsException: Stack [shop] already exists",
            await cloud.Refused("CreateStack", ("StackName", "shop"), ("TemplateBody", Two))
        );
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop"));
    }

    [Fact]
    public async Task What_runs_beside_a_failure_is_cancelled_and_still_removed()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Call(
            "CreateStack",
            ("StackName", "shop"),
            (
                "TemplateBody",
                """
                Resources:
                  A: {Type: Test::Gate::Thing}
                  B: {Type: Test::Some::Thing, Properties: {Fail: broken}}
                """
            )
        );
        cloud.World.Gate.SetResult();
        Assert.Equal("ROLLBACK_COMPLETE", await cloud.Status("shop"));
        Assert.Empty(cloud.Things());
    }

    [Theory]
    [InlineData("DO_NOTHING", "CREATE_FAILED", 1)]
    [InlineData("DELETE", "DELETE_COMPLETE", 0)]
    public async Task OnFailure_decides_what_a_failed_create_leaves(string onFailure, string status, int things)
    {
        await using var cloud = await StackCloud.Start();
        const string template =
            "Resources: {A: {Type: Test::Some::Thing}, B: {Type: Test::Some::Thing, DependsOn: A, Properties: {Fail: x}}}";
        Assert.Equal(status, await cloud.Do("CreateStack", "shop", template, ("OnFailure", onFailure)));
        Assert.Equal(things, cloud.Things().Length);
    }

    [Fact]
    public async Task An_update_changes_in_place_replaces_adds_and_removes()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do(
            "CreateStack",
            "shop",
            """
            Resources:
              A: {Type: Test::Some::Thing, Properties: {Name: old}}
              B: {Type: Test::Some::Thing, Properties: {Link: !Ref A}}
              C: {Type: Test::Some::Thing}
              D: {Type: Test::Some::Thing}
            """
        );
        Assert.Equal(
            "UPDATE_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                """
                Resources:
                  A: {Type: Test::Some::Thing, Properties: {Name: new}}
                  B: {Type: Test::Some::Thing, Properties: {Link: !Ref A}}
                  C: {Type: Test::Some::Thing}
                  E: {Type: Test::Some::Thing, DependsOn: B}
                """
            )
        );
        Assert.Equal(["A-5", "B", "C", "E-6"], cloud.Things().Select(t => t.StartsWith('B') || t.StartsWith('C') ? t[..1] : t));
        Assert.Contains("\"A-5\"", cloud.World.Things.First(t => t.Key.StartsWith('B')).Value.Properties, StringComparison.Ordinal);
        var events = await cloud.Events("shop");
        Assert.Equal(
            [
                "* UPDATE_IN_PROGRESS User Initiated",
                "A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.",
                "A UPDATE_IN_PROGRESS Resource creation Initiated",
                "A UPDATE_COMPLETE",
                "B UPDATE_IN_PROGRESS",
                "B UPDATE_COMPLETE",
                "E CREATE_IN_PROGRESS",
                "E CREATE_IN_PROGRESS Resource creation Initiated",
                "E CREATE_COMPLETE",
                "* UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            ],
            events.SkipWhile(e => !e.StartsWith("* UPDATE", StringComparison.Ordinal)).Take(10)
        );
        Assert.Equal("* UPDATE_COMPLETE", events[^1]);
        Assert.Contains("A DELETE_COMPLETE", events);
        Assert.Contains("D DELETE_COMPLETE", events);
        Assert.Equal(
            "ValidationError: No updates are to be performed.",
            await cloud.Refused("UpdateStack", ("StackName", "shop"), ("UsePreviousTemplate", "true"))
        );
    }

    [Fact]
    public async Task A_failed_update_brings_everything_back()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do(
            "CreateStack",
            "shop",
            """
            Resources:
              A: {Type: Test::Some::Thing, Properties: {Name: old}}
              B: {Type: Test::Some::Thing, Properties: {Size: 1, Link: !Ref A}}
              D: {Type: Test::Some::Thing}
            """
        );
        var before = cloud.World.Things.OrderBy(t => t.Key).Select(t => (t.Key, t.Value.Properties)).ToList();
        Assert.Equal(
            "UPDATE_ROLLBACK_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "shop",
                """
                Resources:
                  A: {Type: Test::Some::Thing, Properties: {Name: new}}
                  B: {Type: Test::Some::Thing, Properties: {Size: 2, Link: !Ref A}}
                  E: {Type: Test::Some::Thing, DependsOn: B}
                  F: {Type: Test::Some::Thing, DependsOn: E, Properties: {Fail: broken}}
                """
            )
        );
        Assert.Equal(before, cloud.World.Things.OrderBy(t => t.Key).Select(t => (t.Key, t.Value.Properties)));
        var events = await cloud.Events("shop");
        Assert.Contains("* UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [F].", events);
        Assert.Contains("* UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", events);
        Assert.Equal("* UPDATE_ROLLBACK_COMPLETE", events[^1]);
        Assert.Contains("E DELETE_COMPLETE", events);
        var resources = await cloud.Call("DescribeStackResources", ("StackName", "shop"));
        Assert.Equal(["A", "B", "D"], resources.Descendants("LogicalResourceId").Select(e => e.Value));
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop"));
        Assert.Empty(cloud.Things());
    }

    [Fact]
    public async Task A_delete_that_fails_can_be_repeated_or_leave_the_resource_behind()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", Two);
        cloud.World.Stuck["A"] = "not empty";
        Assert.Equal("DELETE_FAILED", await cloud.Do("DeleteStack", "shop"));
        Assert.Contains("A DELETE_FAILED not empty", await cloud.Events("shop"));
        Assert.Equal("* DELETE_FAILED The following resource(s) failed to delete: [A].", (await cloud.Events("shop"))[^1]);
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop", null, ("RetainResources.member.1", "A")));
        Assert.Equal(["A-1"], cloud.Things());
    }

    [Fact]
    public async Task Retained_resources_stay()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do(
            "CreateStack",
            "shop",
            "Resources: {A: {Type: Test::Some::Thing, DeletionPolicy: Retain}, B: {Type: Test::Some::Thing}}"
        );
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop"));
        Assert.Equal(["A"], cloud.Things().Select(t => t[..1]));
    }

    [Fact]
    public async Task Properties_are_held_to_what_the_type_declares()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", "Resources: {A: {Type: Test::Strict::Thing, Properties: {Other: 1}}}");
        Assert.Contains(
            "A CREATE_FAILED Properties validation failed for resource A with message: [#: extraneous key [Other] is not permitted, #: required key [Needed] not found]",
            await cloud.Events("shop")
        );
        Assert.Equal(
            "ValidationError: Template format error: Unrecognized resource types: [No::Such::Type]",
            await cloud.Refused("CreateStack", ("StackName", "x"), ("TemplateBody", "Resources: {A: {Type: No::Such::Type}}"))
        );
    }

    [Fact]
    public async Task Requests_are_refused_in_AWSs_words()
    {
        await using var cloud = await StackCloud.Start();
        Assert.Equal(
            "ValidationError: Either Template URL or Template Body must be specified.",
            await cloud.Refused("CreateStack", ("StackName", "x"))
        );
        Assert.StartsWith(
            "ValidationError: 1 validation error detected: Value 'a_b' at 'stackName'",
            await cloud.Refused("CreateStack", ("StackName", "a_b"), ("TemplateBody", Two)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "ValidationError: Stack [x] does not exist",
            await cloud.Refused("UpdateStack", ("StackName", "x"), ("TemplateBody", Two))
        );
        Assert.Equal(
            "ValidationError: TemplateURL must be a supported URL.",
            await cloud.Refused("CreateStack", ("StackName", "x"), ("TemplateURL", "https://example.com/t.yaml"))
        );
        Assert.StartsWith(
            "ValidationError: S3 error: The specified key does not exist.\nFor more information",
            await cloud.Refused("CreateStack", ("StackName", "x"), ("TemplateURL", "https://b12.s3.amazonaws.com/no.yaml")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "NotImplemented: The Disa emulator does not support the parameter NotificationARNs of cloudformation:CreateStack.",
            await cloud.Refused(
                "CreateStack",
                ("StackName", "x"),
                ("TemplateBody", Two),
                ("NotificationARNs.member.1", "arn:aws:sns:us-east-1:000000000000:t")
            )
        );
        Assert.Equal(
            "NotImplemented: The Disa emulator does not support cloudformation:EstimateTemplateCost.",
            await cloud.Refused("EstimateTemplateCost")
        );
        await cloud.Do("CreateStack", "shop", Two, ("EnableTerminationProtection", "true"));
        Assert.Equal(
            "ValidationError: Stack [shop] cannot be deleted while TerminationProtection is enabled",
            await cloud.Refused("DeleteStack", ("StackName", "shop"))
        );
        await cloud.Call("UpdateTerminationProtection", ("StackName", "shop"), ("EnableTerminationProtection", "false"));
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "shop"));
    }

    [Fact]
    public async Task Exports_are_unique_and_hold_their_stack_while_they_are_imported()
    {
        await using var cloud = await StackCloud.Start();
        const string exporter = "Resources: {A: {Type: Test::Some::Thing}}\nOutputs: {O: {Value: !Ref A, Export: {Name: thing}}}";
        await cloud.Do("CreateStack", "one", exporter);
        Assert.Equal("ROLLBACK_COMPLETE", await cloud.Do("CreateStack", "two", exporter));
        Assert.Contains(
            "* ROLLBACK_IN_PROGRESS Export with name thing is already exported by stack one Rollback requested by user.",
            await cloud.Events("two")
        );
        Assert.Equal(
            "CREATE_COMPLETE",
            await cloud.Do("CreateStack", "three", "Resources: {B: {Type: Test::Some::Thing, Properties: {Link: !ImportValue thing}}}")
        );
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("DeleteStack", "one"));
        Assert.Contains(
            "* CREATE_COMPLETE Delete canceled. Cannot delete export thing as it is in use by three.",
            await cloud.Events("one")
        );
        Assert.Equal("three", (await cloud.Call("ListImports", ("ExportName", "thing"))).Descendants("member").Single().Value);
        Assert.Equal("thing", (await cloud.Call("ListExports")).Descendants("Name").Single().Value);
        await cloud.Do("DeleteStack", "three");
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "one"));
    }

    [Fact]
    public async Task Secrets_are_not_shown_and_the_template_comes_back_as_it_was()
    {
        await using var cloud = await StackCloud.Start();
        const string template =
            "Parameters: {S: {Type: String, NoEcho: true}}\nResources: {A: {Type: Test::Some::Thing, Properties: {Size: !Ref S}}}\n# a comment\n";
        await cloud.Do(
            "CreateStack",
            "shop",
            template,
            ("Parameters.member.1.ParameterKey", "S"),
            ("Parameters.member.1.ParameterValue", "hush")
        );
        Assert.Equal("****", (await cloud.Call("DescribeStacks", ("StackName", "shop"))).Descendants("ParameterValue").Single().Value);
        Assert.Equal(template, (await cloud.Call("GetTemplate", ("StackName", "shop"))).Descendants("TemplateBody").Single().Value);
        Assert.Equal("true", (await cloud.Call("ValidateTemplate", ("TemplateBody", template))).Descendants("NoEcho").Single().Value);
    }

    [Fact]
    public void The_dispatchers_stacks_are_well_formed()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "disa.slnx")))
        {
            root = root.Parent!;
        }

        var files = Directory.GetFiles(Path.Combine(root.FullName, "dispatcher", "stacks"), "*.yaml", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Engine.Parse(File.ReadAllText(file));
        }
    }
}

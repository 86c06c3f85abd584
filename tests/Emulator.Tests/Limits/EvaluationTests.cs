using System.Text;
using Disa.Emulator.Tests.CloudFormation;

namespace Disa.Emulator.Tests.Limits;

/// <summary>What a small template or a small path can grow into is bounded, and nobody else waits while it is found out.</summary>
public class EvaluationTests
{
    /// <summary>Four functions inside each other, each with a hundred mentions of the next: a hundred million of the innermost text.</summary>
    private static string Bomb(string innermost = "x")
    {
        var value = innermost;
        for (var i = 0; i < 4; i++)
        {
            value = $"!Sub ['{new StringBuilder().Insert(0, "${a}", 100)}', {{a: {value}}}]";
        }

        return value;
    }

    [Theory]
    [InlineData("x")]
    [InlineData("''")]
    [InlineData("!Ref 'AWS::Region'")]
    public void A_substitution_is_bounded_in_size_and_in_work(string innermost)
    {
        if (innermost == "''")
        {
            // Nothing a hundred million times is nothing, and takes no time.
            Assert.Equal("\"\"", Engine.Resolve(Bomb(innermost)));
            return;
        }

        Assert.StartsWith("Template error: ", Engine.Error(() => Engine.Resolve(Bomb(innermost))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_function_is_bounded()
    {
        var p = new string('p', 4000);
        var joined = $"!Join [',', [{string.Join(", ", Enumerable.Repeat("!Ref Names", 300))}]]";
        var split = $"!Split [p, !Sub ['{new StringBuilder().Insert(0, "${a}", 200)}', {{a: !Sub '{p}'}}]]";
        var json =
            $"[{string.Join(", ", Enumerable.Repeat("!Sub ['" + new StringBuilder().Insert(0, "${a}", 100) + "', {a: '" + new string('q', 400) + "'}]", 500))}]";

        Assert.StartsWith(
            "Template error: ",
            Engine.Error(() => Engine.Resolve(joined.Replace("!Ref Names", $"!Sub '{p}'", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Template error: ",
            Engine.Error(() => Engine.Resolve($"!Base64 {{'Fn::Join': ['', {split}]}}".Replace("[p,", "['',", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
        Assert.StartsWith("Template error: ", Engine.Error(() => Engine.Resolve(json)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_explodes_is_refused_and_others_go_on()
    {
        await using var cloud = await StackCloud.Start();
        var template = $"Resources: {{A: {{Type: 'Test::Some::Thing', Properties: {{Size: {Bomb()}}}}}}}";
        Assert.True(template.Length < 2000);

        Assert.StartsWith(
            "ValidationError: Template error",
            await cloud.Refused("CreateStack", ("StackName", "bomb"), ("TemplateBody", template)),
            StringComparison.Ordinal
        );
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("CreateStack", "other", "Resources: {A: {Type: 'Test::Some::Thing'}}"));
    }

    [Fact]
    public async Task A_template_whose_outputs_explode_is_refused()
    {
        await using var cloud = await StackCloud.Start();
        var template = $"Resources: {{A: {{Type: 'Test::Some::Thing'}}}}\nOutputs: {{O: {{Value: {Bomb()}}}}}";

        Assert.StartsWith(
            "ValidationError: Template error",
            await cloud.Refused("CreateStack", ("StackName", "bomb"), ("TemplateBody", template)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Nobody_evaluates_on_the_writers_thread()
    {
        await using var cloud = await StackCloud.Start();
        const string Template = """
            Parameters: {S: {Type: String, Default: a}}
            Resources: {A: {Type: 'Test::Some::Thing', Properties: {Size: !Ref S}}}
            Outputs: {O: {Value: !GetAtt A.Arn}}
            """;
        Assert.Equal("CREATE_COMPLETE", await cloud.Do("CreateStack", "s", Template));
        Assert.Equal(
            "UPDATE_COMPLETE",
            await cloud.Do(
                "UpdateStack",
                "s",
                Template,
                ("Parameters.member.1.ParameterKey", "S"),
                ("Parameters.member.1.ParameterValue", "b")
            )
        );
        await cloud.Call(
            "CreateChangeSet",
            ("StackName", "s"),
            ("ChangeSetName", "c"),
            ("TemplateBody", Template),
            ("Parameters.member.1.ParameterKey", "S"),
            ("Parameters.member.1.ParameterValue", "c")
        );
        await cloud.Call("ExecuteChangeSet", ("StackName", "s"), ("ChangeSetName", "c"));
        Assert.Equal("UPDATE_COMPLETE", await cloud.Status("s"));
        Assert.Equal("DELETE_COMPLETE", await cloud.Do("DeleteStack", "s"));

        // A resource's properties are compared with what its type says right after they were evaluated.
        Assert.NotEmpty(cloud.World.Threads);
        Assert.DoesNotContain("disa store writer", cloud.World.Threads.Keys);
    }

    [Fact]
    public async Task A_stack_that_nests_itself_ends_at_the_quota()
    {
        // 2,500 resources in the nested stacks of one operation:
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
        await using var cloud = await StackCloud.Start();
        var resources = string.Join('\n', Enumerable.Range(0, 499).Select(i => $"  T{i}: {{Type: 'Test::Some::Thing', DependsOn: Self}}"));
        cloud.World.Templates["self.yaml"] =
            $"Resources:\n  Self: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: 'https://bucket.s3.amazonaws.com/self.yaml'}}}}\n{resources}";

        await cloud.Call("CreateStack", ("StackName", "self"), ("TemplateURL", "https://bucket.s3.amazonaws.com/self.yaml"));

        Assert.Equal("ROLLBACK_COMPLETE", await cloud.Status("self"));
        var events = new List<string>();
        foreach (var id in (await cloud.Call("ListStacks")).Descendants("StackId").Select(id => id.Value).ToList())
        {
            events.AddRange(await cloud.Events(id));
        }

        Assert.Contains(
            events,
            line => line.Contains("Limit on the number of resources in a single stack operation exceeded", StringComparison.Ordinal)
        );
        Assert.Empty(cloud.Things());
    }

    [Fact]
    public void A_pattern_that_backtracks_for_ever_does_not()
    {
        const string Template = "Parameters: {P: {Type: String, AllowedPattern: '(a+)+$'}}\nResources: {A: {Type: 'T::T::T'}}";

        Assert.Equal(
            "Parameter 'P' must match pattern (a+)+$",
            Engine.Error(() => Engine.Evaluate(Template, ("P", new string('a', 4000) + "b")))
        );
        Assert.Equal(
            "Template format error: AllowedPattern '(a+)+(?=b)\\1$' takes too long to match.",
            Engine.Error(() =>
                Engine.Evaluate(Template.Replace("(a+)+$", "(a+)+(?=b)\\1$", StringComparison.Ordinal), ("P", new string('a', 4000) + "c"))
            )
        );
    }

    [Theory]
    [InlineData("A: !Ref B", 500)]
    public void Dependencies_cost_no_more_than_there_are(string _, int resources)
    {
        // Each waits for all before it: as many edges as there can be.
        var text = new StringBuilder("Resources:\n");
        for (var i = 0; i < resources; i++)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"  R{i}: {{Type: 'T::T::T', DependsOn: [{string.Join(", ", Enumerable.Range(0, i).Select(n => $"R{n}"))}]}}\n"
            );
        }

        var template = Engine.Parse(text.ToString());
        var graph = Disa.Emulator.CloudFormation.Templates.Dependencies.Of(
            template,
            new(template, new Dictionary<string, string>(), Engine.Pseudo)
        );

        Assert.Equal(resources - 1, graph[$"R{resources - 1}"].Count);
    }
}

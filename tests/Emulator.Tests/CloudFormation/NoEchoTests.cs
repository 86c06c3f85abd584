using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// NoEcho masks a parameter's value "as asterisks (*****) for any calls that describe the stack or stack events", and masks nothing in
/// Outputs and Metadata: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html. The asterisks
/// are four (DescribeChangeSet and DescribeStacks as they are quoted in public).
/// </summary>
public sealed class NoEchoTests : IAsyncLifetime
{
    private const string Secret = "opensesame";

    private const string Template = """
        Parameters: {P: {Type: String, NoEcho: true}, Other: {Type: String, Default: seen}}
        Resources:
          A:
            Type: Test::Some::Thing
            Metadata: {note: plain}
            Properties: {Name: !Ref Other, Size: !Ref P, Link: !Sub 'user:${P}@${Other}'}
        Outputs:
          Size: {Value: !Ref P}
        """;

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task Events_show_asterisks_and_the_resource_has_the_value()
    {
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Template, Value(Secret)));
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "s", Template, Value(Secret + "2")));

        var shown = (await stacks.Call("DescribeStackEvents", ("StackName", "s")))
            .Descendants("ResourceProperties")
            .Select(one => one.Value)
            .Distinct();
        Assert.Equal(["""{"Name":"seen","Size":"****","Link":"user:****@seen"}"""], shown);
        Assert.Contains("\"Link\":\"user:opensesame2@seen\"", stacks.World.Things.Single().Value.Properties);
        Assert.Equal(Secret + "2", await stacks.Output("s", "Size"));
    }

    [Fact]
    public async Task Events_of_what_fails_and_is_taken_back_show_asterisks_too()
    {
        await stacks.Do("CreateStack", "s", Template, Value(Secret));
        var failing = Template.Replace("Name: !Ref Other, ", "Name: !Ref Other, Fail: 'no', ");
        await stacks.Do("UpdateStack", "s", failing, Value(Secret));

        Assert.DoesNotContain(Secret, (await stacks.Call("DescribeStackEvents", ("StackName", "s"))).Value);
    }

    [Fact]
    public async Task Change_sets_show_asterisks_before_and_after_and_still_see_the_change()
    {
        await stacks.Do("CreateStack", "s", Template, Value(Secret));
        await stacks.Call(
            "CreateChangeSet",
            [("StackName", "s"), ("ChangeSetName", "c"), ("TemplateBody", Template), .. Value(Secret + "2")]
        );

        var described = await stacks.Call(
            "DescribeChangeSet",
            ("StackName", "s"),
            ("ChangeSetName", "c"),
            ("IncludePropertyValues", "true")
        );
        Assert.DoesNotContain(Secret, described.Value);
        var change = described.Descendants("ResourceChange").Single();
        const string context = """{"Properties":{"Name":"seen","Size":"****","Link":"user:****@seen"},"Metadata":{"note":"plain"}}""";
        Assert.Equal(context, change.Element("BeforeContext")!.Value);
        Assert.Equal(context, change.Element("AfterContext")!.Value);
        Assert.Equal(
            ["/Properties/Link user:****@seen > user:****@seen", "/Properties/Size **** > ****"],
            described
                .Descendants("Target")
                .Select(one => $"{one.Element("Path")?.Value} {one.Element("BeforeValue")?.Value} > {one.Element("AfterValue")?.Value}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_nested_stack_is_given_the_value_and_its_properties_are_masked()
    {
        stacks.World.Templates["nested"] =
            "Parameters: {Q: {Type: String, NoEcho: true}}\nResources: {B: {Type: Test::Some::Thing, Properties: {Size: !Ref Q}}}";
        const string parent = """
            Parameters: {P: {Type: String, NoEcho: true}}
            Resources:
              N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://bucket.s3.amazonaws.com/nested', Parameters: {Q: !Ref P}}}
            """;
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", parent, Value(Secret)));

        var all = (await stacks.Call("ListStacks")).Descendants("StackId").Select(id => id.Value).ToList();
        Assert.Equal(2, all.Count);
        foreach (var id in all)
        {
            Assert.DoesNotContain(Secret, (await stacks.Call("DescribeStackEvents", ("StackName", id))).Value);
            Assert.DoesNotContain(Secret, (await stacks.Call("DescribeStacks", ("StackName", id))).Value);
            Assert.DoesNotContain(Secret, (await stacks.Call("DescribeStackResources", ("StackName", id))).Value);
        }

        Assert.Contains(Secret, stacks.World.Things.Single().Value.Properties);
    }

    /// <summary>Not verified for AWS is what is shown of a text that a secret is a part of.</summary>
    [Theory]
    [InlineData("!Ref P", "\"****\"")]
    [InlineData("!Join ['-', [a, !Ref P]]", "\"a-****\"")]
    [InlineData("!Sub ['${x}/${AWS::Region}', {x: !Ref P}]", "\"****/eu-west-1\"")]
    [InlineData("{'Fn::Base64': !Ref P}", "\"****\"")]
    [InlineData("!Select [1, !Split ['-', !Sub 'a-${P}']]", "\"****\"")]
    [InlineData("!Ref L", """["****","****"]""")]
    [InlineData("[!Ref P, b, {k: !Ref P}]", """["****","b",{"k":"****"}]""")]
    [InlineData("!ImportValue {Ref: V}", "\"****\"")]
    public void What_functions_make_of_a_secret_is_masked(string value, string shown)
    {
        var evaluated = Evaluate(value);
        Assert.Equal(shown, evaluated.Shown.ToJsonText());
        Assert.True(evaluated.HasHidden);
        Assert.DoesNotContain("****", evaluated.ToJsonText());
    }

    [Fact]
    public void Properties_that_an_earlier_version_kept_are_masked_by_their_template()
    {
        var evaluated = Evaluate("{a: !Ref P, b: c}");

        Assert.Equal(
            """{"a":"****","b":"c"}""",
            PropertyValues.Shown(Engine.Json("""{"a":"opensesame","b":"c"}"""), evaluated).GetRawText()
        );
        Assert.Equal("""{"z":"****"}""", PropertyValues.Shown(Engine.Json("""{"z":"opensesame"}"""), evaluated).GetRawText());
        var plain = Evaluate("{b: c}");
        Assert.Equal("""{"b":"d"}""", PropertyValues.Shown(Engine.Json("""{"b":"d"}"""), plain).GetRawText());
    }

    private static Node Evaluate(string value)
    {
        var text = $$"""
            Parameters:
              P: {Type: String, NoEcho: true}
              L: {Type: CommaDelimitedList, NoEcho: true, Default: 'a,b'}
              V: {Type: String, NoEcho: true, Default: vpc}
            Resources:
              This: {Type: T::T::T, Properties: {Value: {{value}} } }
            """;
        return Engine.Evaluate(text, ("P", Secret)).Properties(Engine.Parse(text).Resources["This"])["Value"]!;
    }

    private static (string, string)[] Value(string value) =>
        [("Parameters.member.1.ParameterKey", "P"), ("Parameters.member.1.ParameterValue", value)];
}

using System.Text.Json;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// What writes templates out: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html,
/// transform-aws-include.html, and https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html.
/// </summary>
public sealed class TransformTests : IAsyncLifetime
{
    private static readonly (string, string) Expand = ("Capabilities.member.1", "CAPABILITY_AUTO_EXPAND");

    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_loop_is_written_out_in_resources_properties_conditions_and_outputs()
    {
        const string template = """
            Transform: AWS::LanguageExtensions
            Parameters:
              Names: {Type: CommaDelimitedList, Default: 'a-1,b-2'}
            Mappings: {Sizes: {Of: {List: [a1, b2]}}}
            Conditions:
              Fn::ForEach::C: [N, [One], {'Is${N}': !Equals [1, 1]}]
            Resources:
              Fn::ForEach::Things:
                - Name
                - !Ref Names
                - 'Thing&{Name}':
                    Type: Test::Some::Thing
                    Condition: IsOne
                    Properties:
                      Size: !Sub 'size-${Name}-${AWS::Region}'
                      Tags: [{Key: 'plain ${Name}', Value: b}]
                      Link: !Ref Name
            Outputs:
              Fn::ForEach::Sizes:
                - Name
                - !FindInMap [Sizes, Of, List]
                - 'Size${Name}': {Value: !GetAtt [!Sub 'Thing${Name}', Size]}
            """;

        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, Expand));

        Assert.Equal("size-a-1-us-east-1", await stacks.Output("s", "Sizea1"));
        Assert.Equal("size-b-2-us-east-1", await stacks.Output("s", "Sizeb2"));
        var processed = (await stacks.Call("GetTemplate", ("StackName", "s"))).Descendants("TemplateBody").Single().Value;
        Assert.Contains("\"Thingb2\":{\"Type\":\"Test::Some::Thing\"", processed);
        Assert.DoesNotContain("Transform", processed);
        Assert.Contains("plain ${Name}", processed);
        var original = await stacks.Call("GetTemplate", ("StackName", "s"), ("TemplateStage", "Original"));
        Assert.Equal(template.ReplaceLineEndings("\n"), original.Descendants("TemplateBody").Single().Value);

        Assert.Equal(
            "UPDATE_COMPLETE",
            await stacks.Do(
                "UpdateStack",
                "s",
                null,
                ("UsePreviousTemplate", "true"),
                Expand,
                ("Parameters.member.1.ParameterKey", "Names"),
                ("Parameters.member.1.ParameterValue", "a-1,b-2,c-3")
            )
        );
        Assert.Equal(3, stacks.World.Things.Count);
        var summary = await stacks.Call("GetTemplateSummary", ("TemplateBody", template));
        Assert.Equal("Test::Some::Thing", summary.Descendants("ResourceTypes").Single().Value);
    }

    [Theory]
    [InlineData(
        "Fn::ForEach::A: [N, [a, a], {'T${N}': {Type: Test::Some::Thing}}]",
        "Duplicate key 'Ta' when merging keys to parent object in Fn::ForEach"
    )]
    [InlineData(
        "Fn::ForEach::A: [N, {Ref: P}, {'T${N}': {Type: Test::Some::Thing}}]",
        "Could not find a collection or could not be resolved for Fn::ForEach"
    )]
    public async Task A_loop_that_cannot_be_written_out_is_refused(string loop, string why) =>
        Assert.Equal(
            $"ValidationError: Transform AWS::LanguageExtensions failed with: {why}",
            await stacks.Refused(
                "CreateStack",
                ("StackName", "s"),
                (
                    "TemplateBody",
                    $"Transform: AWS::LanguageExtensions\nParameters: {{P: {{Type: String, Default: a}}}}\nResources:\n  {loop}"
                ),
                Expand
            )
        );

    [Fact]
    public async Task Without_the_transform_a_loop_is_no_name() =>
        Assert.Equal(
            "ValidationError: Template format error: [/Resources/Fn::ForEach::A] resource definition is malformed",
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", "Resources: {'Fn::ForEach::A': [N, [a], {}]}"))
        );

    [Fact]
    public async Task An_include_is_put_beside_what_is_there_and_into_the_whole_template()
    {
        stacks.World.Templates["properties"] = "Size: 7\nLink: included";
        stacks.World.Templates["outputs"] = """{"Outputs":{"Size":{"Value":{"Fn::GetAtt":["A","Size"]}}}}""";
        const string template = """
            Transform:
              Name: AWS::Include
              Parameters: {Location: 's3://bucket/outputs'}
            Parameters: {Where: {Type: String, Default: 's3://bucket/properties'}}
            Resources:
              A:
                Type: Test::Some::Thing
                Properties:
                  Link: own
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: !Ref Where}}
            """;

        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, Expand));

        Assert.Equal("7", await stacks.Output("s", "Size"));
        Assert.Contains("\"own\"", stacks.World.Things.Single().Value.Properties);
        Assert.StartsWith(
            "ValidationError: Transform AWS::Include failed with: ",
            await stacks.Refused("CreateStack", ("StackName", "t"), ("TemplateBody", template.Replace("/outputs", "/none")), Expand)
        );
    }

    [Fact]
    public async Task A_macro_makes_the_template_and_a_part_of_it()
    {
        const string macro = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
              F:
                Type: AWS::Lambda::Function
                Properties:
                  Runtime: python3.12
                  Handler: index.handler
                  Role: !GetAtt Role.Arn
                  Code:
                    ZipFile: |
                      def handler(event, context):
                          fragment = event['fragment']
                          if 'Resources' in fragment:
                              fragment['Outputs'] = {'Id': {'Value': event['transformId']}}
                          elif event['params'].get('Fail'):
                              return {'requestId': event['requestId'], 'status': 'failure', 'errorMessage': 'as asked'}
                          else:
                              fragment['Size'] = event['params']['Size'] + event['templateParameterValues']['P']
                          return {'requestId': event['requestId'], 'status': 'success', 'fragment': fragment}
              M: {Type: AWS::CloudFormation::Macro, Properties: {Name: Grow, FunctionName: !GetAtt F.Arn}}
            """;
        const string template = """
            Transform: Grow
            Parameters: {P: {Type: String, Default: x}}
            Resources:
              A:
                Type: Test::Some::Thing
                Properties:
                  Link: own
                  Fn::Transform: {Name: Grow, Parameters: {Size: '4'}}
            """;
        Assert.Equal(
            "ValidationError: No transform named 000000000000::Grow found.",
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", template), Expand)
        );
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "macros", macro, ("Capabilities.member.1", "CAPABILITY_IAM")));

        Assert.Equal(
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
            await stacks.Refused("CreateStack", ("StackName", "s"), ("TemplateBody", template))
        );
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, Expand));
        Assert.Equal("000000000000::Grow", await stacks.Output("s", "Id"));
        Assert.Equal("4x", JsonElement.Parse(stacks.World.Things.Single().Value.Properties).GetProperty("Size").GetString());
        Assert.Equal(
            "ValidationError: Transform 000000000000::Grow failed with: as asked.",
            await stacks.Refused("CreateStack", ("StackName", "t"), ("TemplateBody", template.Replace("Size: '4'", "Fail: yes")), Expand)
        );
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html</summary>
    [Theory]
    [InlineData("prod", "m", true)]
    [InlineData("prod", "s", false)]
    [InlineData("test", "s", true)]
    public async Task A_rule_holds_parameters_to_each_other(string stage, string size, bool holds)
    {
        const string template = """
            Parameters:
              Stage: {Type: String}
              Size: {Type: String}
              Tags: {Type: CommaDelimitedList, Default: 'a,b'}
            Rules:
              Large:
                RuleCondition: !Equals [!Ref Stage, prod]
                Assertions:
                  - Assert: {'Fn::Contains': [[m, l], !Ref Size]}
                    AssertDescription: In production it is large
                  - Assert: {'Fn::EachMemberIn': [!Ref Tags, [a, b, c]]}
                  - Assert: {'Fn::Not': [{'Fn::EachMemberEquals': [!Ref Tags, a]}]}
            Resources: {A: {Type: Test::Some::Thing}}
            """;
        (string, string)[] values =
        [
            ("Parameters.member.1.ParameterKey", "Stage"),
            ("Parameters.member.1.ParameterValue", stage),
            ("Parameters.member.2.ParameterKey", "Size"),
            ("Parameters.member.2.ParameterValue", size),
        ];

        if (holds)
        {
            Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", template, values));
        }
        else
        {
            Assert.Equal(
                "ValidationError: Rule Large failed with error: In production it is large",
                await stacks.Refused("CreateStack", [("StackName", "s"), ("TemplateBody", template), .. values])
            );
        }
    }
}

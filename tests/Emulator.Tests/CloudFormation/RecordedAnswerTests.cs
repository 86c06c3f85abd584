namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>What CloudFormation answers: recorded on AWS, or tested there by others.</summary>
public sealed class RecordedAnswerTests
{
    [Fact]
    public async Task A_property_can_be_asked_for_like_an_attribute()
    {
        await using var cloud = await StackCloud.Start();

        Assert.Equal(
            "CREATE_COMPLETE",
            await cloud.Do(
                "CreateStack",
                "shop",
                """
                Parameters: {N: {Type: String, Default: shown}}
                Resources:
                  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref N}}
                  A: {Type: Test::Some::Thing, Properties: {Link: !GetAtt T.DisplayName}}
                Outputs:
                  Name: {Value: !GetAtt T.DisplayName}
                  Text: {Value: !Sub "${T.DisplayName}!"}
                """
            )
        );

        Assert.Equal("shown", await cloud.Output("shop", "Name"));
        Assert.Equal("shown!", await cloud.Output("shop", "Text"));
    }

    [Fact]
    public void A_parameter_whose_value_is_NoValue_takes_its_property_away() =>
        Assert.Equal(
            """{"Size":1}""",
            Engine
                .Evaluate(
                    """
                    Parameters: {P: {Type: String}}
                    Resources: {A: {Type: T::T::T, Properties: {Name: !Ref P, Size: 1}}}
                    """,
                    ("P", "AWS::NoValue")
                )
                .Properties(
                    Engine
                        .Parse("Resources: {A: {Type: T::T::T, Properties: {Name: !Ref P, Size: 1}}}\nParameters: {P: {Type: String}}")
                        .Resources["A"]
                )
                .ToJsonText()
        );

    [Theory]
    [InlineData("Retain", "DELETE_COMPLETE", 1)]
    [InlineData("Delete", "DELETE_COMPLETE", 0)]
    public async Task Policies_may_be_functions_with_the_language_extensions(string policy, string status, int left)
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do(
            "CreateStack",
            "shop",
            $$$$"""
            Transform: AWS::LanguageExtensions
            Parameters: {P: {Type: String, Default: {{{{policy}}}} }}
            Mappings: {M: {k: {v: Delete}}}
            Resources:
              A:
                Type: Test::Some::Thing
                DeletionPolicy: !Ref P
                UpdateReplacePolicy: !FindInMap [M, k, v]
            """,
            ("Capabilities.member.1", "CAPABILITY_AUTO_EXPAND")
        );

        Assert.Equal(status, await cloud.Do("DeleteStack", "shop"));
        Assert.Equal(left, cloud.Things().Length);
    }

    [Theory]
    [InlineData("Transform: AWS::CodeStar\nResources: {A: {Type: Test::Some::Thing}}", "the transform AWS::CodeStar")]
    [InlineData(
        "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::Serverless::Api}}",
        "the resource type AWS::Serverless::Api"
    )]
    public async Task What_is_not_done_is_refused_by_name(string template, string name)
    {
        await using var cloud = await StackCloud.Start();

        Assert.Equal(
            $"NotImplemented: The Disa emulator does not support {name}.",
            await cloud.Refused("CreateStack", ("StackName", "shop"), ("TemplateBody", template))
        );
    }

    [Fact]
    public async Task A_change_set_with_a_transform_needs_no_capability_and_can_be_deleted_once_executed()
    {
        await using var cloud = await StackCloud.Start();
        const string template = "Transform: AWS::LanguageExtensions\nResources: {A: {Type: Test::Some::Thing}}";

        Assert.StartsWith(
            "InsufficientCapabilitiesException",
            await cloud.Refused("CreateStack", ("StackName", "direct"), ("TemplateBody", template)),
            StringComparison.Ordinal
        );
        var made = await cloud.Call(
            "CreateChangeSet",
            ("StackName", "shop"),
            ("ChangeSetName", "one"),
            ("ChangeSetType", "CREATE"),
            ("TemplateBody", template)
        );
        var id = made.Descendants("Id").Single().Value;
        await cloud.Call("ExecuteChangeSet", ("ChangeSetName", id));
        Assert.Equal("CREATE_COMPLETE", await cloud.Status("shop"));
        await cloud.Call("DeleteChangeSet", ("ChangeSetName", id));
    }

    [Fact]
    public async Task Another_update_replace_policy_alone_is_an_update()
    {
        await using var cloud = await StackCloud.Start();
        await cloud.Do("CreateStack", "shop", "Resources: {A: {Type: Test::Some::Thing, UpdateReplacePolicy: Retain}}");

        Assert.Equal("UPDATE_COMPLETE", await cloud.Do("UpdateStack", "shop", "Resources: {A: {Type: Test::Some::Thing}}"));
        Assert.Equal(
            "ValidationError: No updates are to be performed.",
            await cloud.Refused("UpdateStack", ("StackName", "shop"), ("TemplateBody", "Resources: {A: {Type: Test::Some::Thing}}"))
        );
    }

    [Fact]
    public void A_block_of_blanks_is_read() =>
        Assert.NotNull(
            Engine
                .Parse("Resources:\n  A:\n    Type: T::T::T\n    Metadata:\n      Text: |\n    \n        \n  B:\n    Type: T::T::T\n")
                .Resources["B"]
        );

    [Theory]
    [InlineData("", "ValidationError: StackName is required if ChangeSetName is not specified.")]
    [InlineData("one", "ValidationError: StackName is a required parameter.")]
    public async Task GetTemplate_says_which_name_is_missing(string changeSet, string message)
    {
        await using var cloud = await StackCloud.Start();

        Assert.Equal(message, await cloud.Refused("GetTemplate", changeSet.Length == 0 ? [] : [("ChangeSetName", changeSet)]));
    }

    [Theory]
    [InlineData(
        "Parameters: {P: {Type: String, Default: x}}\nConditions: {No: !Equals [!Ref P, y]}\nResources: {A: {Type: Test::Some::Thing}, role: {Type: Test::Some::Thing, Condition: No}}\nOutputs: {O: {Value: !Ref role}}",
        "Unresolved resource dependencies [role] in the Outputs block of the template"
    )]
    [InlineData(
        "Mappings: {M: {k: {v: 1}}}\nResources: {A: {Type: Test::Some::Thing, Properties: {Name: !FindInMap [M, none, v]}}}",
        "Template error: Unable to get mapping for M::none::v"
    )]
    [InlineData(
        "Resources: {A: {Type: Test::Some::Thing}}\nOutputs: {O: {Value: !Equals [a, b]}}",
        "Template error: Fn::Equals may stand in the Conditions block only (line 2, column 22)"
    )]
    public async Task A_template_that_cannot_work_is_refused_before_anything_is_made(string template, string message)
    {
        await using var cloud = await StackCloud.Start();

        Assert.Equal("ValidationError: " + message, await cloud.Refused("CreateStack", ("StackName", "shop"), ("TemplateBody", template)));
        Assert.Empty(cloud.Things());
    }

    [Fact]
    public async Task A_number_is_asked_for_with_a_full_stop()
    {
        await using var cloud = await StackCloud.Start();

        Assert.Equal(
            "ValidationError: Parameter 'Value' must be a number.",
            await cloud.Refused(
                "CreateStack",
                ("StackName", "shop"),
                ("TemplateBody", "Parameters: {Value: {Type: Number}}\nResources: {A: {Type: Test::Some::Thing}}"),
                ("Parameters.member.1.ParameterKey", "Value"),
                ("Parameters.member.1.ParameterValue", "text")
            )
        );
    }

    [Fact]
    public async Task What_a_table_of_a_stack_cannot_have_is_refused_by_name_and_its_tags_are_its_own()
    {
        await using var cloud = await StackCloud.Start();
        const string table = """
            Resources:
              T:
                Type: AWS::DynamoDB::Table
                Properties:
                  BillingMode: PAY_PER_REQUEST
                  Tags: [{Key: a, Value: b}]
                  AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
                  KeySchema: [{AttributeName: pk, KeyType: HASH}]
            Outputs: {Arn: {Value: !GetAtt T.Arn}}
            """;

        await cloud.Do("CreateStack", "shop", table);
        var tags = await cloud.Cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.ListTagsOfResource",
            $$"""{"ResourceArn":"{{await cloud.Output("shop", "Arn")}}"}"""
        );
        Assert.Equal("a", Assert.Single(tags.GetProperty("Tags").EnumerateArray()).GetProperty("Key").GetString());

        await cloud.Do(
            "CreateStack",
            "more",
            table.Replace(
                "BillingMode: PAY_PER_REQUEST",
                """
                BillingMode: PAY_PER_REQUEST
                      GlobalSecondaryIndexes: [{IndexName: index, KeySchema: [{AttributeName: pk, KeyType: HASH}], Projection: {ProjectionType: ALL}, ContributorInsightsSpecification: {Enabled: true}}]
                """
            )
        );
        Assert.Contains(
            await cloud.Events("more"),
            line =>
                line.Contains("The Disa emulator does not support the property", StringComparison.Ordinal)
                && line.Contains("ContributorInsightsSpecification of AWS::DynamoDB::Table", StringComparison.Ordinal)
        );
    }

    // Recorded by LocalStack's suite: test_name_conflicts, test_describe_non_existent_resource, test_stack_name_creation and
    // test_update_with_invalid_rollback_configuration_errors.
    [Fact]
    public async Task A_deleted_stack_names_no_change_set_and_a_missing_resource_the_stack_that_was_asked_for()
    {
        await using var cloud = await StackCloud.Start();
        const string template = "Resources: {A: {Type: Test::Some::Thing}}";
        await cloud.Call(
            "CreateChangeSet",
            ("StackName", "shop"),
            ("ChangeSetName", "one"),
            ("ChangeSetType", "CREATE"),
            ("TemplateBody", template)
        );
        await cloud.Call("ExecuteChangeSet", ("StackName", "shop"), ("ChangeSetName", "one"));
        Assert.Equal("CREATE_COMPLETE", await cloud.Status("shop"));
        var stack = await cloud.Call("DescribeStacks", ("StackName", "shop"));
        var id = stack.Descendants("StackId").First().Value;
        Assert.Single(stack.Descendants("ChangeSetId"));
        Assert.Equal(
            $"ValidationError: Resource B does not exist for stack {id}",
            await cloud.Refused("DescribeStackResource", ("StackName", id), ("LogicalResourceId", "B"))
        );

        await cloud.Do("DeleteStack", "shop");

        Assert.Empty((await cloud.Call("DescribeStacks", ("StackName", id))).Descendants("ChangeSetId"));
    }

    [Fact]
    public async Task A_change_set_is_for_a_name_or_an_ARN_and_a_rollback_trigger_is_an_alarm()
    {
        await using var cloud = await StackCloud.Start();
        const string template = "Resources: {A: {Type: Test::Some::Thing}}";

        Assert.EndsWith(
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
            await cloud.Refused(
                "CreateChangeSet",
                ("StackName", "*"),
                ("ChangeSetName", "one"),
                ("ChangeSetType", "CREATE"),
                ("TemplateBody", template)
            ),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "ValidationError: RelativeId of a Rollback Trigger's ARN is incorrect",
            await cloud.Refused(
                "CreateStack",
                ("StackName", "shop"),
                ("TemplateBody", template),
                ("RollbackConfiguration.RollbackTriggers.member.1.Arn", "arn:aws:cloudwatch:us-east-1:123456789012:example-name"),
                ("RollbackConfiguration.RollbackTriggers.member.1.Type", "AWS::CloudWatch::Alarm")
            )
        );
    }
}

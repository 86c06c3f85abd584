using System.Xml.Linq;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// DescribeChangeSet with IncludePropertyValues, as recorded on AWS 08-04-2025 and 18-06-2025 (localstack's snapshots test_change_sets and
/// test_change_set_fn_get_attr), in aws-cdk's template-and-changeset-diff-merger-tests (policies), and in the samples of
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html (tags).
/// </summary>
public sealed class PropertyValueTests : IAsyncLifetime
{
    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync() => stacks = await StackCloud.Start();

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

    [Fact]
    public async Task A_replaced_topic_is_shown_before_and_after_and_so_is_what_refers_to_it()
    {
        const string template = """
            Parameters: {TopicName: {Type: String}}
            Resources:
              Foo: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref TopicName}}
              Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Foo.TopicName}}
            """;
        Assert.Equal(
            [
                """Foo Add | {"Properties":{"TopicName":"topic-1"}}""",
                """Parameter Add | {"Properties":{"Type":"String","Value":"{{changeSet:KNOWN_AFTER_APPLY}}"}}""",
            ],
            await Changes("CREATE", template, values: true, Name("topic-1"))
        );
        Assert.Equal("CREATE_COMPLETE", await Execute());

        Assert.Equal(
            [
                """Foo Modify {"Properties":{"TopicName":"topic-1"}} | {"Properties":{"TopicName":"topic-2"}}""",
                "Dynamic DirectModification /Properties/TopicName Modify topic-1 > topic-2",
                "Static ParameterReference TopicName /Properties/TopicName Modify topic-1 > topic-2",
                """Parameter Modify {"Properties":{"Type":"String","Value":"topic-1"}} | {"Properties":{"Type":"String","Value":"{{changeSet:KNOWN_AFTER_APPLY}}"}}""",
                "Dynamic DirectModification /Properties/Value Modify topic-1 > {{changeSet:KNOWN_AFTER_APPLY}}",
                "Static ResourceAttribute Foo.TopicName /Properties/Value Modify topic-1 > {{changeSet:KNOWN_AFTER_APPLY}}",
            ],
            await Changes("UPDATE", template, values: true, Name("topic-2"))
        );
        Assert.Equal(
            [
                "Foo Modify  | ",
                "Dynamic DirectModification    > ",
                "Static ParameterReference TopicName    > ",
                "Parameter Modify  | ",
                "Static ResourceAttribute Foo.TopicName    > ",
            ],
            await Describe(values: false)
        );
    }

    /// <summary>Recorded 08-04-2025: without values it may change, with values it does not.</summary>
    [Fact]
    public async Task An_attribute_of_what_is_changed_in_place_is_taken_to_stay()
    {
        const string template = """
            Resources:
              One: {Type: AWS::SNS::Topic, Properties: {TopicName: one, DisplayName: a}}
              Two: {Type: AWS::SNS::Topic, Properties: {TopicName: two, DisplayName: !GetAtt One.TopicName}}
            """;
        await stacks.Do("CreateStack", "s", template);

        Assert.Equal(
            [
                """One Modify {"Properties":{"TopicName":"one","DisplayName":"a"}} | {"Properties":{"TopicName":"one","DisplayName":"b"}}""",
                "Static DirectModification /Properties/DisplayName Modify a > b",
            ],
            await Changes("UPDATE", template.Replace("DisplayName: a", "DisplayName: b"), values: true)
        );
        Assert.Contains("Dynamic ResourceAttribute One.TopicName    > ", await Describe(values: false));
    }

    /// <summary>Recorded 08-04-2025, for properties that are asked for like attributes.</summary>
    [Fact]
    public async Task A_property_of_what_is_changed_in_place_is_taken_to_stay()
    {
        const string template = """
            Resources:
              One: {Type: AWS::SNS::Topic, Properties: {TopicName: one, DisplayName: a}}
              Two: {Type: AWS::SNS::Topic, Properties: {TopicName: two, DisplayName: !GetAtt One.DisplayName}}
            """;
        await stacks.Do("CreateStack", "s", template);

        var three = "\n  Three: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt One.DisplayName}}";
        Assert.Equal(["""Three Add | {"Properties":{"DisplayName":"a"}}"""], await Changes("UPDATE", template + three, values: true));
        Assert.Equal(
            [
                """One Modify {"Properties":{"TopicName":"one","DisplayName":"a"}} | {"Properties":{"TopicName":"one","DisplayName":"b"}}""",
                "Static DirectModification /Properties/DisplayName Modify a > b",
                """Three Add | {"Properties":{"DisplayName":"a"}}""",
            ],
            await Changes("UPDATE", template.Replace("DisplayName: a", "DisplayName: b") + three, values: true)
        );
        Assert.Contains("Dynamic ResourceAttribute One.DisplayName    > ", await Describe(values: false));
    }

    [Fact]
    public async Task Tags_are_shown_leaf_by_leaf_and_documents_as_a_whole()
    {
        const string role = """
            Resources:
              R:
                Type: AWS::IAM::Role
                DeletionPolicy: Retain
                Metadata: {note: a}
                Properties:
                  RoleName: r
                  MaxSessionDuration: 3600
                  AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: a.amazonaws.com}, Action: 'sts:AssumeRole'}]}
                  Tags: [{Key: Purpose, Value: testing}]
            """;
        (string, string)[] capability = [("Capabilities.member.1", "CAPABILITY_NAMED_IAM")];
        await stacks.Do("CreateStack", "s", role, capability);
        const string trust =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"a.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

        var changes = await Changes(
            "UPDATE",
            role.Replace("Key: Purpose, Value: testing", "Key: Test, Value: testing}, {Key: More, Value: '1'")
                .Replace("a.amazonaws.com", "b.amazonaws.com")
                .Replace("      MaxSessionDuration: 3600\n", "      Description: text\n"),
            values: true,
            capability
        );

        Assert.StartsWith("""R Modify {"Properties":{"RoleName":"r","MaxSessionDuration":"3600",""", changes[0]);
        Assert.Contains(""","Metadata":{"note":"a"},"DeletionPolicy":"Retain"} | {"Properties":""", changes[0]);
        Assert.Equal(
            [
                "Static DirectModification /Properties/AssumeRolePolicyDocument Modify "
                    + $"{trust} > {trust.Replace("a.amazonaws.com", "b.amazonaws.com")}",
                "Static DirectModification /Properties/Description Add  > text",
                "Static DirectModification /Properties/MaxSessionDuration Remove 3600 > ",
                "Static DirectModification /Properties/Tags/0/Key Modify Purpose > Test",
                """Static DirectModification /Properties/Tags/1 Add  > {"Key":"More","Value":"1"}""",
            ],
            changes[1..].Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task What_is_removed_is_shown_as_it_was()
    {
        const string both = "Resources: {A: {Type: 'AWS::SNS::Topic'}, B: {Type: 'AWS::SNS::Topic', Properties: {TopicName: b}}}";
        await stacks.Do("CreateStack", "s", both);

        Assert.Equal(
            ["""B Remove {"Properties":{"TopicName":"b"}} | """],
            await Changes("UPDATE", "Resources: {A: {Type: 'AWS::SNS::Topic'}}", values: true)
        );
    }

    private static (string, string)[] Name(string value) =>
        [("Parameters.member.1.ParameterKey", "TopicName"), ("Parameters.member.1.ParameterValue", value)];

    private async Task<string[]> Changes(string type, string template, bool values, params (string, string)[] parameters)
    {
        if (type == "UPDATE")
        {
            await stacks.Call("DeleteChangeSet", ("StackName", "s"), ("ChangeSetName", "c"));
        }

        await stacks.Call(
            "CreateChangeSet",
            [("StackName", "s"), ("ChangeSetName", "c"), ("ChangeSetType", type), ("TemplateBody", template), .. parameters]
        );
        return await Describe(values);
    }

    private async Task<string> Execute()
    {
        await stacks.Call("ExecuteChangeSet", ("StackName", "s"), ("ChangeSetName", "c"));
        return await stacks.Status("s");
    }

    private async Task<string[]> Describe(bool values)
    {
        var answer = await stacks.Call(
            "DescribeChangeSet",
            [("StackName", "s"), ("ChangeSetName", "c"), .. values ? [("IncludePropertyValues", "true")] : Array.Empty<(string, string)>()]
        );
        return
        [
            .. answer
                .Descendants("ResourceChange")
                .SelectMany(change =>
                    change
                        .Element("Details")!
                        .Elements("member")
                        .Select(Detail)
                        .Prepend(
                            $"{Text(change, "LogicalResourceId")} {Text(change, "Action")} {Text(change, "BeforeContext")} | {Text(change, "AfterContext")}"
                        )
                        .Select(line => line.Replace("Add  |", "Add |"))
                ),
        ];
    }

    private static string Detail(XElement detail)
    {
        var target = detail.Element("Target")!;
        var cause = detail.Element("CausingEntity") is { } entity ? " " + entity.Value : "";
        return $"{Text(detail, "Evaluation")} {Text(detail, "ChangeSource")}{cause} {Text(target, "Path")} {Text(target, "AttributeChangeType")} "
            + $"{Text(target, "BeforeValue")} > {Text(target, "AfterValue")}";
    }

    private static string Text(XElement element, string name) => element.Element(name)?.Value ?? "";
}

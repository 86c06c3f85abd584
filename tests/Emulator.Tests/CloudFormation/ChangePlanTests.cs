using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.CloudFormation;

public class ChangePlanTests
{
    private static readonly Dictionary<string, IResource> Types = new()
    {
        ["T::T::T"] = new FakeType(
            "T::T::T",
            ("Name", new PropertyRule(UpdateType.Replacement)),
            ("Size", default),
            ("Link", new PropertyRule(UpdateType.Replacement)),
            ("Tags", default)
        ),
        ["U::U::U"] = new FakeType("U::U::U"),
    };

    private static string Plan(string before, string after, bool tags = false, params string[] changedParameters)
    {
        var old = Engine.Evaluate(before, [("P", "1")]);
        var deployed = Engine
            .Parse(before)
            .Resources.Values.ToDictionary(
                r => r.LogicalId,
                r => new Deployed(
                    r.LogicalId,
                    r.Type,
                    ResourceState.Of($"{r.LogicalId}-id", ("Arn", $"arn:{r.LogicalId}")),
                    old.Properties(r).ToJson(),
                    r.Metadata?.ToJsonText()
                )
            );
        var changes = ChangePlan.Of(
            Engine.Parse(after),
            new Dictionary<string, string> { ["P"] = changedParameters.Length > 0 ? "2" : "1" },
            changedParameters.ToHashSet(),
            Engine.Pseudo,
            Types,
            deployed,
            _ => null,
            tags
        );
        return string.Join(
            '\n',
            changes
                .Select(c =>
                    $"{c.Action} {c.LogicalResourceId} {c.Replacement ?? "-"} {string.Join('+', c.Scope)} "
                    + string.Join(
                        ' ',
                        c.Details.Select(d =>
                            $"{d.Target.Name}/{d.Target.RequiresRecreation}/{d.Evaluation}/{d.ChangeSource}/{d.CausingEntity}"
                        )
                    )
                )
                .Select(l => l.TrimEnd())
        );
    }

    private const string P = "Parameters: {P: {Type: String}}\nResources:\n";

    [Theory]
    [InlineData("A: {Type: T::T::T}", "A: {Type: T::T::T}", "")]
    [InlineData(
        "A: {Type: T::T::T, Properties: {Size: 1}}",
        "A: {Type: T::T::T, Properties: {Size: 2}}",
        "Modify A False Properties Size/Never/Static/DirectModification/"
    )]
    [InlineData(
        "A: {Type: T::T::T, Properties: {Name: a}}",
        "A: {Type: T::T::T, Properties: {Name: b}}",
        "Modify A True Properties Name/Always/Static/DirectModification/"
    )]
    [InlineData("A: {Type: T::T::T}", "A: {Type: T::T::T}\n  B: {Type: T::T::T}", "Add B -")]
    [InlineData("A: {Type: T::T::T}\n  B: {Type: T::T::T}", "A: {Type: T::T::T}", "Remove B -")]
    [InlineData("A: {Type: T::T::T}", "A: {Type: T::T::T, Metadata: {a: b}}", "Modify A False Metadata /Never/Static/DirectModification/")]
    [InlineData(
        "A: {Type: T::T::T, Properties: {Name: a}}\n  B: {Type: T::T::T, Properties: {Link: !Ref A}}",
        "A: {Type: T::T::T, Properties: {Name: b}}\n  B: {Type: T::T::T, Properties: {Link: !Ref A}}",
        "Modify A True Properties Name/Always/Static/DirectModification/\nModify B True Properties Link/Always/Static/ResourceReference/A"
    )]
    [InlineData(
        "A: {Type: T::T::T, Properties: {Size: 1}}\n  B: {Type: T::T::T, Properties: {Link: !Ref A, Size: !GetAtt A.Arn}}",
        "A: {Type: T::T::T, Properties: {Size: 2}}\n  B: {Type: T::T::T, Properties: {Link: !Ref A, Size: !GetAtt A.Arn}}",
        "Modify A False Properties Size/Never/Static/DirectModification/\nModify B False Properties Size/Never/Dynamic/ResourceAttribute/A.Arn"
    )]
    public void A_plan_shows_what_changes_and_why(string before, string after, string expected) =>
        Assert.Equal(expected, Plan(P + "  " + before, P + "  " + after));

    [Fact]
    public void A_changed_parameter_is_named_as_the_cause() =>
        Assert.Equal(
            "Modify A True Properties Name/Always/Dynamic/DirectModification/ Name/Always/Static/ParameterReference/P",
            Plan(P + "  A: {Type: T::T::T, Properties: {Name: !Ref P}}", P + "  A: {Type: T::T::T, Properties: {Name: !Ref P}}", false, "P")
        );

    [Fact]
    public void Changed_stack_tags_reach_every_type_that_takes_tags() =>
        Assert.Equal(
            "Modify A False Tags /Never/Static/DirectModification/",
            Plan(P + "  A: {Type: T::T::T}\n  B: {Type: U::U::U}", P + "  A: {Type: T::T::T}\n  B: {Type: U::U::U}", true)
        );

    [Fact]
    public void A_resource_may_not_change_its_type() =>
        Assert.Equal(
            "Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]",
            Engine.Error(() => Plan(P + "  A: {Type: T::T::T}", P + "  A: {Type: U::U::U}"))
        );
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>What a template's Rules section asks of its parameters together.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html</remarks>
internal sealed class Rules(Template template, IReadOnlyDictionary<string, string> values, Evaluation evaluation)
{
    /// <exception cref="AwsException">ValidationError: an assertion does not hold.</exception>
    public void Check()
    {
        foreach (var (name, _, node) in template.Rules.Entries)
        {
            var rule = node as MapNode ?? throw TemplateErrors.Format("Every Rules member must be an object.");
            if (rule.Entries.FirstOrDefault(entry => entry.Key is not ("RuleCondition" or "Assertions")) is { } other)
            {
                throw TemplateErrors.Validation($"Invalid template rule property '{other.Key}'");
            }

            if (rule["Assertions"] is not ListNode { Items.Count: > 0 } assertions)
            {
                throw TemplateErrors.Format($"Rule {name} must contain Assertions.");
            }

            if (rule["RuleCondition"] is { } condition && !Holds(condition))
            {
                continue;
            }

            foreach (var assertion in assertions.Items.Select(item => item as MapNode))
            {
                var assert = assertion?["Assert"] ?? throw TemplateErrors.Format($"Every assertion of rule {name} must contain an Assert.");
                if (!Holds(assert))
                {
                    throw TemplateErrors.Validation(
                        $"Rule {name} failed{(assertion["AssertDescription"] is TextNode text ? " with error: " + text.Text : "")}"
                    );
                }
            }
        }
    }

    private bool Holds(Node node) =>
        node switch
        {
            MapNode { Entries: [{ Key: "Fn::And", Value: ListNode { Items.Count: >= 2 and <= 10 } list }] } => list.Items.All(Holds),
            MapNode { Entries: [{ Key: "Fn::Or", Value: ListNode { Items.Count: >= 2 and <= 10 } list }] } => list.Items.Any(Holds),
            MapNode { Entries: [{ Key: "Fn::Not", Value: ListNode { Items: [var only] } }] } => !Holds(only),
            MapNode { Entries: [{ Key: "Fn::Equals", Value: ListNode { Items: [var left, var right] } }] } => Texts(left)
                .SequenceEqual(Texts(right)),
            MapNode { Entries: [{ Key: "Fn::Contains", Value: ListNode { Items: [var list, var item] } }] } => Texts(list)
                .Contains(Texts(item).FirstOrDefault() ?? ""),
            MapNode { Entries: [{ Key: "Fn::EachMemberEquals", Value: ListNode { Items: [var list, var item] } }] } => Texts(list)
                .All(one => one == Texts(item).FirstOrDefault()),
            MapNode { Entries: [{ Key: "Fn::EachMemberIn", Value: ListNode { Items: [var list, var all] } }] } => Texts(list)
                .All(Texts(all).Contains),
            TextNode { Kind: ScalarKind.Boolean } text => text.Text == "true",
            _ => throw TemplateErrors.Format($"Rules can only be boolean operations on parameters {node.At}"),
        };

    private List<string> Texts(Node node)
    {
        if (node is MapNode { Entries: [{ Key: "Fn::RefAll", Value: TextNode type }] })
        {
            return
            [
                .. template.Parameters.Values.Where(parameter => parameter.Type == type.Text).Select(parameter => values[parameter.Name]),
            ];
        }

        if (node is MapNode { Entries: [{ Key: "Fn::ValueOf" or "Fn::ValueOfAll" } call] })
        {
            // It asks for an attribute of a VPC, a subnet or the like.
            throw AwsException.NotImplemented($"{call.Key} in a template's Rules section");
        }

        return evaluation.Resolve(node) switch
        {
            TextNode { Kind: ScalarKind.Unknown } => throw TemplateErrors.Format(
                $"Unresolved dependencies. Cannot reference resources in the Rules block of the template {node.At}"
            ),
            TextNode text => [text.Text],
            ListNode list => [.. list.Items.Select(item => item is TextNode text ? text.Text : item.ToJsonText())],
            _ => [],
        };
    }
}

using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Check;

/// <summary>Whether each function of a template is well formed, and each name in it leads somewhere.</summary>
internal sealed class ReferenceCheck(MapNode root, bool extensions, IReadOnlyDictionary<string, IResource> types, Findings findings)
{
    private readonly MapNode parameters = root["Parameters"] as MapNode ?? MapNode.Empty;
    private readonly MapNode resources = root["Resources"] as MapNode ?? MapNode.Empty;
    private readonly MapNode conditions = root["Conditions"] as MapNode ?? MapNode.Empty;
    private readonly MapNode mappings = root["Mappings"] as MapNode ?? MapNode.Empty;

    /// <summary>A value outside the Conditions section.</summary>
    public void Value(Node node) => Walk(node, inCondition: false);

    /// <summary>A condition's definition.</summary>
    public void Condition(Node node) => Walk(node, inCondition: true);

    public void ConditionName(TextNode name)
    {
        if (conditions[name.Text] is null)
        {
            findings.Add(
                name.At,
                $"there is no condition '{name.Text}'",
                Near.To(name.Text, conditions.Entries.Select(entry => entry.Key)) ?? "the name of a condition of this template"
            );
        }
    }

    public void ResourceName(TextNode name)
    {
        if (resources[name.Text] is null)
        {
            findings.Add(
                name.At,
                $"there is no resource '{name.Text}'",
                Near.To(name.Text, resources.Entries.Select(entry => entry.Key)) ?? "the name of a resource of this template"
            );
        }
    }

    private void Walk(Node node, bool inCondition)
    {
        switch (node)
        {
            case ListNode list:
                foreach (var item in list.Items)
                {
                    Walk(item, inCondition);
                }

                break;
            case MapNode { Entries: [{ Key: "Condition", Value: TextNode name }] } when inCondition:
                ConditionName(name);
                break;
            case MapNode map:
                Entry? call = null;
                if (
                    findings.Holds(
                        map.Entries.FirstOrDefault(entry => entry.Key.StartsWith("Fn::", StringComparison.Ordinal))?.At ?? map.At,
                        () => call = Functions.Call(map)
                    ) && call is not null
                )
                {
                    Function(call, inCondition);
                    break;
                }

                foreach (var entry in map.Entries)
                {
                    Walk(entry.Value, inCondition);
                }

                break;
        }
    }

    private void Function(Entry call, bool inCondition)
    {
        if (!findings.Holds(call.At, () => Shapes.Check(call, extensions)))
        {
            return;
        }

        switch (call.Key)
        {
            case "Ref":
                Ref((TextNode)call.Value, ((TextNode)call.Value).Text, inCondition);
                break;
            case "Fn::GetAtt":
                var target = ((ListNode)call.Value).Items;
                Attribute((TextNode)target[0], ((TextNode)target[0]).Text, (target[1] as TextNode)?.Text, inCondition);
                Walk(target[1], inCondition);
                break;
            case "Fn::Sub":
                Sub(call, inCondition);
                break;
            case "Fn::If":
                var branches = ((ListNode)call.Value).Items;
                ConditionName((TextNode)branches[0]);
                Walk(branches[1], inCondition);
                Walk(branches[2], inCondition);
                break;
            case "Fn::FindInMap":
                Mapping((ListNode)call.Value);
                Walk(call.Value, inCondition);
                break;
            case "Fn::Equals" or "Fn::And" or "Fn::Or" or "Fn::Not" when !inCondition:
                findings.Add(call.At, $"{call.Key} stands outside the Conditions section", "Fn::If with the name of a condition");
                break;
            default:
                Walk(call.Value, inCondition);
                break;
        }
    }

    private void Ref(Node at, string name, bool inCondition)
    {
        if (PseudoParameters.IsName(name) || parameters[name] is not null || (!inCondition && resources[name] is not null))
        {
            return;
        }

        var known = parameters.Entries.Select(entry => entry.Key).Concat(inCondition ? [] : resources.Entries.Select(entry => entry.Key));
        findings.Add(
            at.At,
            inCondition && resources[name] is not null
                ? $"a condition cannot refer to the resource '{name}'"
                : $"'{name}' is neither parameter nor resource of this template",
            Near.To(name, known) ?? (inCondition ? "a parameter of this template" : "a parameter, a resource, or AWS::Region and its like")
        );
    }

    private void Attribute(Node at, string name, string? attribute, bool inCondition)
    {
        if (resources[name] is not MapNode resource || inCondition)
        {
            findings.Add(
                at.At,
                $"there is no resource '{name}' whose attribute could be had",
                Near.To(name, resources.Entries.Select(entry => entry.Key)) ?? "the name of a resource of this template"
            );
            return;
        }

        if (attribute is null || resource["Type"] is not TextNode type || !types.TryGetValue(type.Text, out var known))
        {
            return;
        }

        if (
            type.Text == TemplateChecks.NestedStack
                ? !attribute.StartsWith("Outputs.", StringComparison.Ordinal)
                : !known.TakesAny && !known.Attributes.Contains(attribute)
        )
        {
            findings.Add(
                at.At,
                $"{type.Text} has no attribute '{attribute}'",
                type.Text == TemplateChecks.NestedStack
                    ? "'Outputs.' and the name of an output"
                    : Near.To(attribute, known.Attributes) ?? "a Ref: this type has no attributes"
            );
        }
    }

    private void Sub(Entry call, bool inCondition)
    {
        var (text, values) = SubText.Arguments(call.Value);
        var at = call.Value is ListNode { Items: [var first, ..] } ? first : call.Value;
        List<SubText.Piece> pieces = [];
        if (!findings.Holds(at.At, () => pieces = [.. SubText.Parse(text)]))
        {
            return;
        }

        foreach (var name in pieces.Where(piece => piece.IsVariable && values[piece.Text] is null).Select(piece => piece.Text))
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                Ref(at, name, inCondition);
            }
            else
            {
                Attribute(at, name[..dot], name[(dot + 1)..], inCondition);
            }
        }

        foreach (var spare in values.Entries.Where(entry => !pieces.Exists(piece => piece.IsVariable && piece.Text == entry.Key)))
        {
            findings.Add(spare.At, $"the text does not use '{spare.Key}'", $"${{{spare.Key}}} in it", warning: true);
        }

        Walk(values, inCondition);
    }

    private void Mapping(ListNode arguments)
    {
        if (arguments.Items[0] is not TextNode map)
        {
            return;
        }

        if (mappings[map.Text] is not MapNode rows)
        {
            findings.Add(
                map.At,
                $"there is no mapping '{map.Text}'",
                Near.To(map.Text, mappings.Entries.Select(entry => entry.Key)) ?? "the name of a mapping of this template"
            );
            return;
        }

        if (arguments.Items.Count > 3)
        {
            return;
        }

        if (arguments.Items[1] is TextNode row && rows[row.Text] is null)
        {
            findings.Add(
                row.At,
                $"the mapping '{map.Text}' has no key '{row.Text}'",
                Near.To(row.Text, rows.Entries.Select(entry => entry.Key))
            );
        }

        if (
            arguments.Items[2] is TextNode column
            && rows.Entries.FirstOrDefault(entry => entry.Value is MapNode values && values[column.Text] is null) is { } without
        )
        {
            findings.Add(
                column.At,
                $"'{map.Text}', '{without.Key}' has no value '{column.Text}'",
                Near.To(column.Text, ((MapNode)without.Value).Entries.Select(entry => entry.Key))
            );
        }
    }
}

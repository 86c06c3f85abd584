namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>How one place of a template names another.</summary>
internal enum ReferenceKind
{
    Ref,
    GetAtt,
    Condition,
}

/// <summary>One mention of a parameter, resource or condition.</summary>
/// <param name="Attribute">What a GetAtt asks for; null where only evaluation tells.</param>
internal readonly record struct Reference(ReferenceKind Kind, string Name, string? Attribute, Mark At, bool FromSub = false);

/// <summary>Finds what a part of a template refers to, checking the form of every function on the way.</summary>
internal static class References
{
    /// <param name="conditions">Given, only the branch that is taken of each <c>Fn::If</c> counts.</param>
    public static IEnumerable<Reference> In(Node node, bool languageExtensions, IReadOnlyDictionary<string, bool>? conditions = null)
    {
        var found = new List<Reference>();
        Walk(node, languageExtensions, conditions, found, false);
        return found;
    }

    /// <summary>The references of a condition's definition, where <c>Condition</c> is a function too.</summary>
    public static IEnumerable<Reference> InCondition(Node node, bool languageExtensions)
    {
        var found = new List<Reference>();
        Walk(node, languageExtensions, null, found, true);
        return found;
    }

    private static void Walk(
        Node node,
        bool extensions,
        IReadOnlyDictionary<string, bool>? conditions,
        List<Reference> found,
        bool inCondition
    )
    {
        switch (node)
        {
            case ListNode list:
                foreach (var item in list.Items)
                {
                    Walk(item, extensions, conditions, found, inCondition);
                }

                break;
            case MapNode { Entries: [{ Key: "Condition", Value: TextNode name }] } when inCondition:
                found.Add(new Reference(ReferenceKind.Condition, name.Text, null, name.At));
                break;
            case MapNode map when Functions.Call(map) is { } call:
                Shapes.Check(call, extensions);
                Call(call, extensions, conditions, found, inCondition);
                break;
            case MapNode map:
                foreach (var (_, _, value) in map.Entries)
                {
                    Walk(value, extensions, conditions, found, inCondition);
                }

                break;
        }
    }

    private static void Call(
        Entry call,
        bool extensions,
        IReadOnlyDictionary<string, bool>? conditions,
        List<Reference> found,
        bool inCondition
    )
    {
        switch (call.Key)
        {
            case "Ref":
                found.Add(new Reference(ReferenceKind.Ref, ((TextNode)call.Value).Text, null, call.At));
                break;
            case "Fn::GetAtt":
                var items = ((ListNode)call.Value).Items;
                found.Add(new Reference(ReferenceKind.GetAtt, ((TextNode)items[0]).Text, (items[1] as TextNode)?.Text, call.At));
                Walk(items[1], extensions, conditions, found, inCondition);
                break;
            case "Fn::Sub":
                var (text, values) = SubText.Arguments(call.Value);
                foreach (var piece in SubText.Parse(text).Where(p => p.IsVariable && values[p.Text] is null))
                {
                    var dot = piece.Text.IndexOf('.', StringComparison.Ordinal);
                    found.Add(
                        dot < 0
                            ? new Reference(ReferenceKind.Ref, piece.Text, null, call.At, true)
                            : new Reference(ReferenceKind.GetAtt, piece.Text[..dot], piece.Text[(dot + 1)..], call.At, true)
                    );
                }

                Walk(values, extensions, conditions, found, inCondition);
                break;
            case "Fn::If":
                var branches = ((ListNode)call.Value).Items;
                var condition = ((TextNode)branches[0]).Text;
                found.Add(new Reference(ReferenceKind.Condition, condition, null, call.At));
                foreach (var i in new[] { 1, 2 })
                {
                    if (conditions is null || !conditions.TryGetValue(condition, out var met) || met == (i == 1))
                    {
                        Walk(branches[i], extensions, conditions, found, inCondition);
                    }
                }

                break;
            default:
                Walk(call.Value, extensions, conditions, found, inCondition);
                break;
        }
    }
}

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Settles a template's conditions, each once.</summary>
internal static class Conditions
{
    public static IReadOnlyDictionary<string, bool> Settle(Template template, Func<Node, Node?> resolve)
    {
        var settled = new Dictionary<string, bool>(StringComparer.Ordinal);
        var open = new List<string>();
        foreach (var name in template.Conditions.Keys)
        {
            Named(name);
        }

        return settled;

        bool Named(string name)
        {
            if (settled.TryGetValue(name, out var known))
            {
                return known;
            }

            var definition = template.Conditions.GetValueOrDefault(name) ?? throw TemplateErrors.UnresolvedCondition(name, "Conditions");
            if (open.Contains(name))
            {
                throw TemplateErrors.Validation($"Circular dependency between conditions: [{string.Join(", ", open.SkipWhile(o => o != name))}]");
            }

            open.Add(name);
            var value = Value(definition);
            open.RemoveAt(open.Count - 1);
            return settled[name] = value;
        }

        bool Value(Node node) => node switch
        {
            MapNode { Entries: [{ Key: "Condition", Value: TextNode name }] } => Named(name.Text),
            MapNode { Entries: [{ Key: "Fn::And", Value: ListNode list }] } => list.Items.All(Value),
            MapNode { Entries: [{ Key: "Fn::Or", Value: ListNode list }] } => list.Items.Any(Value),
            MapNode { Entries: [{ Key: "Fn::Not", Value: ListNode { Items: [var only] } }] } => !Value(only),
            MapNode { Entries: [{ Key: "Fn::Equals", Value: ListNode { Items: [var left, var right] } }] } => Text(left) == Text(right),
            TextNode { Kind: ScalarKind.Boolean } text => text.Text == "true",
            _ => throw TemplateErrors.Format($"Conditions can only be boolean operations on parameters and other conditions {node.At}"),
        };

        string? Text(Node node) => resolve(node) switch
        {
            null => null,
            TextNode text => text.Text,
            var other => other.ToJsonText(),
        };
    }
}

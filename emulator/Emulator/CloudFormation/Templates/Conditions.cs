namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Settles a template's conditions, each once.</summary>
internal static class Conditions
{
    public static IReadOnlyDictionary<string, bool> Settle(Template template, Func<Node, Node?> resolve)
    {
        var settled = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var name in InOrder(template))
        {
            settled[name] = Value(template.Conditions[name]);
        }

        return settled;

        bool Value(Node node) =>
            node switch
            {
                MapNode { Entries: [{ Key: "Condition", Value: TextNode name }] } => settled[name.Text],
                MapNode { Entries: [{ Key: "Fn::And", Value: ListNode list }] } => list.Items.All(Value),
                MapNode { Entries: [{ Key: "Fn::Or", Value: ListNode list }] } => list.Items.Any(Value),
                MapNode { Entries: [{ Key: "Fn::Not", Value: ListNode { Items: [var only] } }] } => !Value(only),
                MapNode { Entries: [{ Key: "Fn::Equals", Value: ListNode { Items: [var left, var right] } }] } => Text(left) == Text(right),
                TextNode { Kind: ScalarKind.Boolean } text => text.Text == "true",
                _ => throw TemplateErrors.Format($"Conditions can only be boolean operations on parameters and other conditions {node.At}"),
            };

        string? Text(Node node) =>
            resolve(node) switch
            {
                null => null,
                TextNode text => text.Text,
                var other => other.ToJsonText(),
            };
    }

    /// <summary>Every condition after those that it names. Rows of them may be as long as a template: no recursion.</summary>
    private static List<string> InOrder(Template template)
    {
        var order = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var open = new OrderedDictionary<string, Queue<string>>(StringComparer.Ordinal);
        foreach (var start in template.Conditions.Keys)
        {
            Open(start);
            while (open.Count > 0)
            {
                var (name, left) = open.GetAt(open.Count - 1);
                if (left.TryDequeue(out var next))
                {
                    Open(next);
                    continue;
                }

                open.RemoveAt(open.Count - 1);
                done.Add(name);
                order.Add(name);
            }
        }

        return order;

        void Open(string name)
        {
            if (done.Contains(name))
            {
                return;
            }

            if (open.ContainsKey(name))
            {
                throw TemplateErrors.Validation(
                    $"Circular dependency between conditions: [{string.Join(", ", open.Keys.SkipWhile(o => o != name))}]"
                );
            }

            var definition = template.Conditions.GetValueOrDefault(name) ?? throw TemplateErrors.UnresolvedCondition(name, "Conditions");
            open.Add(name, new Queue<string>(Named(definition)));
        }
    }

    private static IEnumerable<string> Named(Node node) =>
        node switch
        {
            MapNode { Entries: [{ Key: "Condition", Value: TextNode name }] } => [name.Text],
            MapNode { Entries: [{ Key: "Fn::And" or "Fn::Or" or "Fn::Not", Value: ListNode list }] } => list.Items.SelectMany(Named),
            _ => [],
        };
}

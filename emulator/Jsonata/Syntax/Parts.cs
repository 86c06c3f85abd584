namespace Disa.Jsonata.Syntax;

/// <summary>The nodes that a node is made of, its marks left out.</summary>
internal static class Parts
{
    public static IEnumerable<Node> Of(Node node) =>
        node switch
        {
            PathNode path => path.Steps,
            BinaryNode binary => [binary.Left, binary.Right],
            ApplyNode apply => [apply.Left, apply.Right],
            DefaultNode choice => [choice.Left, choice.Right],
            NegationNode negation => [negation.Operand],
            ArrayNode array => array.Items,
            ObjectNode made => made.Grouping.Pairs.SelectMany(pair => (Node[])[pair.Key, pair.Value]),
            CallNode call => call.Arguments.Prepend(call.Procedure),
            LambdaNode lambda => [lambda.Body],
            BlockNode block => block.Expressions,
            BindNode bind => [bind.Value],
            ConditionNode condition => condition.Otherwise is null
                ? [condition.Condition, condition.Then]
                : [condition.Condition, condition.Then, condition.Otherwise],
            SortNode sort => sort.Terms.Select(term => term.Expression),
            TransformNode transform => transform.Delete is null
                ? [transform.Pattern, transform.Update]
                : [transform.Pattern, transform.Update, transform.Delete],
            _ => [],
        };

    /// <summary>The node and all below it, filters and groups included.</summary>
    public static IEnumerable<Node> All(Node node)
    {
        var open = new Stack<Node>([node]);
        while (open.TryPop(out var next))
        {
            yield return next;
            foreach (var part in Of(next).Concat(Marks(next)))
            {
                open.Push(part);
            }
        }
    }

    private static IEnumerable<Node> Marks(Node node) =>
        (node.Predicate ?? [])
            .Concat(node.Stages ?? [])
            .Where(stage => stage.Filter is not null)
            .Select(stage => stage.Filter!)
            .Concat((node.Group?.Pairs ?? []).SelectMany(pair => (Node[])[pair.Key, pair.Value]));
}

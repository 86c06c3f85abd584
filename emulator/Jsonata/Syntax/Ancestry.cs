namespace Disa.Jsonata.Syntax;

/// <summary>Finds the step that each <c>%</c> means.</summary>
internal sealed class Ancestry
{
    private int _labels;

    public AncestorSlot NewSlot() => new($"!{_labels++}");

    /// <summary>Hands what the parts of a node still seek on to the node.</summary>
    public static Node Pass(Node node)
    {
        switch (node)
        {
            case BinaryNode binary:
                Push(node, binary.Left);
                Push(node, binary.Right);
                break;
            case BindNode bind:
                Push(node, bind.Value);
                break;
            case NegationNode negation:
                Push(node, negation.Operand);
                break;
            case ArrayNode array:
                PushAll(node, array.Items);
                break;
            case ObjectNode made:
                PushAll(node, made.Grouping.Pairs.SelectMany(pair => (Node[])[pair.Key, pair.Value]));
                break;
            case CallNode call:
                PushAll(node, call.Arguments);
                break;
            case ConditionNode condition:
                PushAll(node, [condition.Condition, condition.Then]);
                PushAll(node, condition.Otherwise is null ? [] : [condition.Otherwise]);
                break;
            case DefaultNode choice:
                Push(node, choice.Left);
                Push(node, choice.Right);
                break;
            case BlockNode block:
                PushAll(node, block.Expressions);
                break;
        }

        return node;
    }

    public static void Push(Node node, Node part)
    {
        if (part.SeekingParent is null && part is not ParentNode)
        {
            return;
        }

        var slots = part.SeekingParent ?? [];
        if (part is ParentNode parent)
        {
            slots.Add(parent.Slot);
        }

        (node.SeekingParent ??= []).AddRange(slots);
    }

    /// <summary>Walks back from the last step for each slot that it seeks.</summary>
    public static void Resolve(PathNode path)
    {
        var last = path.Steps[^1];
        var slots = last.SeekingParent ?? [];
        if (last is ParentNode parent)
        {
            slots.Add(parent.Slot);
        }

        foreach (var slot in slots.ToList())
        {
            var index = path.Steps.Count - 2;
            while (slot.Level > 0)
            {
                if (index < 0)
                {
                    (path.SeekingParent ??= []).Add(slot);
                    break;
                }

                var step = path.Steps[index--];
                while (index >= 0 && step.Focus is not null && path.Steps[index].Focus is not null)
                {
                    step = path.Steps[index--];
                }

                Seek(step, slot);
            }
        }
    }

    public static void Seek(Node node, AncestorSlot slot)
    {
        switch (node)
        {
            case NameNode or WildcardNode:
                if (--slot.Level == 0)
                {
                    if (node.Ancestor is not null)
                    {
                        slot.Label = node.Ancestor.Label;
                    }

                    node.Ancestor = slot;
                    node.IsTuple = true;
                }

                break;
            case ParentNode:
                slot.Level++;
                break;
            case BlockNode block:
                if (block.Expressions.Count > 0)
                {
                    node.IsTuple = true;
                    Seek(block.Expressions[^1], slot);
                }

                break;
            case PathNode path:
                path.IsTuple = true;
                for (var index = path.Steps.Count - 1; index >= 0; index--)
                {
                    Seek(path.Steps[index], slot);
                    if (slot.Level <= 0)
                    {
                        break;
                    }
                }

                break;
            default:
                throw new JsonataException("S0217") { Token = node.TypeName, Position = node.Position };
        }
    }

    private static void PushAll(Node node, IEnumerable<Node> parts)
    {
        foreach (var part in parts)
        {
            Push(node, part);
        }
    }
}

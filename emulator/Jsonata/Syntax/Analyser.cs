using System.Runtime.CompilerServices;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Syntax;

/// <summary>
/// The stage after parsing: location paths become lists of steps with their filters, calls in tail position become thunks,
/// and each <c>%</c> finds the step whose context it means.
/// </summary>
internal sealed class Analyser
{
    /// <summary>Nodes inside one another; a row of operators nests as deep as it is long.</summary>
    private const int MaxDepth = 2_000;

    private readonly Ancestry _ancestry = new();
    private int _depth;

    public Node Analyse(Node root)
    {
        var result = Process(root);
        if (result is ParentNode || result.SeekingParent is not null)
        {
            throw new JsonataException("S0217") { Token = result.TypeName, Position = result.Position };
        }

        return result;
    }

    private Node Process(Node node)
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new JsonataException("U1001") { Position = node.Position, Text = "The expression is nested too deeply" };
        }

        var result = Kind(node);
        if (node.KeepArray)
        {
            result.KeepArray = true;
        }

        _depth--;
        return result;
    }

    private Node Kind(Node node) =>
        node switch
        {
            BinaryNode { Symbol: "." } path => Path(path),
            BinaryNode { Symbol: "[" } filter => Filter(filter),
            BinaryNode { Symbol: "@" } focus => Focus(focus),
            BinaryNode { Symbol: "#" } index => Index(index),
            BinaryNode { Symbol: "~>" } apply => Apply(apply),
            DefaultNode choice => Ancestry.Pass(
                new DefaultNode(Process(choice.Left), Process(choice.Right), choice.IsCoalescing, choice.Position)
            ),
            BinaryNode binary => Ancestry.Pass(new BinaryNode(binary.Symbol, Process(binary.Left), Process(binary.Right), binary.Position)),
            GroupNode group => Group(group),
            SortNode sort => Sort(sort),
            BindNode bind => Ancestry.Pass(new BindNode(bind.Name, Process(bind.Value), bind.Position)),
            NegationNode negation => Negation(negation),
            ArrayNode array => Ancestry.Pass(new ArrayNode([.. array.Items.Select(Process)], array.Position)),
            ObjectNode made => Ancestry.Pass(new ObjectNode(Pairs(made.Grouping), made.Position)),
            CallNode call => Ancestry.Pass(
                new CallNode(Process(call.Procedure), [.. call.Arguments.Select(Process)], call.IsPartial, call.Position)
            ),
            LambdaNode lambda => new LambdaNode(lambda.Parameters, lambda.Signature, TailCall(Process(lambda.Body)), lambda.Position),
            ConditionNode condition => Condition(condition),
            TransformNode transform => new TransformNode(
                Process(transform.Pattern),
                Process(transform.Update),
                transform.Delete is null ? null : Process(transform.Delete),
                transform.Position
            ),
            BlockNode block => Block(block),
            NameNode name => new PathNode([name], name.Position) { KeepSingletonArray = name.KeepArray },
            ParentNode parent => new ParentNode(_ancestry.NewSlot(), parent.Position),
            OperatorNode { Symbol: "and" or "or" or "in" } keyword => Process(
                new NameNode(keyword.Symbol, keyword.Position) { KeepArray = keyword.KeepArray }
            ),
            OperatorNode { Symbol: not "?" } other => throw new JsonataException("S0201")
            {
                Position = other.Position,
                Token = other.Symbol,
            },
            EndNode end => throw new JsonataException("S0207") { Position = end.Position, Token = "(end)" },
            _ => node,
        };

    private PathNode Path(BinaryNode node)
    {
        var first = Process(node.Left);
        var path = first as PathNode ?? new PathNode([first], first.Position);
        if (first is ParentNode parent)
        {
            path.SeekingParent = [parent.Slot];
        }

        var rest = Process(node.Right);
        if (rest is PathNode more)
        {
            path.Steps.AddRange(more.Steps);
        }
        else
        {
            if (rest.Predicate is not null)
            {
                (rest.Stages, rest.Predicate) = (rest.Predicate, null);
            }

            path.Steps.Add(rest);
        }

        for (var i = 0; i < path.Steps.Count; i++)
        {
            path.Steps[i] = Step(path.Steps[i]);
        }

        path.KeepSingletonArray |= path.Steps.Any(step => step.KeepArray);
        foreach (var end in (Node[])[path.Steps[0], path.Steps[^1]])
        {
            end.IsConsArray |= end is ArrayNode;
        }

        Ancestry.Resolve(path);
        return path;
    }

    /// <summary>A text as a step is a name; other literals are none.</summary>
    private static Node Step(Node step)
    {
        if (step is not LiteralNode literal)
        {
            return step;
        }

        if (literal.Value is not StringValue { Value: var name })
        {
            throw new JsonataException("S0213") { Position = literal.Position, Value = Evaluation.Texts.Json(literal.Value) };
        }

        return new NameNode(name, literal.Position)
        {
            KeepArray = literal.KeepArray,
            Stages = literal.Stages,
            Predicate = literal.Predicate,
            Focus = literal.Focus,
            IndexVariable = literal.IndexVariable,
            IsTuple = literal.IsTuple,
        };
    }

    private Node Filter(BinaryNode node)
    {
        var result = Process(node.Left);
        var path = result as PathNode;
        var step = path?.Steps[^1] ?? result;
        if (step.Group is not null)
        {
            throw new JsonataException("S0209") { Position = node.Position };
        }

        var filter = Process(node.Right);
        if (filter.SeekingParent is { } seeking)
        {
            foreach (var slot in seeking)
            {
                if (slot.Level == 1)
                {
                    Ancestry.Seek(step, slot);
                }
                else
                {
                    slot.Level--;
                }
            }

            Ancestry.Push(step, filter);
        }

        var stages = path is null ? step.Predicate ??= [] : step.Stages ??= [];
        stages.Add(new Stage(filter, null));
        return result;
    }

    private Node Group(GroupNode node)
    {
        var result = Process(node.Left);
        if (result.Group is not null)
        {
            throw new JsonataException("S0210") { Position = node.Position };
        }

        result.Group = Pairs(node.Grouping);
        return result;
    }

    private Grouping Pairs(Grouping grouping) =>
        new([.. grouping.Pairs.Select(pair => (Process(pair.Key), Process(pair.Value)))], grouping.Position);

    private PathNode Sort(SortNode node)
    {
        var left = Process(node.Left!);
        var path = left as PathNode ?? new PathNode([left], left.Position);
        var sort = new SortNode(
            null,
            [.. node.Terms.Select(term => new SortTerm(Process(term.Expression), term.IsDescending))],
            node.Position
        );
        foreach (var term in sort.Terms)
        {
            Ancestry.Push(sort, term.Expression);
        }

        path.Steps.Add(sort);
        Ancestry.Resolve(path);
        return path;
    }

    private Node Focus(BinaryNode node)
    {
        var result = Process(node.Left);
        var step = result is PathNode path ? path.Steps[^1] : result;
        if (step.Stages is not null || step.Predicate is not null)
        {
            throw new JsonataException("S0215") { Position = node.Position };
        }

        if (step is SortNode)
        {
            throw new JsonataException("S0216") { Position = node.Position };
        }

        step.KeepArray |= node.KeepArray;
        step.Focus = ((VariableNode)node.Right).Name;
        step.IsTuple = true;
        return result;
    }

    private PathNode Index(BinaryNode node)
    {
        var result = Process(node.Left);
        var path = result as PathNode;
        var step = path?.Steps[^1] ?? result;
        if (path is null)
        {
            path = new PathNode([result], result.Position);
            if (step.Predicate is not null)
            {
                (step.Stages, step.Predicate) = (step.Predicate, null);
            }
        }

        var variable = ((VariableNode)node.Right).Name;
        if (step.Stages is null)
        {
            step.IndexVariable = variable;
        }
        else
        {
            step.Stages.Add(new Stage(null, variable));
        }

        step.IsTuple = true;
        return path;
    }

    private ApplyNode Apply(BinaryNode node)
    {
        var apply = new ApplyNode(Process(node.Left), Process(node.Right), node.Position);
        apply.KeepArray = apply.Left.KeepArray || apply.Right.KeepArray;
        return apply;
    }

    private Node Negation(NegationNode node) =>
        Process(node.Operand) switch
        {
            LiteralNode { Value: NumberValue number, Predicate: null } => new LiteralNode(new NumberValue(-number.Value), node.Position),
            var operand => Ancestry.Pass(new NegationNode(operand, node.Position)),
        };

    private Node Condition(ConditionNode node) =>
        Ancestry.Pass(
            new ConditionNode(
                Process(node.Condition),
                Process(node.Then),
                node.Otherwise is null ? null : Process(node.Otherwise),
                node.Position
            )
        );

    private Node Block(BlockNode node)
    {
        var block = new BlockNode([.. node.Expressions.Select(Process)], node.Position);
        block.IsConsArray = block.Expressions.Any(part => part.IsConsArray || part is PathNode { Steps: [{ IsConsArray: true }, ..] });
        return Ancestry.Pass(block);
    }

    private static Node TailCall(Node node)
    {
        switch (node)
        {
            case CallNode { IsPartial: false, Predicate: null } call:
                return new LambdaNode([], null, call, call.Position) { IsThunk = true };
            case ConditionNode condition:
                return Marked(
                    node,
                    new ConditionNode(
                        condition.Condition,
                        TailCall(condition.Then),
                        condition.Otherwise is null ? null : TailCall(condition.Otherwise),
                        condition.Position
                    )
                );
            case DefaultNode choice:
                return Marked(node, new DefaultNode(choice.Left, TailCall(choice.Right), choice.IsCoalescing, choice.Position));
            case BlockNode { Expressions.Count: > 0 } block:
                return Marked(node, new BlockNode([.. block.Expressions.SkipLast(1), TailCall(block.Expressions[^1])], node.Position));
            default:
                return node;
        }
    }

    private static Node Marked(Node from, Node to)
    {
        to.KeepArray = from.KeepArray;
        to.Predicate = from.Predicate;
        to.Stages = from.Stages;
        to.Group = from.Group;
        to.IsTuple = from.IsTuple;
        to.IsConsArray = from.IsConsArray;
        to.SeekingParent = from.SeekingParent;
        return to;
    }
}

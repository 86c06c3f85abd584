using System.Text.RegularExpressions;
using Disa.Jsonata.Functions;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Syntax;

/// <summary>A part of an expression. The parser makes them, the <see cref="Analyser"/> gives them their marks.</summary>
internal abstract class Node(int position)
{
    public int Position { get; } = position;

    /// <summary>Followed by <c>[]</c>.</summary>
    public bool KeepArray { get; set; }

    /// <summary>Filters of a node that is not a step.</summary>
    public List<Stage>? Predicate { get; set; }

    /// <summary>Filters and index bindings of a step, in order.</summary>
    public List<Stage>? Stages { get; set; }

    public Grouping? Group { get; set; }

    /// <summary>The variable of <c>@$x</c>.</summary>
    public string? Focus { get; set; }

    /// <summary>The variable of <c>#$i</c>.</summary>
    public string? IndexVariable { get; set; }

    /// <summary>Set where a later <c>%</c> means this step's context.</summary>
    public AncestorSlot? Ancestor { get; set; }

    /// <summary>Whether it is evaluated as a stream of tuples.</summary>
    public bool IsTuple { get; set; }

    /// <summary>An array constructor that a path does not flatten.</summary>
    public bool IsConsArray { get; set; }

    /// <summary>The <c>%</c> inside whose ancestor is still to be found.</summary>
    public List<AncestorSlot>? SeekingParent { get; set; }

    /// <summary>As the reference names the type in its errors.</summary>
    public abstract string TypeName { get; }
}

/// <summary>Where the ancestor that a <c>%</c> means is kept in a tuple.</summary>
internal sealed class AncestorSlot(string label)
{
    public string Label { get; set; } = label;

    public int Level { get; set; } = 1;
}

/// <param name="Filter">Null for one that binds the position.</param>
internal sealed record Stage(Node? Filter, string? IndexVariable);

/// <summary>The pairs of an object constructor or of a group-by.</summary>
internal sealed record Grouping(IReadOnlyList<(Node Key, Node Value)> Pairs, int Position);

/// <param name="IsDescending">Whether <c>&gt;</c> stands before it.</param>
internal sealed record SortTerm(Node Expression, bool IsDescending);

internal sealed class LiteralNode(Value value, int position) : Node(position)
{
    public Value Value { get; } = value;

    public override string TypeName =>
        Value switch
        {
            StringValue => "string",
            NumberValue => "number",
            _ => "value",
        };
}

internal sealed class NameNode(string name, int position) : Node(position)
{
    public string Name => name;

    public override string TypeName => "name";
}

internal sealed class VariableNode(string name, int position) : Node(position)
{
    public string Name => name;

    public override string TypeName => "variable";
}

internal sealed class WildcardNode(int position) : Node(position)
{
    public override string TypeName => "wildcard";
}

internal sealed class DescendantNode(int position) : Node(position)
{
    public override string TypeName => "descendant";
}

internal sealed class ParentNode(AncestorSlot slot, int position) : Node(position)
{
    public AncestorSlot Slot => slot;

    public override string TypeName => "parent";
}

internal sealed class RegexNode(Regex regex, string pattern, int position) : Node(position)
{
    public Regex Regex => regex;

    public string Pattern => pattern;

    public override string TypeName => "regex";
}

/// <summary>The <c>?</c> of a partial application, or an operator that stands where an operand should.</summary>
internal sealed class OperatorNode(string symbol, int position) : Node(position)
{
    public string Symbol => symbol;

    public override string TypeName => "operator";
}

/// <summary>The end of the source where an operand should be.</summary>
internal sealed class EndNode(int position) : Node(position)
{
    public override string TypeName => "(end)";
}

internal sealed class PathNode(List<Node> steps, int position) : Node(position)
{
    public List<Node> Steps => steps;

    /// <summary>A step is followed by <c>[]</c>.</summary>
    public bool KeepSingletonArray { get; set; }

    public override string TypeName => "path";
}

internal sealed class BinaryNode(string symbol, Node left, Node right, int position) : Node(position)
{
    public string Symbol => symbol;

    public Node Left => left;

    public Node Right => right;

    public override string TypeName => "binary";
}

internal sealed class NegationNode(Node operand, int position) : Node(position)
{
    public Node Operand => operand;

    public override string TypeName => "unary";
}

internal sealed class ArrayNode(IReadOnlyList<Node> items, int position) : Node(position)
{
    public IReadOnlyList<Node> Items => items;

    public override string TypeName => "unary";
}

internal sealed class ObjectNode(Grouping grouping, int position) : Node(position)
{
    public Grouping Grouping => grouping;

    public override string TypeName => "unary";
}

/// <summary>Before the analysis: <c>lhs{…}</c>.</summary>
internal sealed class GroupNode(Node left, Grouping grouping, int position) : Node(position)
{
    public Node Left => left;

    public Grouping Grouping => grouping;

    public override string TypeName => "binary";
}

/// <summary>Before the analysis <c>lhs^(…)</c>, afterwards a step of a path.</summary>
internal sealed class SortNode(Node? left, IReadOnlyList<SortTerm> terms, int position) : Node(position)
{
    public Node? Left => left;

    public IReadOnlyList<SortTerm> Terms => terms;

    public override string TypeName => "sort";
}

internal sealed class BlockNode(IReadOnlyList<Node> expressions, int position) : Node(position)
{
    public IReadOnlyList<Node> Expressions => expressions;

    public override string TypeName => "block";
}

internal sealed class ConditionNode(Node condition, Node then, Node? otherwise, int position) : Node(position)
{
    public Node Condition => condition;

    public Node Then => then;

    public Node? Otherwise => otherwise;

    public override string TypeName => "condition";
}

/// <summary><c>left ?: right</c>, or with <paramref name="isCoalescing"/> <c>left ?? right</c>.</summary>
internal sealed class DefaultNode(Node left, Node right, bool isCoalescing, int position) : Node(position)
{
    public Node Left => left;

    public Node Right => right;

    public bool IsCoalescing => isCoalescing;

    public override string TypeName => "condition";
}

internal sealed class BindNode(string name, Node value, int position) : Node(position)
{
    public string Name => name;

    public Node Value => value;

    public override string TypeName => "bind";
}

internal sealed class ApplyNode(Node left, Node right, int position) : Node(position)
{
    public Node Left => left;

    public Node Right => right;

    public override string TypeName => "apply";
}

/// <summary>A call, or with <see cref="OperatorNode"/>s among the arguments a partial application.</summary>
internal sealed class CallNode(Node procedure, IReadOnlyList<Node> arguments, bool isPartial, int position) : Node(position)
{
    public Node Procedure => procedure;

    public IReadOnlyList<Node> Arguments => arguments;

    public bool IsPartial => isPartial;

    public override string TypeName => isPartial ? "partial" : "function";

    /// <summary>What the procedure is called in errors.</summary>
    public string? ProcedureName =>
        procedure switch
        {
            PathNode { Steps: [NameNode { Name: var name }, ..] } => name,
            VariableNode { Name: var name } => name,
            _ => null,
        };
}

internal sealed class LambdaNode(IReadOnlyList<string> parameters, Signature? signature, Node body, int position) : Node(position)
{
    public IReadOnlyList<string> Parameters => parameters;

    public Signature? Signature => signature;

    public Node Body => body;

    /// <summary>A call in tail position: made only when it is returned to the call around it.</summary>
    public bool IsThunk { get; init; }

    public override string TypeName => "lambda";
}

internal sealed class TransformNode(Node pattern, Node update, Node? delete, int position) : Node(position)
{
    public Node Pattern => pattern;

    public Node Update => update;

    public Node? Delete => delete;

    public override string TypeName => "transform";
}

namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>A condition on an item: of a write, a filter, or a key.</summary>
internal abstract class Condition
{
    public abstract bool Holds(Item item);

    /// <summary>The paths that it looks at.</summary>
    public abstract IEnumerable<DocumentPath> Paths { get; }
}

internal sealed class And(Condition left, Condition right) : Condition
{
    public Condition Left => left;

    public Condition Right => right;

    public override IEnumerable<DocumentPath> Paths => left.Paths.Concat(right.Paths);

    public override bool Holds(Item item) => left.Holds(item) && right.Holds(item);
}

internal sealed class Or(Condition left, Condition right) : Condition
{
    public Condition Left => left;

    public Condition Right => right;

    public override IEnumerable<DocumentPath> Paths => left.Paths.Concat(right.Paths);

    public override bool Holds(Item item) => left.Holds(item) || right.Holds(item);
}

internal sealed class Not(Condition inner) : Condition
{
    public override IEnumerable<DocumentPath> Paths => inner.Paths;

    public override bool Holds(Item item) => !inner.Holds(item);
}

/// <summary><c>a &lt; :b</c>: values of different types are unequal and have no order.</summary>
internal sealed class Comparison(string comparator, Operand left, Operand right) : Condition
{
    public string Comparator => comparator;

    public Operand Left => left;

    public Operand Right => right;

    public override IEnumerable<DocumentPath> Paths => left.Paths.Concat(right.Paths);

    public override bool Holds(Item item)
    {
        var (a, b) = (left.Resolve(item), right.Resolve(item));
        if (a is null || b is null)
        {
            // An attribute that is not there is unequal to everything, and has no order.
            return comparator == "<>";
        }

        return comparator switch
        {
            "=" => a.Equals(b),
            "<>" => !a.Equals(b),
            "<" => a.CompareTo(b) < 0,
            "<=" => a.CompareTo(b) <= 0,
            ">" => a.CompareTo(b) > 0,
            _ => a.CompareTo(b) >= 0,
        };
    }
}

internal sealed class Between(Operand operand, Operand low, Operand high) : Condition
{
    public Operand Operand => operand;

    public Operand Low => low;

    public Operand High => high;

    public override IEnumerable<DocumentPath> Paths => operand.Paths.Concat(low.Paths).Concat(high.Paths);

    public override bool Holds(Item item) =>
        operand.Resolve(item) is { } value
        && low.Resolve(item) is { } from
        && high.Resolve(item) is { } to
        && value.CompareTo(from) >= 0
        && value.CompareTo(to) <= 0;
}

internal sealed class In(Operand operand, IReadOnlyList<Operand> list) : Condition
{
    public Operand Operand => operand;

    public IReadOnlyList<Operand> List => list;

    public override IEnumerable<DocumentPath> Paths => operand.Paths.Concat(list.SelectMany(element => element.Paths));

    public override bool Holds(Item item) => operand.Resolve(item) is { } value && list.Any(element => value.Equals(element.Resolve(item)));
}

/// <summary><c>attribute_exists</c>, <c>begins_with</c>, <c>contains</c> and the like.</summary>
internal sealed class ConditionFunction(string name, IReadOnlyList<Operand> arguments) : Condition
{
    public string Name => name;

    public IReadOnlyList<Operand> Arguments => arguments;

    public override IEnumerable<DocumentPath> Paths => arguments.SelectMany(argument => argument.Paths);

    public override bool Holds(Item item)
    {
        var first = arguments[0].Resolve(item);
        switch (name)
        {
            case "attribute_exists":
                return first is not null;
            case "attribute_not_exists":
                return first is null;
            case "attribute_type":
                return first is not null && first.Type.ToString() == arguments[1].Resolve(item)!.S;
            case "begins_with":
                return first is not null && arguments[1].Resolve(item) is { } prefix && BeginsWith(first, prefix);
            default:
                return first is not null && arguments[1].Resolve(item) is { } part && Contains(first, part);
        }
    }

    private static bool BeginsWith(AttributeValue value, AttributeValue prefix) =>
        value.Type == prefix.Type
        && value.Type switch
        {
            AttributeType.S => value.S.StartsWith(prefix.S, StringComparison.Ordinal),
            AttributeType.B => value.B.AsSpan().StartsWith(prefix.B),
            _ => false,
        };

    private static bool Contains(AttributeValue value, AttributeValue part) =>
        value.Type switch
        {
            AttributeType.S => part.Type == AttributeType.S && value.S.Contains(part.S, StringComparison.Ordinal),
            AttributeType.B => part.Type == AttributeType.B && value.B.AsSpan().IndexOf(part.B) >= 0,
            AttributeType.SS or AttributeType.NS or AttributeType.BS or AttributeType.L => value.Elements.Contains(part),
            _ => false,
        };
}

/// <summary>What a condition compares: a value of the request, a place in the item, or the size of one of these.</summary>
internal abstract class Operand
{
    public virtual IEnumerable<DocumentPath> Paths => [];

    public abstract AttributeValue? Resolve(Item item);
}

internal sealed class ValueOperand(string name, AttributeValue value) : Operand
{
    public string Name => name;

    public AttributeValue Value => value;

    public override AttributeValue? Resolve(Item item) => value;
}

internal sealed class PathOperand(DocumentPath path) : Operand
{
    public DocumentPath Path => path;

    public override IEnumerable<DocumentPath> Paths => [path];

    public override AttributeValue? Resolve(Item item) => path.Find(item);
}

/// <summary>A function where an operand is meant; only <c>size</c> answers a value.</summary>
internal sealed class FunctionOperand(ConditionFunction function) : Operand
{
    public ConditionFunction Function => function;

    public override IEnumerable<DocumentPath> Paths => function.Paths;

    public override AttributeValue? Resolve(Item item) =>
        function.Arguments[0].Resolve(item)?.Length() is { } length ? AttributeValue.Of(Number.Of(length)) : null;
}

namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>A query's condition: a value for each key attribute that it names, and how it is compared.</summary>
internal sealed class KeyCondition
{
    private KeyCondition(Dictionary<string, Part> parts) => Parts = parts;

    /// <summary>By attribute, in the order of the expression.</summary>
    public Dictionary<string, Part> Parts { get; }

    public static KeyCondition From(Expression expression, Condition condition)
    {
        var parts = new Dictionary<string, Part>(StringComparer.Ordinal);
        Collect(expression, condition, parts);
        return new KeyCondition(parts);
    }

    private static void Collect(Expression expression, Condition condition, Dictionary<string, Part> parts)
    {
        switch (condition)
        {
            case And and:
                Collect(expression, and.Left, parts);
                Collect(expression, and.Right, parts);
                break;
            case Comparison { Comparator: "<>" }:
                throw Unsupported(expression, "<>");
            case Comparison { Left: ValueOperand value, Right: PathOperand path } comparison:
                Add(expression, parts, path, Mirror(comparison.Comparator), value.Value, null, [value.Value]);
                break;
            case Comparison { Left: PathOperand path, Right: ValueOperand value } comparison:
                Add(expression, parts, path, comparison.Comparator, value.Value, null, [value.Value]);
                break;
            case Between { Operand: PathOperand path, Low: ValueOperand low, High: ValueOperand high }:
                Add(expression, parts, path, "BETWEEN", low.Value, high.Value, [low.Value, high.Value]);
                break;
            case ConditionFunction { Name: "begins_with", Arguments: [PathOperand path, ValueOperand prefix] }:
                Add(expression, parts, path, "begins_with", prefix.Value, null, [prefix.Value]);
                break;
            case ConditionFunction { Name: not "begins_with" } function:
                throw Unsupported(expression, function.Name);
            case Or:
                throw Unsupported(expression, "OR");
            case Not:
                throw Unsupported(expression, "NOT");
            case In:
                throw Unsupported(expression, "IN");
            default:
                throw expression.Invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
        }
    }

    private static void Add(Expression expression, Dictionary<string, Part> parts, PathOperand path, string comparator, AttributeValue low,
        AttributeValue? high, AttributeValue[] values)
    {
        if (path.Path.IsNested)
        {
            throw expression.Invalid("KeyConditionExpressions cannot have conditions on nested attributes");
        }

        if (!parts.TryAdd(path.Path.Head, new Part(comparator, low, high, values)))
        {
            throw expression.Invalid("KeyConditionExpressions must only contain one condition per key");
        }
    }

    private static string Mirror(string comparator) => comparator switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => comparator };

    private static Aws.AwsException Unsupported(Expression expression, string name) =>
        expression.Invalid($"Invalid operator used in KeyConditionExpression: {name}");

    /// <param name="Comparator"><c>=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, <c>BETWEEN</c> or <c>begins_with</c>.</param>
    /// <param name="Value">The value, the lower bound or the prefix.</param>
    /// <param name="High">The upper bound.</param>
    /// <param name="Values">All of these.</param>
    internal sealed record Part(string Comparator, AttributeValue Value, AttributeValue? High, IReadOnlyList<AttributeValue> Values)
    {
        public bool Matches(AttributeValue key) => Comparator switch
        {
            "=" => key.Equals(Value),
            "<" => key.CompareTo(Value) < 0,
            "<=" => key.CompareTo(Value) <= 0,
            ">" => key.CompareTo(Value) > 0,
            ">=" => key.CompareTo(Value) >= 0,
            "BETWEEN" => key.CompareTo(Value) >= 0 && key.CompareTo(High!) <= 0,
            _ => key.Type == AttributeType.S ? key.S.StartsWith(Value.S, StringComparison.Ordinal) : key.B.AsSpan().StartsWith(Value.B),
        };
    }
}

namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>A query's condition: a value for each key attribute that it names, and how it is compared.</summary>
internal sealed class KeyCondition
{
    /// <summary>In place of a comparator: an operator that no key can be looked up by.</summary>
    public const string NotIndexable = "";

    public KeyCondition(Dictionary<string, Part> parts) => Parts = parts;

    /// <summary>By attribute, in the order of the expression.</summary>
    public Dictionary<string, Part> Parts { get; }

    public static KeyCondition From(Condition condition)
    {
        var parts = new Dictionary<string, Part>(StringComparer.Ordinal);
        Collect(condition, parts);
        return new KeyCondition(parts);
    }

    private static void Collect(Condition condition, Dictionary<string, Part> parts)
    {
        switch (condition)
        {
            case And and:
                Collect(and.Left, parts);
                Collect(and.Right, parts);
                break;
            case Comparison { Comparator: "<>" }:
                throw Unsupported("<>");
            case Or:
                throw Unsupported("OR");
            case Not:
                throw Unsupported("NOT");
            case In:
                throw Unsupported("IN");
            case ConditionFunction { Name: not "begins_with" } function:
                throw Unsupported(function.Name);
            case Comparison comparison:
                Collect(comparison, parts);
                break;
            case Between between:
                Leads("BETWEEN", between.Operand);
                Add(parts, Attribute(between.Operand, between.Low, between.High), "BETWEEN", Value(between.Low), Value(between.High));
                break;
            case ConditionFunction { Arguments: [var first, var prefix] }:
                Leads("begins_with", first);
                Add(parts, Attribute(first, prefix), "begins_with", Value(prefix));
                break;
        }
    }

    private static void Collect(Comparison comparison, Dictionary<string, Part> parts)
    {
        var path = Attribute(comparison.Left, comparison.Right);
        var isMirrored = comparison.Left is ValueOperand;
        Add(
            parts,
            path,
            isMirrored ? Mirror(comparison.Comparator) : comparison.Comparator,
            Value(isMirrored ? comparison.Left : comparison.Right)
        );
    }

    /// <summary>The one attribute among the operands.</summary>
    private static DocumentPath Attribute(params ReadOnlySpan<Operand> operands)
    {
        DocumentPath? found = null;
        foreach (var operand in operands)
        {
            if (operand is FunctionOperand)
            {
                throw Errors.Validation("KeyConditionExpressions cannot contain nested operations");
            }

            if (operand is PathOperand { Path: var path })
            {
                if (found is not null)
                {
                    throw Errors.Validation("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
                }

                found = path.IsNested
                    ? throw Errors.Validation("KeyConditionExpressions cannot have conditions on nested attributes")
                    : path;
            }
        }

        return found ?? throw Errors.Validation("Invalid condition in KeyConditionExpression: No key attribute specified");
    }

    private static AttributeValue Value(Operand operand) => ((ValueOperand)operand).Value;

    private static void Leads(string name, Operand first)
    {
        if (first is not PathOperand)
        {
            throw Errors.Validation(
                $"Invalid condition in KeyConditionExpression: {name} operator must have the key attribute as its first operand"
            );
        }
    }

    private static void Add(Dictionary<string, Part> parts, DocumentPath path, string comparator, params AttributeValue[] values)
    {
        if (!parts.TryAdd(path.Head, new Part(comparator, values[0], values.Length > 1 ? values[1] : null, values)))
        {
            throw Errors.Validation("KeyConditionExpressions must only contain one condition per key");
        }
    }

    /// <summary>The comparator with its sides changed.</summary>
    public static string Mirror(string comparator) =>
        comparator switch
        {
            "<" => ">",
            "<=" => ">=",
            ">" => "<",
            ">=" => "<=",
            _ => comparator,
        };

    private static Aws.AwsException Unsupported(string name) =>
        Errors.Validation($"Invalid operator used in KeyConditionExpression: {name}");

    /// <param name="Comparator"><c>=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, <c>BETWEEN</c> or <c>begins_with</c>.</param>
    /// <param name="Value">The value, the lower bound or the prefix.</param>
    /// <param name="High">The upper bound.</param>
    /// <param name="Values">All of these.</param>
    internal sealed record Part(string Comparator, AttributeValue Value, AttributeValue? High, IReadOnlyList<AttributeValue> Values)
    {
        public bool Matches(AttributeValue key) =>
            Comparator switch
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

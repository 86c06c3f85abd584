using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.Legacy;

/// <summary>AWS's <c>Condition</c>: an entry of KeyConditions, QueryFilter and ScanFilter.</summary>
internal sealed record LegacyCondition(string? ComparisonOperator, List<AttributeValue>? AttributeValueList);

/// <summary>Reads conditions by attribute, and checks their values as AWS does.</summary>
internal static class LegacyConditions
{
    public static Checks Conditions(this Checks checks, string path, Dictionary<string, LegacyCondition>? conditions)
    {
        foreach (var (name, condition) in conditions ?? [])
        {
            checks
                .NotNull($"{path}.{name}.member.comparisonOperator", condition.ComparisonOperator)
                .Comparison($"{path}.{name}.member", condition.ComparisonOperator);
        }

        return checks;
    }

    /// <summary>The conditions of a filter, joined by its operator; null where there are none.</summary>
    public static Condition? Filter(Dictionary<string, LegacyCondition>? conditions, string? conditionalOperator) =>
        Join(
            (conditions ?? []).Select(entry => Of(entry.Key, entry.Value.ComparisonOperator!, entry.Value.AttributeValueList ?? [])),
            conditionalOperator
        );

    /// <exception cref="Aws.AwsException">ValidationException: a condition that no query can have.</exception>
    public static KeyCondition? Key(Dictionary<string, LegacyCondition>? conditions)
    {
        if (conditions is null)
        {
            return null;
        }

        if (conditions.Count is 0 or > 2)
        {
            throw Errors.Validation("Conditions can be of length 1 or 2 only");
        }

        return new KeyCondition(conditions.ToDictionary(entry => entry.Key, entry => KeyPart(entry.Value), StringComparer.Ordinal));
    }

    /// <summary>The values of conditions as such, before any table is looked at.</summary>
    public static void CheckValues(Dictionary<string, LegacyCondition>? conditions)
    {
        foreach (var (_, condition) in conditions ?? [])
        {
            CheckValues(condition.ComparisonOperator!, condition.AttributeValueList ?? []);
        }
    }

    public static void CheckValues(string comparison, List<AttributeValue> values)
    {
        foreach (var value in values)
        {
            if (value.FindProblem() is { } problem)
            {
                throw Errors.Validation(problem);
            }
        }

        CheckCount(comparison, values.Count);
        if (values.Exists(value => value.Type != values[0].Type))
        {
            throw Errors.Invalid("AttributeValues inside AttributeValueList must be of same type");
        }

        if (values.Find(value => !Takes(comparison, value.Type)) is { } wrong)
        {
            throw Errors.Invalid($"ComparisonOperator {comparison} is not valid for {wrong.Type} AttributeValue type");
        }

        if (comparison == "BETWEEN" && values[0].CompareTo(values[1]) > 0)
        {
            throw Errors.Validation("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
        }
    }

    public static void CheckCount(string comparison, int count)
    {
        var fits = comparison switch
        {
            "NULL" or "NOT_NULL" => count == 0,
            "IN" => count > 0,
            "BETWEEN" => count == 2,
            _ => count == 1,
        };
        if (!fits)
        {
            throw Errors.Invalid($"Invalid number of argument(s) for the {comparison} ComparisonOperator");
        }
    }

    /// <summary>What the condition of an attribute is as an expression.</summary>
    public static Condition Of(string attribute, string comparison, List<AttributeValue> values)
    {
        var path = new PathOperand(DocumentPath.Of(attribute));
        ValueOperand Value(int at) => new(attribute, values[at]);
        return comparison switch
        {
            "EQ" => new Comparison("=", path, Value(0)),
            "NE" => new Comparison("<>", path, Value(0)),
            "LT" => new Comparison("<", path, Value(0)),
            "LE" => new Comparison("<=", path, Value(0)),
            "GT" => new Comparison(">", path, Value(0)),
            "GE" => new Comparison(">=", path, Value(0)),
            "NULL" => new ConditionFunction("attribute_not_exists", [path]),
            "NOT_NULL" => new ConditionFunction("attribute_exists", [path]),
            "BEGINS_WITH" => new ConditionFunction("begins_with", [path, Value(0)]),
            "CONTAINS" => new ConditionFunction("contains", [path, Value(0)]),
            "NOT_CONTAINS" => new Not(new ConditionFunction("contains", [path, Value(0)])),
            "BETWEEN" => new Between(path, Value(0), Value(1)),
            _ => new In(path, values.ConvertAll(Operand (value) => new ValueOperand(attribute, value))),
        };
    }

    public static Condition? Join(IEnumerable<Condition> conditions, string? conditionalOperator)
    {
        Condition? joined = null;
        foreach (var condition in conditions)
        {
            joined =
                joined is null ? condition
                : conditionalOperator == "OR" ? new Or(joined, condition)
                : new And(joined, condition);
        }

        return joined;
    }

    private static KeyCondition.Part KeyPart(LegacyCondition condition)
    {
        var comparator = condition.ComparisonOperator switch
        {
            "EQ" => "=",
            "LT" => "<",
            "LE" => "<=",
            "GT" => ">",
            "GE" => ">=",
            "BETWEEN" => "BETWEEN",
            "BEGINS_WITH" => "begins_with",
            _ => KeyCondition.NotIndexable,
        };
        var values = condition.AttributeValueList ?? [];
        return new KeyCondition.Part(
            comparator,
            values.Count > 0 ? values[0] : AttributeValue.Null,
            values.Count > 1 ? values[1] : null,
            values
        );
    }

    /// <summary>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Condition.html</summary>
    private static bool Takes(string comparison, AttributeType type) =>
        comparison switch
        {
            "EQ" or "NE" => true,
            "BEGINS_WITH" => type is AttributeType.S or AttributeType.B,
            _ => type is AttributeType.S or AttributeType.N or AttributeType.B,
        };
}

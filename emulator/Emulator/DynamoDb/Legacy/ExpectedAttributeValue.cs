using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.Legacy;

/// <summary>What a write expects of an attribute: a value, that there is none, or a comparison.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExpectedAttributeValue.html</remarks>
internal sealed record ExpectedAttributeValue
{
    public bool? Exists { get; init; }

    public AttributeValue? Value { get; init; }

    public string? ComparisonOperator { get; init; }

    public List<AttributeValue>? AttributeValueList { get; init; }
}

/// <summary>Turns Expected into the condition of a write.</summary>
internal static class Expected
{
    public static Checks ExpectedValues(
        this Checks checks,
        Dictionary<string, ExpectedAttributeValue>? expected,
        string? conditionalOperator
    )
    {
        foreach (var (name, value) in expected ?? [])
        {
            checks.Comparison($"expected.{name}.member", value.ComparisonOperator);
        }

        return checks.ConditionalOperator(conditionalOperator);
    }

    /// <exception cref="Aws.AwsException">ValidationException: mixed with expressions.</exception>
    public static void NotMixed(
        Dictionary<string, ExpectedAttributeValue>? expected,
        string? conditionalOperator,
        string? conditionExpression
    )
    {
        if (expected is not null || conditionalOperator is not null)
        {
            LegacyParameters.NotMixed(
                [("Expected", expected), ("ConditionalOperator", conditionalOperator)],
                [("ConditionExpression", conditionExpression)]
            );
            LegacyParameters.CheckOperator(conditionalOperator, expected?.Count);
        }
    }

    public static Condition? ToCondition(Dictionary<string, ExpectedAttributeValue>? expected, string? conditionalOperator)
    {
        if (expected is null)
        {
            return null;
        }

        foreach (var (name, value) in expected)
        {
            Check(name, value);
        }

        return LegacyConditions.Join(expected.Select(entry => ToCondition(entry.Key, entry.Value)), conditionalOperator);
    }

    private static Condition ToCondition(string name, ExpectedAttributeValue expected) =>
        expected switch
        {
            { ComparisonOperator: { } comparison } => LegacyConditions.Of(name, comparison, Values(expected)),
            { Exists: false } => LegacyConditions.Of(name, "NULL", []),
            _ => LegacyConditions.Of(name, "EQ", [expected.Value!]),
        };

    private static List<AttributeValue> Values(ExpectedAttributeValue expected) =>
        expected.AttributeValueList ?? (expected.Value is { } value ? [value] : []);

    private static void Check(string name, ExpectedAttributeValue expected)
    {
        if (expected is { AttributeValueList: not null, Value: not null })
        {
            throw Errors.Invalid($"Value and AttributeValueList cannot be used together for Attribute: {name}");
        }

        if (expected.ComparisonOperator is { } comparison)
        {
            CheckComparison(name, comparison, expected);
            return;
        }

        if (expected.AttributeValueList is not null)
        {
            throw Errors.Invalid($"AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}");
        }

        if (expected is { Exists: not false, Value: null })
        {
            throw Errors.Invalid(
                $"Value must be provided when Exists is {(expected.Exists is null ? "null" : "true")} for Attribute: {name}"
            );
        }

        if (expected is { Exists: false, Value: not null })
        {
            throw Errors.Invalid($"Value cannot be used when Exists is false for Attribute: {name}");
        }

        if (expected.Value?.FindProblem() is { } problem)
        {
            throw Errors.Validation(problem);
        }
    }

    private static void CheckComparison(string name, string comparison, ExpectedAttributeValue expected)
    {
        if (expected.Exists is not null)
        {
            throw Errors.Invalid($"Exists and ComparisonOperator cannot be used together for Attribute: {name}");
        }

        if (comparison is not ("NULL" or "NOT_NULL") && expected is { AttributeValueList: null, Value: null })
        {
            throw Errors.Invalid($"Value or AttributeValueList must be used with ComparisonOperator: {comparison} for Attribute: {name}");
        }

        LegacyConditions.CheckValues(comparison, Values(expected));
    }
}

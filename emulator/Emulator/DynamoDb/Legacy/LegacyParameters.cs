namespace Disa.Emulator.DynamoDb.Legacy;

/// <summary>
/// The parameters from before expressions (2014), which AWS still takes and its SDKs' high-level APIs still send. They are turned
/// into the conditions, updates and projections that expressions make, so that nothing behind the door knows them.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
/// </summary>
internal static class LegacyParameters
{
    private static readonly string[] ComparisonOperators =
    [
        "IN",
        "NULL",
        "BETWEEN",
        "LT",
        "NOT_CONTAINS",
        "EQ",
        "GT",
        "NOT_NULL",
        "NE",
        "LE",
        "BEGINS_WITH",
        "GE",
        "CONTAINS",
    ];

    /// <summary>One of both kinds, never both: each list in the order in which AWS names its members.</summary>
    /// <exception cref="Aws.AwsException">ValidationException.</exception>
    public static void NotMixed(ReadOnlySpan<(string Name, object? Value)> legacy, ReadOnlySpan<(string Name, string? Text)> expressions)
    {
        var (old, fresh) = (new List<string>(), new List<string>());
        foreach (var (name, value) in legacy)
        {
            Add(old, name, value);
        }

        foreach (var (name, text) in expressions)
        {
            Add(fresh, name, text);
        }

        if (old.Count > 0 && fresh.Count > 0)
        {
            throw Errors.Validation(
                "Can not use both expression and non-expression parameters in the same request: "
                    + $"Non-expression parameters: {{{string.Join(", ", old)}}} Expression parameters: {{{string.Join(", ", fresh)}}}"
            );
        }
    }

    /// <summary>AND or OR stands between two conditions at least.</summary>
    public static void CheckOperator(string? conditionalOperator, int? conditions)
    {
        if (conditionalOperator is null)
        {
            return;
        }

        if (conditions is null or 0)
        {
            throw Errors.Validation("ConditionalOperator cannot be used without Filter or Expected");
        }

        if (conditions == 1)
        {
            throw Errors.Validation("ConditionalOperator can only be used when Filter or Expected has two or more elements");
        }
    }

    public static Checks ConditionalOperator(this Checks checks, string? value) => checks.OneOf("conditionalOperator", value, "OR", "AND");

    public static Checks AttributesToGet(this Checks checks, List<string>? names, string path = "attributesToGet") =>
        checks.Count(path, names?.Count, 1, int.MaxValue, () => "[]");

    public static Checks Comparison(this Checks checks, string path, string? comparisonOperator) =>
        checks.OneOf(path + ".comparisonOperator", comparisonOperator, ComparisonOperators);

    private static void Add(List<string> names, string name, object? value)
    {
        if (value is not null)
        {
            names.Add(name);
        }
    }
}

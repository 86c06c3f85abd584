using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>What a WHERE clause says of the keys: which partitions a SELECT reads, or which item a write is about.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html: all but an equality or IN of the partition
/// key is a full scan.
/// </remarks>
internal static class KeyPlan
{
    /// <summary>
    /// "up to 50 hash attribute values" (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html).
    /// </summary>
    private const int MostPartitions = 50;

    public static AwsException Incomplete() =>
        Errors.Validation("Where clause does not contain a mandatory equality on all key attributes");

    /// <summary>The key of the one item that the clause is about.</summary>
    /// <exception cref="AwsException">ValidationException: not every key attribute is equal to a value.</exception>
    public static Item Key(KeyAttributes keys, Condition? where) => TryKey(keys, where) ?? throw Incomplete();

    public static Item? TryKey(KeyAttributes keys, Condition? where)
    {
        var terms = Terms(where);
        var key = new Item(2);
        foreach (var attribute in keys.All)
        {
            if (Equality(terms, attribute.Name) is not { } value)
            {
                return null;
            }

            key[attribute.Name] = value;
        }

        return key;
    }

    /// <summary>Whether the clause asks anything beyond the key.</summary>
    public static bool AsksMore(KeyAttributes keys, Condition? where) => Terms(where).Count > keys.All.Count;

    /// <summary>The partitions to read, each with what the sort key must be; null where all are read.</summary>
    public static List<KeyCondition>? Partitions(KeyAttributes keys, Condition? where)
    {
        var terms = Terms(where);
        if (Hashes(keys, terms) is not { } hashes)
        {
            return null;
        }

        var range = Range(keys, terms);
        return hashes.ConvertAll(hash => new KeyCondition(new(hash.Concat(range), StringComparer.Ordinal)));
    }

    private static List<Dictionary<string, KeyCondition.Part>>? Hashes(KeyAttributes keys, List<Condition> terms)
    {
        var equal = keys.Hashes.Select(hash => (hash.Name, Value: Equality(terms, hash.Name))).ToList();
        if (equal.TrueForAll(hash => hash.Value is not null))
        {
            return [equal.ToDictionary(hash => hash.Name, hash => Part("=", hash.Value!))];
        }

        if (
            keys.Hashes.Count > 1
            || terms.Select(term => Alternatives(term, keys.Hash)).FirstOrDefault(list => list is not null) is not { } any
        )
        {
            return null;
        }

        var distinct = any.Distinct().ToList();
        return distinct.Count <= MostPartitions
            ? distinct.ConvertAll(value => new Dictionary<string, KeyCondition.Part> { [keys.Hash] = Part("=", value) })
            : throw Errors.Validation($"IN operator can have at most {MostPartitions} hash attribute values");
    }

    /// <summary>What can be looked up of the sort key: equalities from the left, and at most one comparison after them.</summary>
    private static List<KeyValuePair<string, KeyCondition.Part>> Range(KeyAttributes keys, List<Condition> terms)
    {
        var parts = new List<KeyValuePair<string, KeyCondition.Part>>();
        foreach (var attribute in keys.Ranges)
        {
            if (Equality(terms, attribute.Name) is { } value)
            {
                parts.Add(new(attribute.Name, Part("=", value)));
                continue;
            }

            if (terms.Select(term => Bound(term, attribute.Name)).FirstOrDefault(part => part is not null) is { } bound)
            {
                parts.Add(new(attribute.Name, bound));
            }

            break;
        }

        return parts;
    }

    private static KeyCondition.Part? Bound(Condition term, string attribute) =>
        term switch
        {
            Comparison { Comparator: not "<>" } comparison when Value(comparison.Left, comparison.Right, attribute) is { } value => Part(
                comparison.Comparator,
                value
            ),
            Comparison { Comparator: not "<>" } comparison when Value(comparison.Right, comparison.Left, attribute) is { } value => Part(
                KeyCondition.Mirror(comparison.Comparator),
                value
            ),
            Between { Low: ValueOperand low, High: ValueOperand high } between when IsAttribute(between.Operand, attribute) => new(
                "BETWEEN",
                low.Value,
                high.Value,
                [low.Value, high.Value]
            ),
            ConditionFunction { Name: "begins_with", Arguments: [var path, ValueOperand prefix] } when IsAttribute(path, attribute) => Part(
                "begins_with",
                prefix.Value
            ),
            _ => null,
        };

    /// <summary>The values of <c>a IN […]</c>, or of <c>a = x OR a = y</c>; null for any other condition.</summary>
    private static List<AttributeValue>? Alternatives(Condition term, string attribute)
    {
        switch (term)
        {
            case In list when IsAttribute(list.Operand, attribute):
                return [.. list.List.OfType<ValueOperand>().Select(value => value.Value)];
            case Or either when Alternatives(either.Left, attribute) is { } left && Alternatives(either.Right, attribute) is { } right:
                return [.. left, .. right];
            default:
                var only = Equality(Terms(term), attribute);
                return only is null ? null : [only];
        }
    }

    /// <summary>The conditions that all must hold.</summary>
    private static List<Condition> Terms(Condition? where)
    {
        var terms = new List<Condition>();
        var rest = new Stack<Condition>();
        if (where is not null)
        {
            rest.Push(where);
        }

        while (rest.TryPop(out var condition))
        {
            if (condition is And and)
            {
                rest.Push(and.Right);
                rest.Push(and.Left);
            }
            else
            {
                terms.Add(condition);
            }
        }

        return terms;
    }

    private static AttributeValue? Equality(List<Condition> terms, string attribute)
    {
        foreach (var term in terms)
        {
            if (
                term is Comparison { Comparator: "=" } comparison
                && (Value(comparison.Left, comparison.Right, attribute) ?? Value(comparison.Right, comparison.Left, attribute)) is { } value
            )
            {
                return value;
            }
        }

        return null;
    }

    private static AttributeValue? Value(Operand path, Operand value, string attribute) =>
        IsAttribute(path, attribute) ? (value as ValueOperand)?.Value : null;

    private static bool IsAttribute(Operand operand, string attribute) =>
        operand is PathOperand { Path: { IsNested: false } path } && path.Head == attribute;

    private static KeyCondition.Part Part(string comparator, AttributeValue value) => new(comparator, value, null, [value]);
}

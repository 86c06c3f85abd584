using Amazon.DynamoDBv2.Model;

namespace Disa.Contract;

/// <summary>Whether values of the table are the same: by this a writer recognises its own write.</summary>
/// <remarks>
/// An answer can be lost after the write was applied. The SDK then repeats the request, and its condition fails on the writer's own
/// effect. ReturnValuesOnConditionCheckFailure shows the item as it is, at no extra request
/// (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html).
/// </remarks>
public static class AttributeValues
{
    /// <summary>Whether an item has all of these attributes with these values.</summary>
    public static bool Has(IReadOnlyDictionary<string, AttributeValue>? item, IEnumerable<KeyValuePair<string, AttributeValue>> written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return item is { Count: > 0 } && written.All(pair => item.TryGetValue(pair.Key, out var value) && Same(value, pair.Value));
    }

    /// <summary>By type and value, of the types that Disa writes: S, N, BOOL, L, M.</summary>
    public static bool Same(AttributeValue one, AttributeValue other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.S == other.S && one.N == other.N && one.BOOL == other.BOOL && Same(one.L, other.L) && Same(one.M, other.M);
    }

    private static bool Same(List<AttributeValue>? one, List<AttributeValue>? other) =>
        (one ?? []).Count == (other ?? []).Count && (one ?? []).Zip(other ?? []).All(pair => Same(pair.First, pair.Second));

    private static bool Same(Dictionary<string, AttributeValue>? one, Dictionary<string, AttributeValue>? other) =>
        (one ?? []).Count == (other ?? []).Count && (one is null || one.Count == 0 || Has(other, one));
}

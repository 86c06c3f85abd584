using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb;

/// <summary>
/// What a query asks of an index whose keys have several attributes: all of the partition by equality, and those of the sort key from
/// the left, without a gap; only the last of these may be compared otherwise.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html; the words of the refusals are not verified.</remarks>
internal static class MultiKeyCondition
{
    public static (RowKey Partition, KeyRange Range) Place(KeyAttributes keys, KeyCondition condition)
    {
        var hashes = keys.Hashes.Select(hash => Checked(condition, hash) ?? throw Query.Missing(hash.Name)).ToList();
        if (hashes.Exists(part => part.Comparator != "="))
        {
            throw Errors.Validation("Query key condition not supported");
        }

        var hashKey = hashes.Count == 1 ? RowKey.Bytes(hashes[0].Value) : Tuple(hashes.Select(part => part.Value));
        var ranges = keys.Ranges.Select(range => Checked(condition, range)).ToList();
        var given = ranges.FindLastIndex(part => part is not null) + 1;
        for (var i = 0; i < given; i++)
        {
            if (ranges[i] is not { } part)
            {
                throw Query.Missing(keys.Ranges[i].Name);
            }

            if (i < given - 1 && part.Comparator != "=")
            {
                throw Errors.Validation("Query key condition not supported");
            }
        }

        if (condition.Parts.Keys.FirstOrDefault(name => !keys.Contains(name)) is not null)
        {
            throw Errors.Validation("Query key condition not supported");
        }

        return (new RowKey(RowKey.HashOf(hashKey), hashKey, []), Range(keys, [.. ranges.Take(given).OfType<KeyCondition.Part>()]));
    }

    private static KeyRange Range(KeyAttributes keys, List<KeyCondition.Part> given)
    {
        if (keys.Ranges.Count == 1)
        {
            return KeyRange.Of(given.Count == 0 ? null : given[0]);
        }

        var last = given.Count > 0 && given[^1].Comparator != "=" ? given[^1] : null;
        var equal = new List<byte>();
        foreach (var part in given.Where(part => part != last))
        {
            KeyTuple.Add(equal, RowKey.Bytes(part.Value), isWhole: true);
        }

        return KeyRange.Of(equal, last);
    }

    private static byte[] Tuple(IEnumerable<AttributeValue> values)
    {
        var bytes = new List<byte>();
        foreach (var value in values)
        {
            KeyTuple.Add(bytes, RowKey.Bytes(value), isWhole: true);
        }

        return [.. bytes];
    }

    private static KeyCondition.Part? Checked(KeyCondition condition, KeyAttribute attribute)
    {
        if (condition.Parts.GetValueOrDefault(attribute.Name) is { } part)
        {
            Query.CheckValues(attribute.Name, attribute.Type, part, attribute.IsHash);
            return part;
        }

        return null;
    }
}

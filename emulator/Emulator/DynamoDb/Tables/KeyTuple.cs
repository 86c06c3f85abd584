namespace Disa.Emulator.DynamoDb;

/// <summary>Several attributes as one key: bytes whose order is that of the values, one after the other.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html</remarks>
internal static class KeyTuple
{
    public static byte[] Of(IReadOnlyList<KeyAttribute> attributes, Item item)
    {
        var bytes = new List<byte>();
        foreach (var attribute in attributes)
        {
            Add(bytes, RowKey.Bytes(item[attribute.Name]), isWhole: true);
        }

        return [.. bytes];
    }

    /// <summary>A zero is written as 0 255, and 0 1 ends a value: so a value that another begins with comes first.</summary>
    /// <param name="isWhole">False for a prefix, which goes on.</param>
    public static void Add(List<byte> bytes, byte[] value, bool isWhole)
    {
        foreach (var one in value)
        {
            bytes.Add(one);
            if (one == 0)
            {
                bytes.Add(255);
            }
        }

        if (isWhole)
        {
            bytes.Add(0);
            bytes.Add(1);
        }
    }
}

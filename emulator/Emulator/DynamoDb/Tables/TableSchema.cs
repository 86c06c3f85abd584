using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.DynamoDb;

/// <summary>One attribute of a key.</summary>
internal readonly record struct KeyAttribute(string Name, AttributeType Type, bool IsHash);

/// <summary>A key's attributes and their types: one or two, and of a global index up to four for the partition and four for the order in it.</summary>
internal sealed class KeyAttributes
{
    private KeyAttributes(KeyAttribute[] all)
    {
        All = all;
        Hashes = [.. all.Where(attribute => attribute.IsHash)];
        Ranges = [.. all.Where(attribute => !attribute.IsHash)];
    }

    public IReadOnlyList<KeyAttribute> All { get; }

    public IReadOnlyList<KeyAttribute> Hashes { get; }

    public IReadOnlyList<KeyAttribute> Ranges { get; }

    /// <summary>Whether one of both has several attributes.</summary>
    public bool IsMulti => Hashes.Count > 1 || Ranges.Count > 1;

    /// <summary>The partition key, or its first attribute.</summary>
    public string Hash => Hashes[0].Name;

    public AttributeType HashType => Hashes[0].Type;

    /// <summary>The sort key, or its first attribute; null where there is none.</summary>
    public string? Range => Ranges.Count == 0 ? null : Ranges[0].Name;

    public AttributeType RangeType => Ranges.Count == 0 ? 0 : Ranges[0].Type;

    public bool Contains(string name)
    {
        foreach (var attribute in All)
        {
            if (attribute.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    public static KeyAttributes Of(List<KeySchemaElement> schema, List<AttributeDefinition> definitions)
    {
        AttributeType TypeOf(string name) =>
            Enum.Parse<AttributeType>(definitions.First(definition => definition.AttributeName == name).AttributeType!);
        return new([
            .. schema.Select(element => new KeyAttribute(
                element.AttributeName!,
                TypeOf(element.AttributeName!),
                element.KeyType == "HASH"
            )),
        ]);
    }
}

/// <summary>Where a row lies: its key's bytes, in an order that is the values' order, behind the partition key's hash.</summary>
internal readonly record struct RowKey(long Hash, byte[] HashKey, byte[] RangeKey)
{
    public static RowKey Of(KeyAttributes keys, Item item)
    {
        var hashKey = keys.Hashes.Count > 1 ? KeyTuple.Of(keys.Hashes, item) : Bytes(item[keys.Hash]);
        return new(
            HashOf(hashKey),
            hashKey,
            keys.Range is null ? []
                : keys.Ranges.Count > 1 ? KeyTuple.Of(keys.Ranges, item)
                : Bytes(item[keys.Range])
        );
    }

    /// <summary>Partitions are in the order of a hash, so that a scan's order says nothing of the keys' and segments are even.</summary>
    public static long HashOf(byte[] hashKey)
    {
        Span<byte> digest = stackalloc byte[16];
        MD5.HashData(hashKey, digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    public static byte[] Bytes(AttributeValue value) =>
        value.Type switch
        {
            AttributeType.S => Encoding.UTF8.GetBytes(value.S),
            AttributeType.N => value.N.ToKey(),
            _ => value.B,
        };

    /// <summary>The whole as one value: what tells index rows of equal index keys apart.</summary>
    public byte[] Joined()
    {
        var joined = new byte[2 + HashKey.Length + RangeKey.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(joined, (ushort)HashKey.Length);
        HashKey.CopyTo(joined, 2);
        RangeKey.CopyTo(joined, 2 + HashKey.Length);
        return joined;
    }
}

/// <summary>A secondary index, ready to use.</summary>
internal sealed class SecondaryIndex(IndexDocument document, KeyAttributes keys, KeyAttributes tableKeys)
{
    private readonly string[]? projected =
        document.Projection.ProjectionType == "ALL"
            ? null
            :
            [
                .. keys
                    .All.Concat(tableKeys.All)
                    .Select(attribute => attribute.Name)
                    .Concat(document.Projection.NonKeyAttributes ?? [])
                    .Distinct(),
            ];

    public IndexDocument Document => document;

    public string Name => document.Name;

    public bool IsGlobal => document.IsGlobal;

    public KeyAttributes Keys => keys;

    public bool ProjectsAll => projected is null;

    /// <summary>Whether the index has this attribute.</summary>
    public bool Projects(string attribute) => projected is null || projected.Contains(attribute);

    /// <summary>What the index keeps of an item; null where the item has not all of the index's keys (indexes are sparse).</summary>
    public Item? Entry(Item? item)
    {
        if (item is null)
        {
            return null;
        }

        foreach (var attribute in keys.All)
        {
            if (!item.ContainsKey(attribute.Name))
            {
                return null;
            }
        }

        return projected is null ? item : item.Only(projected);
    }
}

/// <summary>What a table's document means for its items: keys, indexes, and what they demand of values.</summary>
internal sealed class TableSchema
{
    private const string NotValid = "One or more parameter values are not valid. ";

    public TableSchema(TableDocument document)
    {
        Document = document;
        Keys = KeyAttributes.Of(document.KeySchema, document.AttributeDefinitions);
        Indexes =
        [
            .. document.Indexes.Select(index => new SecondaryIndex(
                index,
                KeyAttributes.Of(index.KeySchema, document.AttributeDefinitions),
                Keys
            )),
        ];
    }

    public TableDocument Document { get; }

    public KeyAttributes Keys { get; }

    public SecondaryIndex[] Indexes { get; }

    /// <summary>A key given for one item: exactly the key attributes, of their types.</summary>
    public RowKey CheckKey(Item key)
    {
        if (key.Count != (Keys.Range is null ? 1 : 2))
        {
            throw Errors.KeyMismatch();
        }

        foreach (var (name, type, isHash) in Keys.All)
        {
            if (!key.TryGetValue(name, out var value) || value.Type != type)
            {
                throw Errors.KeyMismatch();
            }

            CheckKeyValue(name, value, isHash);
        }

        return RowKey.Of(Keys, key);
    }

    /// <summary>A whole item: it must have the key, and index keys of their types.</summary>
    public RowKey CheckItem(Item item)
    {
        foreach (var (name, type, isHash) in Keys.All)
        {
            if (!item.TryGetValue(name, out var value))
            {
                throw Errors.Invalid($"Missing the key {name} in the item");
            }

            if (value.Type != type)
            {
                throw Errors.Invalid($"Type mismatch for key {name} expected: {type} actual: {value.Type}");
            }

            CheckKeyValue(name, value, isHash);
        }

        foreach (var index in Indexes)
        {
            foreach (var (name, type, isHash) in index.Keys.All)
            {
                if (!item.TryGetValue(name, out var value) || Keys.Contains(name))
                {
                    continue;
                }

                if (value.Type != type)
                {
                    throw Errors.Invalid(
                        $"Type mismatch for Index Key {name} Expected: {type} Actual: {value.Type} IndexName: {index.Name}"
                    );
                }

                if (IsEmpty(value) is { } empty)
                {
                    throw Errors.Validation(
                        $"{NotValid}A value specified for a secondary index key is not supported. "
                            + $"The AttributeValue for a key attribute cannot contain an empty {empty} value. IndexName: {index.Name}, IndexKey: {name}"
                    );
                }

                CheckSize(value, isHash);
            }
        }

        return RowKey.Of(Keys, item);
    }

    /// <summary>Index keys that an update has written.</summary>
    public void CheckUpdated(Item item)
    {
        foreach (var index in Indexes)
        {
            foreach (var (name, type, isHash) in index.Keys.All)
            {
                if (!item.TryGetValue(name, out var value))
                {
                    continue;
                }

                if (value.Type != type)
                {
                    throw Errors.Validation("The update expression attempted to update the secondary index key to unsupported type");
                }

                if (IsEmpty(value) is { } empty)
                {
                    throw Errors.Validation(
                        $"{NotValid}The update expression attempted to update a secondary index key to a value that is not supported. "
                            + $"The AttributeValue for a key attribute cannot contain an empty {empty} value."
                    );
                }

                CheckSize(value, isHash);
            }
        }
    }

    /// <summary>Keys are scalars: no expression may look into them.</summary>
    public void CheckPaths(IEnumerable<Expressions.DocumentPath> paths)
    {
        foreach (var path in paths)
        {
            if (!path.IsNested)
            {
                continue;
            }

            if (Keys.Contains(path.Head))
            {
                throw Errors.Validation(
                    $"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: {path.Head}"
                );
            }

            if (Indexes.Any(index => index.Keys.Contains(path.Head)))
            {
                throw Errors.Validation(
                    $"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: {path.Head}"
                );
            }
        }
    }

    public static void CheckKeyValue(string name, AttributeValue value, bool isHash)
    {
        if (IsEmpty(value) is { } empty)
        {
            throw Errors.Validation($"{NotValid}The AttributeValue for a key attribute cannot contain an empty {empty} value. Key: {name}");
        }

        CheckSize(value, isHash);
    }

    private static string? IsEmpty(AttributeValue value) =>
        value.Type switch
        {
            AttributeType.S when value.S.Length == 0 => "string",
            AttributeType.B when value.B.Length == 0 => "binary",
            _ => null,
        };

    private static void CheckSize(AttributeValue value, bool isHash)
    {
        if (value.Type == AttributeType.N)
        {
            return;
        }

        var size = value.Size();
        if (isHash && size > 2048)
        {
            throw Errors.Invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes");
        }

        if (!isHash && size > 1024)
        {
            throw Errors.Invalid("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
        }
    }
}

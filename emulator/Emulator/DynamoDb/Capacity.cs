namespace Disa.Emulator.DynamoDb;

/// <summary>Capacity units of one table, or of one index.</summary>
internal sealed record CapacityUnits(
    [property: System.Text.Json.Serialization.JsonPropertyName("CapacityUnits")] double Units,
    double? ReadCapacityUnits = null,
    double? WriteCapacityUnits = null
);

/// <summary>ConsumedCapacity of an answer.</summary>
internal sealed record ConsumedCapacity(
    string TableName,
    [property: System.Text.Json.Serialization.JsonPropertyName("CapacityUnits")] double Units
)
{
    public double? ReadCapacityUnits { get; init; }

    public double? WriteCapacityUnits { get; init; }

    public CapacityUnits? Table { get; init; }

    public Dictionary<string, CapacityUnits>? LocalSecondaryIndexes { get; init; }

    public Dictionary<string, CapacityUnits>? GlobalSecondaryIndexes { get; init; }
}

/// <summary>Capacity arithmetic: 1 KB a write unit, 4 KB a read unit, half for eventual consistency, double in transactions.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html</remarks>
internal sealed class Capacity
{
    private readonly Dictionary<string, double> local = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> global = new(StringComparer.Ordinal);
    private double table;

    public Capacity() { }

    public Capacity(WriteCost cost, int factor) => Add(cost, factor);

    public static int WriteUnits(int size) => Math.Max(1, (size + 1023) / 1024);

    public static double ReadUnits(long size, bool isConsistent) => Math.Max(1, (size + 4095) / 4096) * (isConsistent ? 1 : 0.5);

    public void AddTable(double units) => table += units;

    public void AddIndex(SecondaryIndex index, double units)
    {
        var indexes = index.IsGlobal ? global : local;
        indexes[index.Name] = indexes.GetValueOrDefault(index.Name) + units;
    }

    /// <summary>A write of an item and its index entries.</summary>
    public void Add(WriteCost cost, int factor = 1)
    {
        AddTable(WriteUnits(cost.Size) * factor);
        foreach (var (index, units) in cost.Indexes ?? [])
        {
            AddIndex(index, units * factor);
        }
    }

    public void CountReads(Aws.UsageMeter meter, string tableName) => Count(meter, tableName, "ReadRequestUnits");

    public void CountWrites(Aws.UsageMeter meter, string tableName) => Count(meter, tableName, "WriteRequestUnits");

    /// <summary>As an answer has it; null where the request did not ask.</summary>
    /// <param name="asked">ReturnConsumedCapacity.</param>
    /// <param name="isTransaction">Transactions tell what was read from what was written.</param>
    /// <param name="isWrite">Which of both.</param>
    public ConsumedCapacity? Show(string? asked, string tableName, bool isTransaction = false, bool isWrite = false)
    {
        if (asked is not ("TOTAL" or "INDEXES"))
        {
            return null;
        }

        double? Read(double units) => isTransaction && !isWrite ? units : null;
        double? Write(double units) => isTransaction && isWrite ? units : null;
        CapacityUnits Units(double units) => new(units, Read(units), Write(units));
        Dictionary<string, CapacityUnits>? Indexes(Dictionary<string, double> indexes) =>
            indexes.Count == 0 || asked != "INDEXES" ? null : indexes.ToDictionary(entry => entry.Key, entry => Units(entry.Value));

        var total = table + local.Values.Sum() + global.Values.Sum();
        return new ConsumedCapacity(tableName, total)
        {
            ReadCapacityUnits = Read(total),
            WriteCapacityUnits = Write(total),
            Table = asked == "INDEXES" ? Units(table) : null,
            LocalSecondaryIndexes = Indexes(local),
            GlobalSecondaryIndexes = Indexes(global),
        };
    }

    private void Count(Aws.UsageMeter meter, string tableName, string unit)
    {
        foreach (var (index, units) in local.Concat(global))
        {
            meter.Add("dynamodb", $"{tableName}/{index}", unit, units);
        }

        if (table > 0)
        {
            meter.Add("dynamodb", tableName, unit, table);
        }
    }
}

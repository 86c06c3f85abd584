using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Client;

/// <summary>The key of a message's item: a text, a number or bytes, as the table wants it; with a sort key two of them: <c>DisaKey.Of("order#17").And(3)</c>.</summary>
public sealed class DisaKey
{
    private DisaKey(AttributeValue value, AttributeValue? sortValue = null) => (Value, SortValue) = (value, sortValue);

    /// <summary>The partition key, as DynamoDB has it.</summary>
    public AttributeValue Value { get; }

    /// <summary>The sort key, as DynamoDB has it; null where there is none.</summary>
    public AttributeValue? SortValue { get; }

    /// <summary>A key of text.</summary>
    public static DisaKey Of(string text) => new(Text(text));

    /// <summary>A key that is a number.</summary>
    public static DisaKey Of(decimal number) => new(Number(number));

    /// <summary>A key of bytes.</summary>
    public static DisaKey Of(byte[] bytes) => new(Bytes(bytes));

    /// <summary>The same partition key with a sort key of text.</summary>
    public DisaKey And(string text) => new(Value, Text(text));

    /// <summary>The same partition key with a sort key that is a number.</summary>
    public DisaKey And(decimal number) => new(Value, Number(number));

    /// <summary>The same partition key with a sort key of bytes.</summary>
    public DisaKey And(byte[] bytes) => new(Value, Bytes(bytes));

    /// <summary>A key of the table's types that sorts by time and that nobody else has.</summary>
    /// <param name="table">The table.</param>
    /// <param name="time">Where the time comes from.</param>
    public static DisaKey New(DisaTable table, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(Fresh(table.PartitionKeyType, time), table.SortKeyType is { } type ? Fresh(type, time) : null);
    }

    /// <summary>A key beside items of yours: their partition key, and a sort key that sorts by time and that nobody else has.</summary>
    /// <param name="table">The table, with a sort key.</param>
    /// <param name="partition">The partition key.</param>
    /// <param name="time">Where the time comes from.</param>
    /// <exception cref="ArgumentException">The table has no sort key.</exception>
    public static DisaKey New(DisaTable table, DisaKey partition, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(partition);
        return new(
            partition.Value,
            Fresh(table.SortKeyType ?? throw new ArgumentException("The table has no sort key.", nameof(table)), time)
        );
    }

    /// <summary>
    /// The message's id, as the command <c>disa</c> and the message attribute <c>disa-id</c> have it: a partition key's value, bytes in
    /// base64; of a composite key the whole of it in DynamoDB JSON, names in alphabetical order.
    /// </summary>
    /// <param name="table">The table.</param>
    public string Id(DisaTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (SortValue is null)
        {
            return Plain(Value);
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Attributes(table).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(name);
                writer.WriteString(TypeOf(value), Plain(value));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The key as GetItem takes it.</summary>
    /// <param name="table">The table.</param>
    public Dictionary<string, AttributeValue> Attributes(DisaTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var key = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { [table.PartitionKeyName] = Value };
        if (SortValue is { } sort)
        {
            key[table.SortKeyName ?? "?"] = sort;
        }

        return key;
    }

    /// <inheritdoc/>
    public override string ToString() => SortValue is { } sort ? $"{Plain(Value)}, {Plain(sort)}" : Plain(Value);

    /// <summary>S, N or B.</summary>
    internal string Type => TypeOf(Value);

    /// <summary>S, N, B, or null where there is none.</summary>
    internal string? SortType => SortValue is null ? null : TypeOf(SortValue);

    private static string TypeOf(AttributeValue value) =>
        value.S is not null ? "S"
        : value.N is not null ? "N"
        : "B";

    private static string Plain(AttributeValue value) => value.S ?? value.N ?? Convert.ToBase64String(value.B.ToArray());

    private static AttributeValue Text(string text) => new() { S = text };

    private static AttributeValue Number(decimal number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    private static AttributeValue Bytes(byte[] bytes) => new() { B = new MemoryStream(bytes, writable: false) };

    private static AttributeValue Fresh(string type, TimeProvider? time)
    {
        var now = (time ?? TimeProvider.System).GetUtcNow();
        return type switch
        {
            "N" => new()
            {
                N =
                    now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
                    + RandomNumberGenerator.GetInt32(1_000_000_000).ToString("D9", CultureInfo.InvariantCulture),
            },
            "B" => Bytes(Guid.CreateVersion7(now).ToByteArray(bigEndian: true)),
            _ => Text(Guid.CreateVersion7(now).ToString()),
        };
    }
}

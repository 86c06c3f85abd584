using System.Globalization;
using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;

namespace Disa.Client;

/// <summary>The key of a message's item: a text, a number or bytes, as the table wants it.</summary>
public sealed class DisaKey
{
    private DisaKey(AttributeValue value) => Value = value;

    /// <summary>As DynamoDB has it.</summary>
    public AttributeValue Value { get; }

    /// <summary>A key of text.</summary>
    public static DisaKey Of(string text) => new(new AttributeValue { S = text });

    /// <summary>A key that is a number.</summary>
    public static DisaKey Of(decimal number) => new(new AttributeValue { N = number.ToString(CultureInfo.InvariantCulture) });

    /// <summary>A key of bytes.</summary>
    public static DisaKey Of(byte[] bytes) => new(new AttributeValue { B = new MemoryStream(bytes, writable: false) });

    /// <summary>A key of the table's type that sorts by time and that nobody else has.</summary>
    /// <param name="table">The table.</param>
    /// <param name="time">Where the time comes from.</param>
    public static DisaKey New(DisaTable table, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        return table.PartitionKeyType switch
        {
            "N" => new(new AttributeValue { N = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + RandomNumberGenerator.GetInt32(1_000_000_000).ToString("D9", CultureInfo.InvariantCulture) }),
            "B" => Of(Guid.CreateVersion7(now).ToByteArray(bigEndian: true)),
            _ => Of(Guid.CreateVersion7(now).ToString()),
        };
    }

    /// <summary>S, N or B.</summary>
    internal string Type => Value.S is not null ? "S" : Value.N is not null ? "N" : "B";

    /// <inheritdoc/>
    public override string ToString() => Value.S ?? Value.N ?? Convert.ToBase64String(Value.B.ToArray());
}

using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService.Model;

namespace Disa.Functions.Process;

/// <summary>One attempt at one item, from its claim to its record: whose it is, and what goes out.</summary>
/// <param name="Item">The item's key, and when it was first seen.</param>
/// <param name="Seen">The item as it was read before the claim.</param>
/// <param name="Number">The number of the attempt, which fences the claim.</param>
/// <param name="Token">Whose claim it is.</param>
/// <param name="Until">When the claim ends.</param>
/// <param name="Message">What the user wants published.</param>
/// <param name="Own">The attributes that Disa adds.</param>
/// <param name="Trace">By which it can be followed.</param>
public sealed record Attempt(
    WorkItem Item,
    Dictionary<string, AttributeValue> Seen,
    int Number,
    string Token,
    DateTimeOffset Until,
    Message Message,
    IReadOnlyDictionary<string, MessageAttributeValue> Own,
    TraceContext Trace
)
{
    public ItemKey Key => Item.Key;

    public string NumberText => Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Bytes that count against the limit of a topic, and of a batch.</summary>
    public int Bytes => Message.Bytes + Message.Size(Own);

    /// <summary>The user's attributes and Disa's.</summary>
    public Dictionary<string, MessageAttributeValue> Attributes => new(Message.Attributes.Concat(Own), StringComparer.Ordinal);

    /// <summary>What every message carries, so that a consumer can tell and drop a resend, and follow it.</summary>
    public static Dictionary<string, MessageAttributeValue> OwnAttributes(
        ItemKey key,
        int number,
        bool possibleDuplicate,
        TraceContext trace
    )
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(trace);
        var own = new Dictionary<string, MessageAttributeValue>(StringComparer.Ordinal)
        {
            ["disa-id"] = new() { DataType = "String", StringValue = key.Id },
            ["disa-attempt"] = new() { DataType = "Number", StringValue = number.ToString(CultureInfo.InvariantCulture) },
            [SendAttributes.TraceParent] = new() { DataType = "String", StringValue = trace.ParentOf(number) },
        };
        if (possibleDuplicate)
        {
            own["disa-possible-duplicate"] = new() { DataType = "String", StringValue = "true" };
        }

        return own;
    }
}

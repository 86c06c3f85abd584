using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Contract;

/// <summary>Where a message of a FIFO topic stands in the line of its group: an item, and which message it was then.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="Token">
/// The place's own: an item that was deleted and put again is another message, and has another place.
/// </param>
public sealed record GroupPlace(ItemKey Key, string Token)
{
    /// <summary>The place that a text names; null where it names none, as that of the first message of a group.</summary>
    public static GroupPlace? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var place = JsonElement.Parse(text);
        return new(ItemKey.Parse(place.GetProperty("key")), place.GetProperty("place").GetString() ?? "");
    }

    /// <summary>As it stands on items and on the record of the group.</summary>
    public override string ToString()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("key");
            Key.Json.WriteTo(writer);
            writer.WriteString("place", Token);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Whether what stands here is done with, so that the next one may go: sent, deleted, cancelled, or parked where that does not block.</summary>
    /// <param name="item">The item as it is; null when it is gone.</param>
    /// <param name="parkedBlocks">Whether a parked message holds up its group until someone decides.</param>
    public bool IsDone(IReadOnlyDictionary<string, AttributeValue>? item, bool parkedBlocks) =>
        item switch
        {
            null => true,
            _ when item.GetValueOrDefault(SendAttributes.Place)?.S != Token => true,
            _ when item.GetValueOrDefault(SendAttributes.Status)?.S == SendAttributes.Successful => true,
            _ when item.GetValueOrDefault(SendAttributes.Status)?.S == SendAttributes.Failure && !item.ContainsKey(SendAttributes.Due) =>
                !parkedBlocks || item.GetValueOrDefault(SendAttributes.Reason)?.S == "Cancelled",
            _ => false,
        };
}

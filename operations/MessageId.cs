using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>
/// A message's id as people type and read it. Of a partition key that is alone: its value, bytes in base64. Of a composite key: the key in
/// DynamoDB JSON, as the AWS CLI takes it after --key; or, typed, its two values one after the other.
/// </summary>
internal static class MessageId
{
    /// <param name="id">A partition key's value, or a composite key as a whole.</param>
    /// <param name="sort">The sort key's value, where <paramref name="id"/> is the partition key's and the table has one.</param>
    /// <param name="deployment">Whose table it is.</param>
    /// <exception cref="UsageException">It is not a key of this table.</exception>
    public static ItemKey Key(string id, string? sort, Deployment deployment)
    {
        var (partition, sortName) = (deployment.PartitionKeyName, deployment.SortKeyName);
        if (sortName is null)
        {
            return sort is null
                ? ItemKey.Of(new Dictionary<string, AttributeValue> { [partition] = Value(partition, deployment.PartitionKeyType, id) })
                : throw new UsageException($"the key of the table {deployment.TableName} is {partition} alone: it has no sort key.");
        }

        return sort is null
            ? Whole(id, deployment)
            : ItemKey.Of(
                new Dictionary<string, AttributeValue>
                {
                    [partition] = Value(partition, deployment.PartitionKeyType, id),
                    [sortName] = Value(sortName, deployment.SortKeyType!, sort),
                }
            );
    }

    /// <summary>What a log's filter can look for: of a composite key the longest value, for the quotes of the whole are not in a log line as they are.</summary>
    public static string Searched(string id) =>
        id.StartsWith('{') && Parsed(id) is { Attributes.Count: > 1 } key
            ? key
                .Attributes.Values.Select(value => value.S ?? value.N ?? Convert.ToBase64String(value.B.ToArray()))
                .MaxBy(text => text.Length)!
            : id;

    private static ItemKey? Parsed(string id)
    {
        try
        {
            return ItemKey.Parse(JsonElement.Parse(id));
        }
        catch (Exception text) when (text is JsonException or FormatException or InvalidOperationException)
        {
            return null; // A key of text that starts so.
        }
    }

    private static ItemKey Whole(string text, Deployment deployment)
    {
        try
        {
            var key = ItemKey.Parse(JsonElement.Parse(text));
            if (
                key.Attributes.Count == 2
                && Is(deployment.PartitionKeyName, deployment.PartitionKeyType)
                && Is(deployment.SortKeyName!, deployment.SortKeyType!)
            )
            {
                return key;
            }

            bool Is(string name, string type) =>
                key.Attributes.TryGetValue(name, out var value)
                && type
                    == (
                        value.S is not null ? "S"
                        : value.N is not null ? "N"
                        : "B"
                    );
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
        {
            // Said below.
        }

        throw new UsageException(
            $"the key of the table {deployment.TableName} is {deployment.PartitionKeyName} and {deployment.SortKeyName}: give both values, or the whole key as the AWS CLI takes it: "
                + $$$"""'{"{{{deployment.PartitionKeyName}}}": {"{{{deployment.PartitionKeyType}}}": "…"}, "{{{deployment.SortKeyName}}}": {"{{{deployment.SortKeyType}}}": "…"}}'."""
        );
    }

    private static AttributeValue Value(string name, string type, string text)
    {
        switch (type)
        {
            case "N":
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                    ? new AttributeValue { N = text }
                    : throw new UsageException($"the key {name} of this table is a number; '{text}' is none.");
            case "B":
                var bytes = new byte[text.Length];
                return Convert.TryFromBase64String(text, bytes, out var length)
                    ? new AttributeValue { B = new MemoryStream(bytes, 0, length) }
                    : throw new UsageException($"the key {name} of this table is binary, typed in base64; '{text}' is not.");
            default:
                return new AttributeValue { S = text };
        }
    }
}

using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Disa.Functions.Process;

namespace Disa.Operations;

/// <summary>Finds what no attempt could ever send before it is put, by the process function's own rules and the table's.</summary>
internal static class MessageCheck
{
    /// <summary>Bytes of an item.</summary>
    /// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html</remarks>
    private const int LargestItem = 400 * 1024;

    /// <summary>Bytes of a partition key's value.</summary>
    private const int LargestPartitionKey = 2048;

    /// <summary>Bytes of a sort key's value.</summary>
    private const int LargestSortKey = 1024;

    /// <param name="item">A whole item, with its key.</param>
    /// <param name="deployment">Whose table it is for.</param>
    /// <param name="now">The time where the messages are.</param>
    /// <returns>Why it cannot be sent, in a sentence; null where it can.</returns>
    public static string? WhyNot(Dictionary<string, AttributeValue> item, Deployment deployment, DateTimeOffset now)
    {
        var wrong =
            WrongKey(item, deployment.PartitionKeyName, deployment.PartitionKeyType, LargestPartitionKey)
            ?? (deployment.SortKeyName is { } sort ? WrongKey(item, sort, deployment.SortKeyType!, LargestSortKey) : null);
        if (wrong is not null)
        {
            return wrong;
        }

        if (
            item.Keys.FirstOrDefault(name => IsDisas(name) && !deployment.Shape.KeyNames.Contains(name, StringComparer.Ordinal)) is
            { } taken
        )
        {
            return $"The attribute '{taken}' is reserved for Disa.";
        }

        if (item.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Size(pair.Value)) is > LargestItem and var bytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The item has about {bytes} bytes; DynamoDB takes {LargestItem} at most.");
        }

        try
        {
            var parsed = Disa.Functions.Process.Message.Parse(
                item,
                ItemKey.Of(item, deployment.Shape.KeyNames).Id,
                deployment.MaxMessageBytes
            );
            return parsed.ExpiresAt <= now ? $"Its expiresAt, {Instant.Text(parsed.ExpiresAt.Value)}, is in the past."
                : parsed.ExpiresAt <= parsed.SendAt ? "It expires before it may be sent."
                : null;
        }
        catch (InvalidMessageException invalid)
        {
            return invalid.Message;
        }
    }

    /// <summary>What the dispatcher writes: <c>sentAt</c>, and whatever starts with <c>send</c> and a capital letter, but for <c>sendAt</c>.</summary>
    public static bool IsDisas(string name) =>
        name is "sentAt" || (name is not SendAttributes.SendAt && name is ['s', 'e', 'n', 'd', >= 'A' and <= 'Z', ..]);

    private static string? WrongKey(Dictionary<string, AttributeValue> item, string name, string type, int largest)
    {
        var value = item.GetValueOrDefault(name);
        var (isOfType, length) = type switch
        {
            "N" => (value?.N is not null, 1),
            "B" => (value?.B is not null, (int)(value?.B?.Length ?? 0)),
            _ => (value?.S is not null, Encoding.UTF8.GetByteCount(value?.S ?? "")),
        };
        return !isOfType ? $"The key '{name}' is not {Word(type)}."
            : length == 0 ? $"The key '{name}' is empty."
            : length > largest
                ? string.Create(CultureInfo.InvariantCulture, $"The key '{name}' has {length} bytes; DynamoDB takes {largest} at most.")
            : null;
    }

    private static string Word(string type) =>
        type switch
        {
            "N" => "a number",
            "B" => "binary (base64)",
            _ => "a string",
        };

    private static int Size(AttributeValue value) =>
        value switch
        {
            { S: { } text } => Encoding.UTF8.GetByteCount(text),
            { N: { } number } => number.Length,
            { B: { } bytes } => (int)bytes.Length,
            { M: { } map } => 3 + map.Sum(pair => 1 + Encoding.UTF8.GetByteCount(pair.Key) + Size(pair.Value)),
            { L: { } list } => 3 + list.Sum(element => 1 + Size(element)),
            _ => 1,
        };
}

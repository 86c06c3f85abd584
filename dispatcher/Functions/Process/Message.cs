using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService.Model;

namespace Disa.Functions.Process;

/// <summary>What an item asks to be published, read and checked.</summary>
public sealed record Message(
    string Text,
    string? Subject,
    IReadOnlyDictionary<string, MessageAttributeValue> Attributes,
    string? GroupId,
    string? DeduplicationId,
    DateTimeOffset? SendAt,
    DateTimeOffset? ExpiresAt
)
{
    private const int MaxSubject = 99;

    /// <summary>Characters of MessageGroupId and MessageDeduplicationId.</summary>
    private const int MaxFifoId = 128;

    private static readonly IReadOnlyDictionary<string, MessageAttributeValue> None = new Dictionary<string, MessageAttributeValue>();

    /// <param name="item">The item.</param>
    /// <param name="id">The message's id: what Disa's own attributes may need counts in the size.</param>
    /// <param name="maxBytes">Bytes of message and attributes that the topic takes.</param>
    /// <exception cref="InvalidMessageException">No attempt could ever publish it.</exception>
    public static Message Parse(IReadOnlyDictionary<string, AttributeValue> item, string id, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(id);
        if (!item.TryGetValue(SendAttributes.Message, out var message))
        {
            throw new InvalidMessageException("MessageMissing", "The item has no attribute 'message'.");
        }

        if (message.S is not { } text)
        {
            throw new InvalidMessageException("MessageNotString", "The attribute 'message' is not a string.");
        }

        if (text.Length == 0)
        {
            throw new InvalidMessageException("MessageEmpty", "The attribute 'message' is empty.");
        }

        var attributes = Attribute(item);
        var bytes = Encoding.UTF8.GetByteCount(text) + Size(attributes) + MessageLimits.Reserved(id);
        if (bytes > maxBytes)
        {
            throw new InvalidMessageException(
                "MessageTooLarge",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Message and attributes have {bytes} bytes with those kept for Disa's own; the topic takes {maxBytes} at most."
                )
            );
        }

        return new(
            text,
            SubjectOf(item),
            attributes,
            FifoId(item, SendAttributes.GroupId),
            FifoId(item, SendAttributes.DeduplicationId),
            Time(item, SendAttributes.SendAt),
            Time(item, SendAttributes.ExpiresAt)
        );
    }

    /// <summary>Bytes of text and attributes, without Disa's own.</summary>
    public int Bytes => Encoding.UTF8.GetByteCount(Text) + Size(Attributes);

    /// <summary>Bytes of attributes, as SNS counts them: names, types and values.</summary>
    public static int Size(IReadOnlyDictionary<string, MessageAttributeValue> attributes) =>
        attributes.Sum(pair =>
            Encoding.UTF8.GetByteCount(pair.Key)
            + Encoding.UTF8.GetByteCount(pair.Value.DataType ?? "")
            + (pair.Value.BinaryValue?.Length ?? Encoding.UTF8.GetByteCount(pair.Value.StringValue ?? ""))
        );

    /// <summary>Letters, digits and punctuation, up to 128 (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).</summary>
    private static string? FifoId(IReadOnlyDictionary<string, AttributeValue> item, string name)
    {
        if (!item.TryGetValue(name, out var value))
        {
            return null;
        }

        return value.S is { Length: > 0 and <= MaxFifoId } id && id.All(letter => letter is > ' ' and <= '~')
            ? id
            : throw new InvalidMessageException(
                "InvalidFifoId",
                $"The attribute '{name}' is not a string of 1 to 128 letters, digits or punctuation marks."
            );
    }

    private static string? SubjectOf(IReadOnlyDictionary<string, AttributeValue> item)
    {
        if (!item.TryGetValue(SendAttributes.Subject, out var value))
        {
            return null;
        }

        return value.S is { Length: > 0 and <= MaxSubject } subject && !subject.Any(char.IsControl)
            ? subject
            : throw new InvalidMessageException(
                "InvalidSubject",
                "The attribute 'subject' is not a string of 1 to 99 characters without line breaks."
            );
    }

    private static IReadOnlyDictionary<string, MessageAttributeValue> Attribute(IReadOnlyDictionary<string, AttributeValue> item)
    {
        if (!item.TryGetValue(SendAttributes.Attributes, out var value))
        {
            return None;
        }

        if (value.M is not { } map)
        {
            throw new InvalidMessageException("InvalidAttributes", "The attribute 'attributes' is not a map.");
        }

        var attributes = new Dictionary<string, MessageAttributeValue>(StringComparer.Ordinal);
        foreach (var (name, of) in map)
        {
            attributes[name] = of switch
            {
                _ when name.Length is 0 or > 256
                        || name is SendAttributes.TraceParent
                        || name.StartsWith("disa-", StringComparison.OrdinalIgnoreCase) => throw Invalid(
                    name,
                    "has a name that is empty, too long or Disa's"
                ),
                { S: { Length: > 0 } text } => new() { DataType = "String", StringValue = text },
                { N: { Length: > 0 } number } => new() { DataType = "Number", StringValue = number },
                { B: { Length: > 0 } bytes } => new() { DataType = "Binary", BinaryValue = bytes.ToArray() },
                _ => throw Invalid(name, "is not a string, number or binary with a value"),
            };
        }

        return attributes;

        static InvalidMessageException Invalid(string name, string why) =>
            new("InvalidAttributes", $"The message attribute '{name}' {why}.");
    }

    /// <summary>ISO 8601 text, or a number of seconds since 1970 as DynamoDB's own expiry has it.</summary>
    private static DateTimeOffset? Time(IReadOnlyDictionary<string, AttributeValue> item, string name)
    {
        if (!item.TryGetValue(name, out var value))
        {
            return null;
        }

        if (Instant.TryParse(value.S, out var time))
        {
            return time;
        }

        const long end = 253_402_300_799; // 9999-12-31T23:59:59Z
        return decimal.TryParse(value.N, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= end
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000m))
            : throw new InvalidMessageException(
                "InvalidTime",
                $"The attribute '{name}' is neither an ISO 8601 time nor a number of seconds since 1970."
            );
    }
}

/// <summary>The item can never be published as it is.</summary>
public sealed class InvalidMessageException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

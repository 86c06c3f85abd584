using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;
using Disa.Jsonata;

namespace Disa.Emulator.Sns;

/// <summary>A message as it was published: checked, and kept until every subscription has it.</summary>
internal sealed record Publication
{
    public required string MessageId { get; init; }

    public required string TopicArn { get; init; }

    public string? Subject { get; init; }

    public required string Message { get; init; }

    /// <summary>Whether the message is a JSON object of texts by protocol.</summary>
    public bool Structured { get; init; }

    public IReadOnlyDictionary<string, MessageAttribute>? Attributes { get; init; }

    public required DateTimeOffset Published { get; init; }

    public string? GroupId { get; init; }

    public string? DeduplicationId { get; init; }

    public string? SequenceNumber { get; init; }

    /// <summary>The trace that its publishing belongs to.</summary>
    public string? TraceHeader { get; init; }

    [JsonIgnore]
    public string Timestamp => TimestampOf(Published);

    public static string TimestampOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The text for a protocol.</summary>
    public string TextFor(string protocol)
    {
        if (!Structured)
        {
            return Message;
        }

        using var json = JsonInput.Document(Message);
        return json.RootElement.TryGetProperty(protocol, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : json.RootElement.GetProperty("default").GetString()!;
    }
}

/// <summary>The rules of a message: SNS API reference, Publish, and what AWS answers (recorded 2023-08 to 2024-11).</summary>
internal static class PublicationCheck
{
    public static void Subject(string? subject)
    {
        if (subject is not null && (subject.Length is 0 or >= 100 || subject.Any(char.IsControl)))
        {
            throw SnsErrors.Invalid("Subject");
        }
    }

    public static int Size(string? message, IReadOnlyDictionary<string, MessageAttribute>? attributes) =>
        Encoding.UTF8.GetByteCount(message ?? "")
        + (
            attributes?.Sum(entry =>
                Encoding.UTF8.GetByteCount(entry.Key)
                + Encoding.UTF8.GetByteCount(entry.Value.DataType ?? "")
                + (entry.Value.BinaryValue?.Length ?? Encoding.UTF8.GetByteCount(entry.Value.StringValue ?? ""))
            )
            ?? 0
        );

    public static void Message(string? message, int limit, IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        if (string.IsNullOrEmpty(message))
        {
            throw SnsErrors.Invalid("Empty message");
        }

        if (Size(message, attributes) > limit)
        {
            throw SnsErrors.Invalid("Message too long");
        }
    }

    /// <summary>True for a message that is a JSON object of texts by protocol.</summary>
    public static bool Structure(string? structure, string? message)
    {
        if (structure is null)
        {
            return false;
        }

        if (structure != "json")
        {
            throw SnsErrors.Invalid("Message Structure");
        }

        try
        {
            using var json = JsonInput.Document(message ?? "");
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("default", out var text)
                && text.ValueKind == JsonValueKind.String
                ? true
                : throw SnsErrors.Invalid("Message Structure - No default entry in JSON message body");
        }
        catch (JsonException)
        {
            throw SnsErrors.Invalid("Message Structure - JSON message body failed to parse");
        }
    }

    public static void Attributes(IReadOnlyDictionary<string, MessageAttribute>? attributes)
    {
        foreach (var (name, attribute) in attributes ?? new Dictionary<string, MessageAttribute>())
        {
            AttributeName(name);
            var type = attribute.DataType ?? throw SnsErrors.Missing($"messageAttributes.{name}.member.dataType");
            if (type.Length == 0)
            {
                throw SnsErrors.InvalidValue($"The message attribute '{name}' must contain non-empty message attribute type.");
            }

            var kind = type is "String.Array" ? type : type.Split('.', 2)[0];
            if (kind is not ("String" or "Number" or "Binary" or "String.Array"))
            {
                throw SnsErrors.InvalidValue(
                    $"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
                );
            }

            if (kind == "Binary" ? attribute.BinaryValue is null : attribute.StringValue is null)
            {
                throw SnsErrors.InvalidValue(
                    $"The message attribute '{name}' with type '{type}' must use field '{(kind == "Binary" ? kind : "String")}'."
                );
            }

            if (kind == "Binary" ? attribute.BinaryValue is not { Length: > 0 } : string.IsNullOrEmpty(attribute.StringValue))
            {
                throw SnsErrors.InvalidValue(
                    $"The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{type}'."
                );
            }

            if (kind == "Number" && !double.TryParse(attribute.StringValue, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                throw SnsErrors.InvalidValue($"Could not cast message attribute '{name}' value to number.");
            }
        }
    }

    private static void AttributeName(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or >= 256)
        {
            throw SnsErrors.InvalidValue("Length of message attribute name must be less than 256 bytes.");
        }

        if (
            name.FirstOrDefault(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.')) is var other and not '\0'
        )
        {
            throw SnsErrors.InvalidValue(
                $"Invalid non-alphanumeric character '#x{(int)other:X}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
            );
        }

        if (name[0] == '.' || name[^1] == '.')
        {
            throw SnsErrors.InvalidValue(
                $"Invalid message attribute name {(name[0] == '.' ? "starting" : "ending")} with character '.' was found."
            );
        }

        if (name.Contains("..", StringComparison.Ordinal))
        {
            throw SnsErrors.InvalidValue("Message attribute name can not have successive '.' character.");
        }
    }

    public static void Fifo(Topic topic, string? groupId, string? deduplicationId)
    {
        if (topic.Fifo)
        {
            if (string.IsNullOrEmpty(groupId))
            {
                throw SnsErrors.Invalid("The MessageGroupId parameter is required for FIFO topics");
            }

            if (deduplicationId is null && !topic.ContentBasedDeduplication)
            {
                throw SnsErrors.Invalid(
                    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
                );
            }
        }
        else if (deduplicationId is not null)
        {
            throw SnsErrors.Invalid(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type"
            );
        }

        Id(groupId, "MessageGroupId");
        Id(deduplicationId, "MessageDeduplicationId");
    }

    private static void Id(string? id, string parameter)
    {
        if (id is not null && (id.Length is 0 or > 128 || !id.All(letter => letter is > ' ' and <= '~')))
        {
            throw SnsErrors.Invalid(
                $"{parameter} Reason: {parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length"
            );
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Disa.Contract;

namespace Disa.Client;

/// <summary>A message to send, and what else shall be on its item.</summary>
/// <param name="text">The text; with the attributes at most <see cref="DisaTable.MaxMessageBytes"/> of UTF-8, less 146 bytes and the key's for Disa's own.</param>
public sealed class DisaMessage(string text)
{
    /// <summary>Bytes of a message with its attributes that a topic takes.</summary>
    public const int MaxBytes = MessageLimits.DefaultBytes;

    /// <summary>Characters of a subject.</summary>
    public const int MaxSubject = 99;

    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal)
    {
        "message",
        "subject",
        "attributes",
        "expiresAt",
        "sentAt",
    };

    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>The mail's subject, 1 to 99 characters without line breaks.</summary>
    public string? Subject { get; init; }

    /// <summary>SNS message attributes, by which subscribers filter: strings, numbers or binaries, none empty, no name starting with <c>disa-</c>.</summary>
    public IDictionary<string, AttributeValue> Attributes { get; init; } = new Dictionary<string, AttributeValue>();

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? SendAt { get; init; }

    /// <summary>Not after this time.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The W3C trace context that the message carries on, as its attribute <c>traceparent</c>; by default the span that runs when this is made
    /// (<see cref="Activity.Current"/>). Without one the message gets a trace of its own.
    /// </summary>
    public string? TraceParent { get; init; } = Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? span.Id : null;

    /// <summary>Attributes of your own for the item; Disa leaves them alone.</summary>
    public IDictionary<string, AttributeValue> Own { get; init; } = new Dictionary<string, AttributeValue>();

    /// <summary>The item, checked.</summary>
    /// <exception cref="ArgumentException">No attempt could ever send it; the text says why.</exception>
    internal Dictionary<string, AttributeValue> Item(DisaTable table, DisaKey key)
    {
        Check(table, key);
        var item = new Dictionary<string, AttributeValue>(Own, StringComparer.Ordinal) { ["message"] = new() { S = Text } };
        foreach (var (name, value) in key.Attributes(table))
        {
            item[name] = value;
        }

        if (Subject is { } subject)
        {
            item["subject"] = new() { S = subject };
        }

        if (Attributes.Count > 0)
        {
            item["attributes"] = new() { M = new(Attributes) };
        }

        if (SendAt is { } sendAt)
        {
            item["sendAt"] = new() { S = Instant(sendAt) };
        }

        if (ExpiresAt is { } expiresAt)
        {
            item["expiresAt"] = new() { S = Instant(expiresAt) };
        }

        if (TraceParent is { } traceParent)
        {
            item.TryAdd("traceparent", new() { S = traceParent });
        }

        return item;
    }

    private void Check(DisaTable table, DisaKey key)
    {
        Require(
            key.Type == table.PartitionKeyType,
            $"The key '{key}' is of type {key.Type}; the table's key {table.PartitionKeyName} is of type {table.PartitionKeyType}."
        );
        Require(
            key.SortType == table.SortKeyType,
            $"The key '{key}' has {(key.SortType is { } type ? $"a sort key of type {type}" : "no sort key")}; the table's is {(table.SortKeyName is { } sort ? $"{sort} of type {table.SortKeyType}" : "none")}."
        );
        Require(!string.IsNullOrEmpty(Text), "The text of a message must not be empty.");
        Require(
            Subject is null || (Subject.Length is > 0 and <= MaxSubject && !Subject.Any(char.IsControl)),
            $"A subject has 1 to {MaxSubject} characters and no line breaks."
        );
        Require(SendAt is null || ExpiresAt is null || SendAt < ExpiresAt, "A message that expires before it may be sent is never sent.");
        foreach (var name in Own.Keys)
        {
            var isFree = !IsDisas(name) && !table.KeyNames.Contains(name, StringComparer.Ordinal);
            Require(isFree, $"The attribute '{name}' is Disa's; name your own otherwise.");
        }

        var bytes = Encoding.UTF8.GetByteCount(Text) + MessageLimits.Reserved(key.Id(table));
        foreach (var (name, value) in Attributes)
        {
            Require(
                name.Length is > 0 and <= 256 && !name.StartsWith("disa-", StringComparison.OrdinalIgnoreCase),
                $"'{name}' is not a valid message attribute name: 1 to 256 characters, not starting with 'disa-'."
            );
            Require(
                value is { S.Length: > 0 } or { N.Length: > 0 } or { B.Length: > 0 },
                $"The message attribute '{name}' is not a string, number or binary with a value."
            );
            bytes +=
                Encoding.UTF8.GetByteCount(name)
                + "String".Length
                + (value.B is { } binary ? (int)binary.Length : Encoding.UTF8.GetByteCount(value.S ?? value.N));
        }

        Require(
            bytes <= table.MaxMessageBytes,
            $"Message and attributes have {bytes.ToString(CultureInfo.InvariantCulture)} bytes with those kept for Disa's own; the topic takes {table.MaxMessageBytes} at most."
        );
    }

    /// <summary>Whatever starts with <c>send</c> and a capital letter is.</summary>
    private static bool IsDisas(string name) => Taken.Contains(name) || name is ['s', 'e', 'n', 'd', >= 'A' and <= 'Z', ..];

    private static void Require(bool met, string otherwise)
    {
        if (!met)
        {
            throw new ArgumentException(otherwise);
        }
    }

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

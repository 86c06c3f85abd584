using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Cli;

/// <summary>One item of the table, as the dispatcher's attributes describe it.</summary>
internal sealed record Message
{
    public required string Id { get; init; }

    /// <summary>Null while undecided.</summary>
    public string? Status { get; init; }

    public string? Text { get; init; }

    public string? Subject { get; init; }

    public string? Reason { get; init; }

    public int Attempts { get; init; }

    public string? ErrorClass { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorText { get; init; }

    public string? NextAttempt { get; init; }

    public string? SentAt { get; init; }

    public string? SnsMessageId { get; init; }

    public static Message From(Dictionary<string, AttributeValue> item, string keyName)
    {
        var error = item.GetValueOrDefault("sendError")?.M;
        return new Message
        {
            Id = item.TryGetValue(keyName, out var key) ? KeyText(key) : "?",
            Status = item.GetValueOrDefault("sendStatus")?.S,
            Text = item.GetValueOrDefault("message")?.S,
            Subject = item.GetValueOrDefault("subject")?.S,
            Reason = item.GetValueOrDefault("sendReason")?.S,
            Attempts = int.TryParse(item.GetValueOrDefault("sendAttempts")?.N, NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) ? attempts : 0,
            ErrorClass = error?.GetValueOrDefault("class")?.S,
            ErrorCode = error?.GetValueOrDefault("code")?.S,
            ErrorText = error?.GetValueOrDefault("text")?.S,
            NextAttempt = item.GetValueOrDefault("sendNextAttempt")?.S,
            SentAt = item.GetValueOrDefault("sentAt")?.S,
            SnsMessageId = item.GetValueOrDefault("sendMessageId")?.S,
        };
    }

    /// <summary>A key as people type it: text, number, or bytes in base64.</summary>
    public static string KeyText(AttributeValue key) => key.S ?? key.N ?? (key.B is { } bytes ? Convert.ToBase64String(bytes.ToArray()) : "?");
}

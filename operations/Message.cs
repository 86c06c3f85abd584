using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>One item of the table, as the dispatcher's attributes describe it.</summary>
internal record Message
{
    public required string Id { get; init; }

    /// <summary>Where it is: one of <see cref="MessageState.All"/>.</summary>
    public string State => MessageState.Of(this);

    /// <summary>The item's <c>sendStatus</c>; null while undecided.</summary>
    public string? Status { get; init; }

    /// <summary>Whether someone who waits for it knows more than that it waits its turn: one that is paced or blocked has not been tried.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsDecided => Status is not null && Reason is not ("Paced" or "Blocked" or "FunctionChanged");

    public string? Text { get; init; }

    public string? Subject { get; init; }

    public string? Reason { get; init; }

    public int Attempts { get; init; }

    public string? ErrorClass { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorText { get; init; }

    public string? NextAttempt { get; init; }

    /// <summary>When Disa first saw it; null where the workflow has not taken it up.</summary>
    public string? SeenAt { get; init; }

    /// <summary>Since when it is in its state; null while no attempt has decided it.</summary>
    public string? Since { get; init; }

    public string? SentAt { get; init; }

    public string? SnsMessageId { get; init; }

    /// <summary>The last ten attempts, oldest first.</summary>
    public IReadOnlyList<Attempt>? History { get; init; }

    public static Message From(Dictionary<string, AttributeValue> item, TableShape shape)
    {
        var error = item.GetValueOrDefault("sendError")?.M;
        return new Message
        {
            Id = shape.KeyNames.All(item.ContainsKey) ? ItemKey.Of(item, shape.KeyNames).Id : "?",
            Status = item.GetValueOrDefault("sendStatus")?.S,
            Text = item.GetValueOrDefault("message")?.S,
            Subject = item.GetValueOrDefault("subject")?.S,
            Reason = item.GetValueOrDefault("sendReason")?.S,
            Attempts = int.TryParse(
                item.GetValueOrDefault("sendAttempts")?.N,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var attempts
            )
                ? attempts
                : 0,
            ErrorClass = error?.GetValueOrDefault("class")?.S,
            ErrorCode = error?.GetValueOrDefault("code")?.S,
            ErrorText = error?.GetValueOrDefault("text")?.S,
            NextAttempt = item.GetValueOrDefault("sendNextAttempt")?.S,
            SeenAt = item.GetValueOrDefault("sendSeenAt")?.S,
            Since = item.GetValueOrDefault(SendAttributes.ListedAt)?.S,
            SentAt = item.GetValueOrDefault("sentAt")?.S,
            SnsMessageId = item.GetValueOrDefault("sendMessageId")?.S,
            History = item.GetValueOrDefault("sendHistory")
                ?.L?.Where(entry => entry.M is not null)
                .Select(entry => Attempt.From(entry.M))
                .ToList(),
        };
    }
}

/// <summary>One attempt to send a message.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="At">When it ended; for one without an outcome, when it began.</param>
/// <param name="Outcome">Sent, Failed, or Unknown where its function never reported one.</param>
/// <param name="Code">What went wrong.</param>
/// <param name="MessageId">SNS's id.</param>
internal sealed record Attempt(
    string? Number,
    string? At,
    string? Outcome,
    string? Code,
    [property: System.Text.Json.Serialization.JsonPropertyName("snsMessageId")] string? MessageId
)
{
    public static Attempt From(Dictionary<string, AttributeValue> entry) =>
        new(
            entry.GetValueOrDefault("attempt")?.N,
            entry.GetValueOrDefault("at")?.S,
            entry.GetValueOrDefault("outcome")?.S,
            entry.GetValueOrDefault("code")?.S,
            entry.GetValueOrDefault("messageId")?.S
        );
}

namespace Disa.Contract;

/// <summary>The attributes that Disa reads and writes on an item; whatever else is on it is the user's.</summary>
public static class SendAttributes
{
    public const string Message = "message";
    public const string Subject = "subject";
    public const string Attributes = "attributes";
    public const string SendAt = "sendAt";
    public const string ExpiresAt = "expiresAt";

    /// <summary>The FIFO topic's MessageGroupId; without it each message is a group of its own.</summary>
    public const string GroupId = "messageGroupId";

    /// <summary>The FIFO topic's MessageDeduplicationId; without it the item's key and first sight make one.</summary>
    public const string DeduplicationId = "messageDeduplicationId";

    /// <summary>The user's W3C trace context, which the message carries on.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Successful or Failure, once decided.</summary>
    public const string Status = "sendStatus";

    /// <summary>Number of publishes tried.</summary>
    public const string Attempts = "sendAttempts";

    /// <summary>Why it is not sent: SendFailed, Held, InvalidMessage, Scheduled, Expired, ProcessFailed, AttemptsExhausted, Adopted, Redriven, Cancelled, Paced, Blocked, FunctionChanged.</summary>
    public const string Reason = "sendReason";

    /// <summary>The last error: class, code, text.</summary>
    public const string Error = "sendError";

    public const string NextAttempt = "sendNextAttempt";

    /// <summary>When Disa first saw it: the time of its stream record, or of the first sweep that met it.</summary>
    public const string SeenAt = "sendSeenAt";

    /// <summary>The 32 hexadecimal digits by which its log lines and its message can be found.</summary>
    public const string TraceId = "sendTraceId";

    public const string SentAt = "sentAt";

    /// <summary>
    /// When DynamoDB may delete a sent item, in seconds since 1970: the table's time-to-live attribute, written with Successful and never
    /// otherwise, where the stack has RetentionDays.
    /// </summary>
    public const string RemoveAt = "sendRemoveAt";

    /// <summary>SNS's id of the message.</summary>
    public const string MessageId = "sendMessageId";

    /// <summary>The last ten attempts: attempt, at, outcome (Sent, Failed, Unknown), code, messageId.</summary>
    public const string History = "sendHistory";

    /// <summary>Who sends it now: token, until.</summary>
    public const string Claim = "sendClaim";

    /// <summary>A message's place in the line of its group, on a FIFO topic: a token of its own.</summary>
    public const string Place = "sendPlace";

    /// <summary>Behind whom it stands there, as <see cref="GroupPlace"/> has it; empty for the first of its group.</summary>
    public const string Behind = "sendBehind";

    /// <summary>The key, in DynamoDB JSON, of the message that waits for this one.</summary>
    public const string Next = "sendNext";

    public const string DueIndex = "send-due-index";

    /// <summary>The index's partition key, "0" to "15"; absent where no attempt is due.</summary>
    public const string Shard = "sendShard";

    /// <summary>The index's sort key.</summary>
    public const string Due = "sendDue";

    /// <summary>The index of decided messages by state, the newest last: what is counted and listed without reading the table.</summary>
    public const string ListIndex = "send-list-index";

    /// <summary>That index's partition key: see <see cref="ListedState.Partition"/>.</summary>
    public const string List = "sendList";

    /// <summary>That index's sort key: since when the message is in that state.</summary>
    public const string ListedAt = "sendListedAt";

    public const string Successful = "Successful";
    public const string Failure = "Failure";
}

namespace Disa.Functions;

/// <summary>The attributes that Disa reads and writes on an item; whatever else is on it is the user's.</summary>
public static class SendAttributes
{
    public const string Message = "message";
    public const string Subject = "subject";
    public const string Attributes = "attributes";
    public const string SendAt = "sendAt";
    public const string ExpiresAt = "expiresAt";

    /// <summary>Successful or Failure, once decided.</summary>
    public const string Status = "sendStatus";

    /// <summary>Number of publishes tried.</summary>
    public const string Attempts = "sendAttempts";

    /// <summary>Why it is not sent: SendFailed, Held, InvalidMessage, Scheduled, Expired, ProcessFailed, AttemptsExhausted, Redriven, Cancelled.</summary>
    public const string Reason = "sendReason";

    /// <summary>The last error: class, code, text.</summary>
    public const string Error = "sendError";

    public const string NextAttempt = "sendNextAttempt";
    public const string SentAt = "sentAt";

    /// <summary>SNS's id of the message.</summary>
    public const string MessageId = "sendMessageId";

    /// <summary>The last ten attempts: attempt, at, outcome (Sent, Failed, Unknown), code, messageId.</summary>
    public const string History = "sendHistory";

    /// <summary>Who sends it now: token, until.</summary>
    public const string Claim = "sendClaim";

    public const string DueIndex = "send-due-index";

    /// <summary>The index's partition key, "0" to "15"; absent where no attempt is due.</summary>
    public const string Shard = "sendShard";

    /// <summary>The index's sort key.</summary>
    public const string Due = "sendDue";

    public const string Successful = "Successful";
    public const string Failure = "Failure";
}

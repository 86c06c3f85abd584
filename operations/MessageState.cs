namespace Disa.Operations;

/// <summary>
/// The one word for where a message is, the same everywhere it is shown. The item itself keeps its contract: <c>sendStatus</c> is
/// <c>Successful</c> or <c>Failure</c> once decided.
/// </summary>
internal static class MessageState
{
    /// <summary>Not decided yet: on its way, before its <c>sendAt</c>, or made due again.</summary>
    public const string Waiting = ListedState.Waiting;

    /// <summary>The breaker is open: not tried, and no attempt used up.</summary>
    public const string Held = ListedState.Held;

    /// <summary>The stack's rate limit puts it off for a moment.</summary>
    public const string Paced = ListedState.Paced;

    /// <summary>An earlier message of its group is not sent yet, and none may overtake it.</summary>
    public const string Blocked = ListedState.Blocked;

    /// <summary>The topic accepted it.</summary>
    public const string Sent = ListedState.Sent;

    /// <summary>The last attempt failed, and there will be another.</summary>
    public const string Failed = ListedState.Failed;

    /// <summary>There will be no further attempt unless someone decides so.</summary>
    public const string Parked = ListedState.Parked;

    public static IReadOnlyList<string> All { get; } = [Waiting, Held, Paced, Blocked, Sent, Failed, Parked];

    public static string Of(Message message) =>
        message switch
        {
            { Status: SendAttributes.Successful } => Sent,
            { Status: null } => Waiting,
            _ => ListedState.Of(message.Reason, message.NextAttempt is not null),
        };

    /// <summary>The word for a state of an audit, whose own words are finer.</summary>
    public static string OfAudit(string state) =>
        state switch
        {
            SendAttributes.Successful => Sent,
            "Undecided" or "InFlight" or "Scheduled" => Waiting,
            "Waiting" => Failed,
            "Held" => Held,
            "Paced" => Paced,
            "Blocked" => Blocked,
            _ => Parked,
        };

    /// <summary>The status that all messages of a state have: null where they have several.</summary>
    public static string? StatusOf(string state) =>
        state switch
        {
            Sent => SendAttributes.Successful,
            Waiting => null,
            _ => SendAttributes.Failure,
        };
}

namespace Disa.Contract;

/// <summary>
/// The words for where a message is, and its place in the index by which messages are counted and listed: one partition for each state and
/// shard, the newest last. A message that no attempt has decided is in none.
/// </summary>
public static class ListedState
{
    /// <summary>SNS has it.</summary>
    public const string Sent = "Sent";

    /// <summary>Tried, and to be tried again.</summary>
    public const string Failed = "Failed";

    /// <summary>Not to be tried again before someone says so.</summary>
    public const string Parked = "Parked";

    /// <summary>Not tried, because the breaker is open.</summary>
    public const string Held = "Held";

    /// <summary>Not tried, because more would be sent in a second than the stack lets.</summary>
    public const string Paced = "Paced";

    /// <summary>Not tried, because another message of its group is before it.</summary>
    public const string Blocked = "Blocked";

    /// <summary>Not tried: its time has not come, or its turn is next.</summary>
    public const string Waiting = "Waiting";

    public static readonly IReadOnlyList<string> All = [Sent, Failed, Parked, Held, Paced, Blocked, Waiting];

    /// <summary>The state of a message that is not sent.</summary>
    /// <param name="reason">Its <see cref="SendAttributes.Reason"/>.</param>
    /// <param name="isDueAgain">Whether it has a next attempt.</param>
    public static string Of(string? reason, bool isDueAgain) =>
        (reason, isDueAgain) switch
        {
            (_, false) => Parked,
            ("Held" or "Paced" or "Blocked", _) => reason,
            ("Scheduled" or "Redriven" or "Adopted" or "FunctionChanged", _) => Waiting,
            _ => Failed,
        };

    /// <summary>The partition of a state in which an item of that shard lies.</summary>
    public static string Partition(string state, string shard) => $"{state}-{shard}";
}

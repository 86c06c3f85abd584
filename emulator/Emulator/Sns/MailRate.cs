namespace Disa.Emulator.Sns;

/// <summary>Counts the mails that a subscription is sent: above ten in a second AWS disables it.</summary>
/// <remarks>
/// https://repost.aws/knowledge-center/sns-email-subscription-disabled; ten messages a second for a subscription is a hard limit:
/// https://docs.aws.amazon.com/general/latest/gr/sns.html. Attempts count, whether they succeed or not. In memory: a restart forgets
/// a second.
/// </remarks>
internal sealed class MailRate
{
    private const int MostInASecond = 10;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> attempts = new(StringComparer.Ordinal);

    /// <summary>Counts an attempt; false where it is one too many.</summary>
    public bool Count(string subscriptionArn, DateTimeOffset now)
    {
        lock (gate)
        {
            if (!attempts.TryGetValue(subscriptionArn, out var recent))
            {
                attempts.Add(subscriptionArn, recent = new Queue<DateTimeOffset>(MostInASecond));
            }

            while (recent.TryPeek(out var first) && first <= now - Second)
            {
                recent.Dequeue();
            }

            if (recent.Count >= MostInASecond)
            {
                attempts.Remove(subscriptionArn);
                return false;
            }

            recent.Enqueue(now);
            return true;
        }
    }
}

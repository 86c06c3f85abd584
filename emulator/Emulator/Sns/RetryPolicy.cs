namespace Disa.Emulator.Sns;

/// <summary>When a post to an HTTP or HTTPS endpoint that failed is tried again: at once, at the least delay, growing, at the most delay.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html, "Creating an HTTP/S delivery policy". The delays of the
/// backoff functions between the first and the last are read off its diagram; AWS adds jitter, which is left out here.
/// </remarks>
internal sealed record RetryPolicy
{
    /// <summary>Seconds; the retries of a policy may take no longer together: a hard limit, says the page.</summary>
    public const int LongestInAll = 3600;

    public static readonly RetryPolicy Default = new();

    public static readonly IReadOnlyList<string> Functions = ["arithmetic", "exponential", "geometric", "linear"];

    /// <summary>Seconds.</summary>
    public int MinDelayTarget { get; init; } = 20;

    /// <summary>Seconds.</summary>
    public int MaxDelayTarget { get; init; } = 20;

    /// <summary>All retries together.</summary>
    public int NumRetries { get; init; } = 3;

    public int NumMaxDelayRetries { get; init; }

    public int NumNoDelayRetries { get; init; }

    public int NumMinDelayRetries { get; init; }

    public string BackoffFunction { get; init; } = "linear";

    /// <summary>Seconds that all retries take together, the answers not counted.</summary>
    public double InAll => Enumerable.Range(1, NumRetries).Sum(failures => Wait(failures)!.Value.TotalSeconds);

    /// <param name="failures">How many tries have failed, from 1.</param>
    /// <returns>How long to wait; null when it is given up.</returns>
    public TimeSpan? Wait(int failures)
    {
        var backoff = NumRetries - NumNoDelayRetries - NumMinDelayRetries - NumMaxDelayRetries;
        var step = failures - NumNoDelayRetries - NumMinDelayRetries - 1;
        return failures > NumRetries ? null
            : failures <= NumNoDelayRetries ? TimeSpan.Zero
            : TimeSpan.FromSeconds(
                step < 0 ? MinDelayTarget
                : step >= backoff ? MaxDelayTarget
                : Backoff(step, backoff)
            );
    }

    private double Backoff(int step, int steps)
    {
        if (steps == 1)
        {
            return MinDelayTarget;
        }

        var (part, width) = ((double)step / (steps - 1), MaxDelayTarget - MinDelayTarget);
        return BackoffFunction switch
        {
            "arithmetic" => MinDelayTarget + (width * (double)step * (step + 1) / ((double)steps * (steps - 1))),
            "geometric" => MinDelayTarget * Math.Pow((double)MaxDelayTarget / MinDelayTarget, part),
            "exponential" => MinDelayTarget + (width * (Math.Pow(2, step) - 1) / (Math.Pow(2, steps - 1) - 1)),
            _ => MinDelayTarget + (width * part),
        };
    }
}

namespace Disa.Emulator.Sns;

/// <summary>When a delivery that failed on the receiver's side is tried again (SNS Developer Guide, "Amazon SNS message delivery retries").</summary>
internal static class RetrySchedule
{
    /// <param name="failures">How many tries have failed, from 1.</param>
    /// <returns>How long to wait; null when it is given up.</returns>
    public static TimeSpan? Wait(string protocol, int failures) => protocol is "email" or "email-json" ? Mail(failures) : Managed(failures);

    /// <summary>AWS's own endpoints, SQS and Lambda: 3 at once, 2 a second apart, 10 from 1 to 20 s, 100,000 every 20 s: 100,015 over 23 days.</summary>
    private static TimeSpan? Managed(int failures) =>
        failures switch
        {
            <= 3 => TimeSpan.Zero,
            <= 5 => TimeSpan.FromSeconds(1),
            <= 15 => Exponential(failures - 6, 10, 1, 20),
            <= 100_015 => TimeSpan.FromSeconds(20),
            _ => null,
        };

    /// <summary>Customer managed endpoints, mail among them: 2 after 10 s, 10 from 10 to 600 s, 38 every 600 s: 50 over 6 hours.</summary>
    private static TimeSpan? Mail(int failures) =>
        failures switch
        {
            <= 2 => TimeSpan.FromSeconds(10),
            <= 12 => Exponential(failures - 3, 10, 10, 600),
            <= 50 => TimeSpan.FromSeconds(600),
            _ => null,
        };

    private static TimeSpan Exponential(int step, int steps, double first, double last) =>
        TimeSpan.FromSeconds(first * Math.Pow(last / first, (double)step / (steps - 1)));
}

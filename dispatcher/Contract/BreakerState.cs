namespace Disa.Contract;

/// <summary>The states of the breaker record, which the workflow reads: open and closing hold, the others send.</summary>
public static class BreakerState
{
    /// <summary>The alarm is In Alarm: nothing is sent but probes.</summary>
    public const string Open = "ALARM";

    /// <summary>A message got through, or the alarm is OK again: a few more go at a time.</summary>
    public const string Closing = "RAMP";

    public const string Closed = "OK";

    /// <summary>The alarm has no data: nothing has been sent yet.</summary>
    public const string Unknown = "INSUFFICIENT_DATA";
}

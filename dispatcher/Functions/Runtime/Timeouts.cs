namespace Disa.Functions;

/// <summary>
/// How long each thing may take, the inner ones first: what is inside ends before what is around it, so that a call that hangs
/// costs its own item and nobody else's.
/// </summary>
/// <remarks>
/// call (6 s) &lt; publish and three calls for ten items (24 s) &lt; function (40 s) &lt; state (45 s) &lt; the sending part of an
/// execution (140 s) &lt; lease (150 s) &lt; a FIFO topic's deduplication window (300 s). TimeoutTests reads the templates and the
/// state machine against this table.
/// </remarks>
public static class Timeouts
{
    /// <summary>One request to the table, before the SDK repeats it.</summary>
    public static readonly TimeSpan TableRequest = TimeSpan.FromSeconds(3);

    /// <summary>One call of the table, its repetitions included.</summary>
    public static readonly TimeSpan TableCall = TimeSpan.FromSeconds(6);

    /// <summary>One request to the topic. It is never repeated by the SDK: nobody knows whether it was published.</summary>
    public static readonly TimeSpan Publish = TimeSpan.FromSeconds(5);

    /// <summary>Ten items at the worst: read, claim, publish, record. What has less time left is not claimed.</summary>
    public static readonly TimeSpan TenItems = (3 * TableCall) + Publish + TimeSpan.FromSeconds(1);

    /// <summary>Ten items that are claimed: publish, record. What has less time left is given back.</summary>
    public static readonly TimeSpan Claimed = TableCall + Publish + TimeSpan.FromSeconds(1);

    /// <summary>The functions' Timeout.</summary>
    public static readonly TimeSpan Function = TimeSpan.FromSeconds(40);

    /// <summary>The state that calls the process function.</summary>
    public static readonly TimeSpan State = TimeSpan.FromSeconds(45);

    /// <summary>From the start of an execution to the end of its last call of the process function, unless it waits for a lease, a probe's time or its pace.</summary>
    public static readonly TimeSpan Execution = TimeSpan.FromSeconds(140);

    /// <summary>How long a claim holds, from the moment at which it is made. Whoever holds one that has passed is dead. The workflow waits as long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(150);

    /// <summary>A FIFO topic drops a message whose deduplication id it has seen so long before (https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html).</summary>
    public static readonly TimeSpan Deduplication = TimeSpan.FromSeconds(300);
}

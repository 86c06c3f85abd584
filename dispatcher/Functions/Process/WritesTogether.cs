namespace Disa.Functions.Process;

/// <summary>Collects writes of different items and sends them in one request: ten claims or ten records cost hardly more than one.</summary>
/// <remarks>
/// A caller with several items starts the work on each, up to its write, and then sends. Each write has its own condition and its own outcome.
/// A start that waits for something first may come back on another thread, after the others were sent: its write then goes by itself.
/// </remarks>
public sealed class WritesTogether
{
    private readonly TableCalls calls;
    private readonly Lock gate = new();
    private readonly List<(Update Update, string Condition)> writes = [];
    private bool closed;
    private readonly TaskCompletionSource<Task<Written[]>> sent = new();

    internal WritesTogether(TableCalls calls) => this.calls = calls;

    /// <summary>Sends the writes that have joined, and completes them with their outcomes.</summary>
    public void Send(CancellationToken cancellation)
    {
        lock (gate)
        {
            closed = true; // the list is not written to any more
        }

        sent.SetResult(writes.Count == 0 ? Task.FromResult<Written[]>([]) : calls.WriteAllAsync(writes, cancellation));
    }

    /// <summary>Adds a write. Null after they were sent: the write is then sent by itself.</summary>
    internal Task<Written>? Join(Update update, string condition)
    {
        lock (gate)
        {
            if (closed)
            {
                return null;
            }

            writes.Add((update, condition));
            return OutcomeAsync(writes.Count - 1);
        }
    }

    private async Task<Written> OutcomeAsync(int place) => (await (await sent.Task.ConfigureAwait(false)).ConfigureAwait(false))[place];
}

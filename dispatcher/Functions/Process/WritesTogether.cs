namespace Disa.Functions.Process;

/// <summary>Writes of different items that wait for each other, to go in one request: ten claims or ten records cost hardly more than one.</summary>
/// <remarks>
/// Whoever has several items begins the work on each, up to its write, and then sends. Each write has its own condition and hears of its own
/// outcome. Not for several threads.
/// </remarks>
public sealed class WritesTogether
{
    private readonly MessageTable table;
    private readonly List<(Update Update, string Condition)> writes = [];
    private readonly TaskCompletionSource<Task<Written[]>> sent = new();

    internal WritesTogether(MessageTable table) => this.table = table;

    /// <summary>Sends what has joined; how that ends is told to those who joined.</summary>
    public void Send(CancellationToken cancellation) =>
        sent.SetResult(writes.Count == 0 ? Task.FromResult<Written[]>([]) : table.WriteAllAsync(writes, cancellation));

    /// <summary>Adds a write; null once they are sent, for then it goes by itself.</summary>
    internal Task<Written>? Join(Update update, string condition)
    {
        if (sent.Task.IsCompleted)
        {
            return null;
        }

        writes.Add((update, condition));
        return OutcomeAsync(writes.Count - 1);
    }

    private async Task<Written> OutcomeAsync(int place) => (await (await sent.Task.ConfigureAwait(false)).ConfigureAwait(false))[place];
}

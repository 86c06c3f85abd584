using System.Diagnostics.CodeAnalysis;

namespace Disa.WebConsole;

/// <summary>Moves of the emulator's clock that outlast the request that asked for them.</summary>
internal sealed class ClockMoves(AwsSession session)
{
    /// <summary>How long a request waits for its move; a longer one shows its progress on the Time page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private string? failure;

    /// <summary>Why the last move failed; said once.</summary>
    public string? Failure => Interlocked.Exchange(ref failure, null);

    /// <returns>The clock after the move; null where it goes on.</returns>
    /// <exception cref="FailureException">The clock is being moved already.</exception>
    public async Task<Health?> Begin(TimeSpan span, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref failure, null);
        var move = session.Emulator.Advance(span, CancellationToken.None);
        try
        {
            return await move.WaitAsync(Patience, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
        catch (Exception away) when (away is TimeoutException or OperationCanceledException && !move.IsCompleted)
        {
            _ = Watch(move);
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A task in the background: what it throws is shown on its page.")]
    private async Task Watch(Task<Health> move)
    {
        try
        {
            await move.ConfigureAwait(false);
        }
        catch (Exception failed)
        {
            Interlocked.Exchange(ref failure, failed.Message);
        }
    }
}

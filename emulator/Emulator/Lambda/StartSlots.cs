namespace Disa.Emulator.Lambda;

/// <summary>
/// Turns for starting a function's process: as many at a time as there are processors, because more would only slow each other down
/// until none is up within its ten seconds.
/// </summary>
/// <param name="wall">Real time.</param>
internal sealed class StartSlots(TimeProvider wall)
{
    /// <summary>Nobody waits longer: a start may itself wait for another function, whose process has to start too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly SemaphoreSlim free = new(Environment.ProcessorCount);

    /// <summary>Waits for a turn; it ends with what is returned.</summary>
    public async Task<IDisposable?> Enter(CancellationToken cancellation)
    {
        var entered = free.WaitAsync(cancellation);
        try
        {
            await entered.WaitAsync(Patience, wall, cancellation).ConfigureAwait(false);
            return new Turn(free);
        }
        catch (TimeoutException)
        {
            // It starts without one; the turn that comes later is given back at once.
            _ = entered.ContinueWith(
                static (late, slots) => ((SemaphoreSlim)slots!).Release(),
                free,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );
            return null;
        }
    }

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}

using System.Runtime.CompilerServices;

namespace Disa.WebConsole;

/// <summary>Tells open pages when to look again.</summary>
internal interface IChanges
{
    /// <summary>Something may have changed; again and again.</summary>
    IAsyncEnumerable<bool> Watch(CancellationToken cancellation);
}

/// <summary>Changes that someone tells of: the emulator's commits. Many at once are one, and there is at most one in half a second.</summary>
internal sealed class PushedChanges(TimeProvider time) : IChanges
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(500);

    private long happened;
    private TaskCompletionSource? waiting;

    /// <summary>Costs two memory accesses where nobody watches.</summary>
    public void Happened()
    {
        Interlocked.Increment(ref happened);
        if (Volatile.Read(ref waiting) is not null)
        {
            Interlocked.Exchange(ref waiting, null)?.TrySetResult();
        }
    }

    public async IAsyncEnumerable<bool> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = Interlocked.Read(ref happened);
        while (true)
        {
            while (Interlocked.Read(ref happened) == seen)
            {
                var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                mine = Interlocked.CompareExchange(ref waiting, mine, null) ?? mine;
                if (Interlocked.Read(ref happened) == seen)
                {
                    await mine.Task.WaitAsync(cancellation).ConfigureAwait(false);
                }
            }

            seen = Interlocked.Read(ref happened);
            yield return true;
            await Task.Delay(AtMostEvery, time, cancellation).ConfigureAwait(false);
        }
    }
}

/// <summary>AWS tells nobody: pages look again every few seconds, while someone sees them.</summary>
internal sealed class PolledChanges(TimeSpan every) : IChanges
{
    public async IAsyncEnumerable<bool> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(every, TimeProvider.System, cancellation).ConfigureAwait(false);
            yield return true;
        }
    }
}

namespace Disa.Journeys;

/// <summary>The power of one machine: it goes before a chosen write, counted from the moment that it is told to count.</summary>
/// <param name="cut">Before which write, from 1; null for power that stays.</param>
public sealed class Power(long? cut)
{
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long seen;
    private long first = long.MaxValue;

    public Task Gone => gone.Task;

    public bool IsGone => gone.Task.IsCompleted;

    /// <summary>Writes since counting started.</summary>
    public long Writes => Volatile.Read(ref seen) - Volatile.Read(ref first) + 1;

    /// <summary>The next write is number 1.</summary>
    public void Count() => Volatile.Write(ref first, Volatile.Read(ref seen) + 1);

    /// <summary>For the emulator to call before each write.</summary>
    public void BeforeWrite(long number)
    {
        Volatile.Write(ref seen, number);
        if (cut is { } chosen && number - Volatile.Read(ref first) + 1 >= chosen)
        {
            gone.TrySetResult();
            throw new IOException("The power is cut.");
        }
    }
}

namespace Disa.Emulator.Faults;

/// <summary>When a function's process dies: after a short time, before or after the effect of one of its calls, or at the latest when it answers.</summary>
internal sealed class KillOrder : IDisposable
{
    private const int MostCalls = 12;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(300);

    private readonly Action kill;
    private readonly Action forget;
    private readonly ITimer? timer;
    private int callsLeft;
    private int executed;

    /// <param name="chance">From 0 to 1, and all that is random here.</param>
    /// <param name="kill">Ends the process.</param>
    /// <param name="wall">Real time: processes live in it.</param>
    /// <param name="forget">Called when the order is over.</param>
    public KillOrder(double chance, Action kill, TimeProvider wall, Action forget)
    {
        this.kill = kill;
        this.forget = forget;
        if (chance < 0.4)
        {
            timer = wall.CreateTimer(
                static order => ((KillOrder)order!).Execute(),
                this,
                Longest * (chance / 0.4),
                Timeout.InfiniteTimeSpan
            );
        }
        else
        {
            var part = (chance - 0.4) / 0.6 * MostCalls;
            callsLeft = 1 + (int)part;
            BeforeEffect = part - Math.Floor(part) < 0.5;
        }
    }

    /// <summary>Whether the call at which it dies has no effect any more.</summary>
    public bool BeforeEffect { get; }

    /// <summary>Counts a call of the process: true for the one at which it dies.</summary>
    public bool IsLastCall() => Interlocked.Decrement(ref callsLeft) == 0;

    public void Execute()
    {
        if (Interlocked.Exchange(ref executed, 1) == 0)
        {
            kill();
        }
    }

    public void Dispose()
    {
        timer?.Dispose();
        forget();
    }
}

namespace Disa.Emulator.Time;

/// <summary>The clock cannot be moved, because it is being moved.</summary>
/// <param name="target">Where to.</param>
public sealed class ClockMovingException(DateTimeOffset target)
    : InvalidOperationException(
        $"The clock is already being moved, to {target.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Wait until it has arrived, or stop the process that moves it."
    );

namespace Disa.Emulator.Lambda;

/// <summary>What the emulator and the functions at work had used of the processors at a time.</summary>
/// <param name="At">A timestamp of the real clock.</param>
/// <param name="Used">Their processor time together, since they started.</param>
internal readonly record struct ProcessorSample(long At, TimeSpan Used)
{
    /// <summary>The part of all processors above which there is no room for another process.</summary>
    private const double BusyShare = 0.75;

    /// <param name="before">The earlier sample.</param>
    /// <param name="wall">The real clock, whose timestamps they have.</param>
    public bool IsBusySince(ProcessorSample before, TimeProvider wall) =>
        Used - before.Used > wall.GetElapsedTime(before.At, At) * Environment.ProcessorCount * BusyShare;
}

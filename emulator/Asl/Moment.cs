namespace Disa.Asl;

/// <summary>What a decision may not find out by itself: the time, and chance (jitter, UUIDs, task tokens).</summary>
public readonly record struct Moment(DateTimeOffset Now, Random Random);

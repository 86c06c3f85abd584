namespace Disa.Asl;

/// <summary>What a decision may not find out by itself: the time, and chance (jitter, UUIDs, task tokens).</summary>
/// <param name="Inspection">Set where one state is tested: it is shown what happens to its data.</param>
/// <param name="KnowsActivity">Whether there is an activity of an ARN; null where nobody knows.</param>
public readonly record struct Moment(
    DateTimeOffset Now,
    Random Random,
    Inspection? Inspection = null,
    Func<string, bool>? KnowsActivity = null
);

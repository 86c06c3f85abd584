namespace Disa.Journeys;

/// <summary>
/// Journeys that need the processors, because a function's time limit is real time: on a machine where every process waits for its turn, a message
/// may fail for want of time and be tried again, and that must not happen in them. They run one after the other when all other journeys are over.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

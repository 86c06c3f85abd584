using System.Collections.Immutable;
using System.Text.Json;

namespace Disa.Asl;

/// <summary>An execution between two decisions: its facts, its counters, its positions.</summary>
public sealed record Run
{
    public required ExecutionFacts Facts { get; init; }

    /// <summary>The id of the last history event.</summary>
    public long LastEvent { get; init; }

    /// <summary>The id of the last position made.</summary>
    public int LastPosition { get; init; }

    /// <summary>When the state machine's TimeoutSeconds are over.</summary>
    public DateTimeOffset? Due { get; init; }

    public ImmutableSortedDictionary<int, Position> Positions { get; init; } = ImmutableSortedDictionary<int, Position>.Empty;

    /// <summary>The next thing that happens by itself.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            var due = Due;
            foreach (var position in Positions.Values)
            {
                if (position.Due is { } at && (due is null || at < due))
                {
                    due = at;
                }
            }

            return due;
        }
    }
}

/// <summary>What does not change while an execution runs.</summary>
/// <param name="Input">The execution's input.</param>
/// <param name="Region">Where it runs, for the events of tasks.</param>
public sealed record ExecutionFacts(
    string Arn,
    string Name,
    string? RoleArn,
    DateTimeOffset Started,
    string StateMachineArn,
    string StateMachineName,
    string Region,
    JsonElement Input
)
{
    /// <summary>Null where the context object does not count.</summary>
    public int? RedriveCount { get; init; } = 0;

    /// <summary>When it was last redriven.</summary>
    public DateTimeOffset? Redriven { get; init; }
}

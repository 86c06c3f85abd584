using Disa.Asl;

namespace Disa.Emulator.StepFunctions;

/// <summary>What several decisions in a row came to, to be recorded in one transaction.</summary>
internal sealed class Recording(Run before, DateTimeOffset at)
{
    private readonly SortedSet<int> _changed = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly List<MapStart> _maps = [];
    private readonly List<(string, string)> _endedMaps = [];

    public DateTimeOffset At { get; } = at;

    public Run Run { get; private set; } = before;

    public IReadOnlyCollection<int> Changed => _changed;

    public IReadOnlyList<HistoryEvent> Events => _events;

    public Outcome? Outcome { get; private set; }

    /// <summary>Where an execution that did not succeed can be taken up again.</summary>
    public IReadOnlyList<Position> Left { get; private set; } = [];

    public IReadOnlyList<MapStart> Maps => _maps;

    /// <summary>Map runs whose states are over with them: ARN and status.</summary>
    public IReadOnlyList<(string Arn, string Status)> EndedMaps => _endedMaps;

    public bool IsNothing => _events.Count == 0 && _changed.Count == 0 && _maps.Count == 0;

    public void Add(Decision decision)
    {
        NoteEndedMaps(decision);
        Run = decision.Run;
        Left = decision.Left;
        _maps.AddRange(decision.Maps);
        Outcome = decision.Outcome;
        _events.AddRange(decision.Events);
        _changed.UnionWith(decision.Changed.Select(position => position.Id));
        _changed.UnionWith(decision.Removed);
    }

    private void NoteEndedMaps(Decision decision)
    {
        foreach (var id in decision.Removed.Concat(decision.Changed.Select(position => position.Id)))
        {
            if (
                Run.Positions.GetValueOrDefault(id) is { Phase: Phase.MapRun, Map: { } before }
                && decision.Run.Positions.GetValueOrDefault(id)?.Map?.Id != before.Id
            )
            {
                var status =
                    decision.Events.Any(e => e.Type == "MapRunSucceeded") ? Outcome.Succeeded
                    : decision.Events.Any(e => e.Type == "MapRunFailed") ? Outcome.Failed
                    : Outcome.Aborted;
                _endedMaps.Add((before.Arn, status));
            }
        }
    }
}

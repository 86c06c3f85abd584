using System.Collections.Immutable;
using System.Text.Json;
using Disa.Asl.Data;
using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>A decision in the making: the positions as they become, and the events that this leaves.</summary>
internal sealed class Step(StateMachine machine, Run run, Moment moment)
{
    private readonly ImmutableSortedDictionary<int, Position>.Builder _positions = run.Positions.ToBuilder();
    private readonly HashSet<int> _changed = [];
    private readonly List<HistoryEvent> _events = [];
    private long _lastEvent = run.LastEvent;
    private int _lastPosition = run.LastPosition;
    private readonly List<MapStart> _maps = [];
    private Outcome? _outcome;

    /// <summary>Where everything stood when a state failed that nothing has caught yet: where a redrive begins.</summary>
    public IEnumerable<Position>? Left { get; set; }

    public Moment Moment { get; } = moment;

    public ExecutionFacts Facts { get; } = run.Facts;

    public long LastEvent => _lastEvent;

    public Decision Decided()
    {
        var after = run with
        {
            LastEvent = _lastEvent,
            LastPosition = _lastPosition,
            Positions = _positions.ToImmutable(),
            Due = _outcome is null ? run.Due : null,
        };
        return new Decision
        {
            Run = after,
            Changed = [.. _changed.Where(_positions.ContainsKey).Order().Select(id => _positions[id])],
            Removed = [.. _changed.Where(id => !_positions.ContainsKey(id) && run.Positions.ContainsKey(id)).Order()],
            Events = _events,
            Outcome = _outcome,
            Maps = _maps,
            Left = _outcome is { Status: not Outcome.Succeeded } ? [.. Left ?? run.Positions.Values] : [],
        };
    }

    /// <summary>A Map run that somebody must carry out, or the items that one has been waiting for.</summary>
    public void Start(MapStart start) => _maps.Add(start);

    public Position? Find(int id) => _positions.GetValueOrDefault(id);

    public Position At(int id) => _positions[id];

    public IEnumerable<Position> Positions => _positions.Values;

    /// <summary>The positions as they are now, whatever becomes of them.</summary>
    public IEnumerable<Position> Standing => _positions.ToImmutable().Values;

    /// <summary>The execution is over.</summary>
    public void Conclude(Outcome outcome) => _outcome = outcome;

    /// <summary>A position as it was before: nothing to record.</summary>
    public void Keep(Position position) => _positions[position.Id] = position;

    public void Put(Position position)
    {
        _positions[position.Id] = position;
        _changed.Add(position.Id);
    }

    /// <summary>Starts a line of execution below a Parallel or Map state.</summary>
    public void Add(Position parent, int index, string startAt, JsonElement input, long started) =>
        Put(
            new Position
            {
                Id = ++_lastPosition,
                Parent = parent.Id,
                Index = index,
                State = startAt,
                Input = input,
                Variables = parent.Variables,
                LastEvent = started,
            }
        );

    public State StateOf(Position position)
    {
        if (position.Parent < 0)
        {
            return machine.Root[position.State];
        }

        var parent = _positions[position.Parent];
        return ((JoiningState)StateOf(parent)).BranchOf(position.Index)[position.State];
    }

    /// <summary>What the state's expressions see.</summary>
    public Scope Scope(Position position, string? token = null)
    {
        var item = Item(position);
        return new Scope(
            position.Input,
            () => Context(() => ContextObject.Of(Facts, position, StateOf(position).CanRetry, token, item)),
            position.Variables,
            Moment
        );
    }

    private JsonElement Context(Func<JsonElement> real) =>
        Moment.Inspection is { Context: var given } && given.IsDefined() ? given : real();

    /// <summary>What a Map's item selector sees.</summary>
    public Scope ItemScope(Position position, JsonElement input, int index)
    {
        var join = position.Join!;
        return ItemScope(position, input, new ItemAtHand(index, join.Items[index]));
    }

    public Scope ItemScope(Position position, JsonElement input, ItemAtHand item) =>
        new(input, () => Context(() => ContextObject.Of(Facts, position, canRetry: true, null, item)), position.Variables, Moment);

    /// <summary>The results of a state's branches or iterations, in order; they are then gone.</summary>
    public JsonElement Collect(Position position)
    {
        var children = Positions.Where(p => p.Parent == position.Id).OrderBy(p => p.Index).ToList();
        Remove(children);
        var result = Json.Array(children.Select(child => child.Output));
        CheckSize(result, position.State);
        return result;
    }

    public static string TooLarge(string what) =>
        $"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit.";

    public static void CheckSize(JsonElement payload, string what)
    {
        if (Json.Size(payload) > Json.PayloadLimit)
        {
            throw new WorkflowException(WorkflowError.DataLimitExceeded, TooLarge(what));
        }
    }

    public long Record(string type, long previous, string? detailsName = null, Action<Utf8JsonWriter>? details = null)
    {
        var written = details is null
            ? default
            : Json.Write(w =>
            {
                w.WriteStartObject();
                details(w);
                w.WriteEndObject();
            });
        _events.Add(new HistoryEvent(++_lastEvent, previous, Moment.Now, type, detailsName, written));
        return _lastEvent;
    }

    /// <summary>An input or output with its details, as events have them.</summary>
    public static void WriteData(Utf8JsonWriter writer, string name, JsonElement data)
    {
        writer.WriteString(name, data.GetRawText());
        writer.WriteStartObject($"{name}Details");
        writer.WriteBoolean("truncated", false);
        writer.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter writer, WorkflowError error)
    {
        if (error.Error is not null)
        {
            writer.WriteString("error", error.Error);
        }

        if (error.Cause is not null)
        {
            writer.WriteString("cause", error.Cause);
        }
    }

    private ItemAtHand? Item(Position position)
    {
        for (var at = position; at.Parent >= 0; at = _positions[at.Parent])
        {
            var parent = _positions[at.Parent];
            if (parent.Join is { } join && join.Items.IsDefined())
            {
                return new ItemAtHand(at.Index, join.Items[at.Index]);
            }
        }

        return null;
    }

    /// <summary>Takes away what is below a position.</summary>
    public void Clear(Position position) => Remove([.. Descendants(position.Id)]);

    public void Remove(IEnumerable<Position> gone)
    {
        foreach (var position in gone)
        {
            _positions.Remove(position.Id);
            _changed.Add(position.Id);
        }
    }

    /// <summary>All that is below a position.</summary>
    public IEnumerable<Position> Descendants(int id)
    {
        var children = Positions.Where(p => p.Parent == id).ToList();
        return children.Concat(children.SelectMany(child => Descendants(child.Id)));
    }
}

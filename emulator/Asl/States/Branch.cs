using System.Text.Json;

namespace Disa.Asl.States;

/// <summary>States that belong together, with the one to start at: the whole machine, a branch, or a Map's processor.</summary>
public sealed class Branch
{
    public const string MissingTarget = "MISSING_TRANSITION_TARGET";

    private readonly Dictionary<string, State> _states;

    private Branch(string startAt, Dictionary<string, State> states) => (StartAt, _states) = (startAt, states);

    public string StartAt { get; }

    public State this[string name] => _states[name];

    internal IEnumerable<State> AllStates => _states.Values.SelectMany(state => state.Branches.SelectMany(b => b.AllStates).Prepend(state));

    /// <summary>All states, and whether they run in an EXPRESS execution.</summary>
    internal IEnumerable<(State State, bool IsExpress)> StatesOf(bool isExpress) =>
        _states.Values.SelectMany(state =>
            state
                .Branches.SelectMany(branch => branch.StatesOf(state is DistributedMapState map ? map.IsExpress : isExpress))
                .Prepend((state, isExpress))
        );

    /// <param name="reader">At the object that has StartAt and States.</param>
    /// <param name="names">All state names so far: they are unique in the whole machine.</param>
    internal static Branch? Read(DefinitionReader reader, HashSet<string> names)
    {
        reader.Require("States", "StartAt");
        var startAt = reader.String("StartAt");
        var source = reader.Object("States");
        if (startAt is null || source.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var all = reader.Inner("States", source);
        var states = new Dictionary<string, State>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var targets = new List<(string From, Transition To)>();
        foreach (var property in source.EnumerateObject())
        {
            known.Add(property.Name);
            if (property.Name.Length > 80)
            {
                all.Wrong("State name must be at most 80 characters", property.Name);
            }

            if (!names.Add(property.Name))
            {
                all.Add("DUPLICATE_STATE_NAME", $"Duplicate State name: {property.Name}", property.Name);
            }

            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                all.Wrong("Expected value of type Object", property.Name);
            }
            else if (State.Read(all.Inner(property.Name, property.Value), property.Name, names) is { } state)
            {
                states[property.Name] = state;
                targets.AddRange(state.Transitions.Select(to => (property.Name, to)));
            }
        }

        CheckTransitions(reader, startAt, known, targets);
        return new Branch(startAt, states);
    }

    private static void CheckTransitions(
        DefinitionReader reader,
        string startAt,
        HashSet<string> known,
        List<(string From, Transition To)> targets
    )
    {
        if (!known.Contains(startAt))
        {
            reader.Add(MissingTarget, $"Missing 'Next' target: {startAt}", "StartAt");
            return;
        }

        foreach (var (from, to) in targets)
        {
            if (!known.Contains(to.Target))
            {
                reader.Add(MissingTarget, $"Missing 'Next' target: {to.Target}", $"States/{from}/{to.Field}");
            }
        }

        var reached = new HashSet<string>(StringComparer.Ordinal) { startAt };
        var open = new Queue<string>([startAt]);
        var byState = targets.ToLookup(t => t.From, t => t.To.Target, StringComparer.Ordinal);
        while (open.TryDequeue(out var name))
        {
            foreach (var next in byState[name])
            {
                if (reached.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        foreach (var name in known.Where(name => !reached.Contains(name)))
        {
            reader.Add(MissingTarget, $"State \"{name}\" is not reachable.", $"States/{name}");
        }
    }
}

/// <summary>A way from one state to another.</summary>
/// <param name="Field">Where the definition names it, such as <c>Catch[0]/Next</c>.</param>
public readonly record struct Transition(string Field, string Target);

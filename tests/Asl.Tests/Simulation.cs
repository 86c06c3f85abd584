using System.Collections.Immutable;
using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.Tests;

/// <summary>Runs a machine to its end with scripted tasks and a clock that jumps to whatever is next.</summary>
/// <param name="script">By state name, one answer per attempt; <c>$stop</c> stops the execution from outside.</param>
/// <param name="putDown">Whether every position goes through JSON and back between any two decisions.</param>
internal sealed class Simulation(StateMachine machine, JsonElement input, JsonElement script, bool putDown)
{
    public static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(7);
    private readonly List<(DateTimeOffset At, int Order, Happening What)> _answers = [];
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly HashSet<long> _launched = [];
    private DateTimeOffset _now = Began;
    private Run _run = null!;
    private int _order;

    public List<HistoryEvent> Events { get; } = [];

    public Outcome? Outcome { get; private set; }

    public Simulation ToItsEnd()
    {
        var facts = new ExecutionFacts(
            "arn:aws:states:eu-west-1:000000000000:execution:machine:run",
            "run",
            "arn:aws:iam::000000000000:role/machine",
            Began,
            "arn:aws:states:eu-west-1:000000000000:stateMachine:machine",
            "machine",
            "eu-west-1",
            input
        );
        Take(Interpreter.Start(machine, facts, new Moment(_now, _random)));
        if (script.ValueKind == JsonValueKind.Object && script.TryGetProperty("$stop", out var stop))
        {
            _answers.Add(
                (_now.AddSeconds(stop.GetProperty("after").GetInt32()), _order++, new Stopped(Text(stop, "error"), Text(stop, "cause")))
            );
        }

        while (Outcome is null)
        {
            Next();
        }

        return this;
    }

    private void Next()
    {
        var entering = _run.Positions.Values.FirstOrDefault(p => p.Phase == Phase.Enter);
        if (entering is not null)
        {
            Decide(new Entering(entering.Id));
            return;
        }

        foreach (var position in _run.Positions.Values.Where(p => p.Phase == Phase.Task && _launched.Add(p.Task!.Id)))
        {
            Launch(position);
        }

        var due = _run.NextDue;
        if (_answers.Count > 0 && _answers.Min() is var answer && (due is null || answer.At <= due))
        {
            _now = answer.At;
            _answers.Remove(answer);
            Decide(answer.What);
        }
        else
        {
            _now = due ?? throw new InvalidOperationException("Nothing will ever happen again.");
            Decide(new Elapsed());
        }
    }

    private void Launch(Position position)
    {
        var attempt = _attempts[position.State] = _attempts.GetValueOrDefault(position.State) + 1;
        var answers = script.GetProperty(position.State);
        var answer = answers[Math.Min(attempt, answers.GetArrayLength()) - 1];
        var task = position.Task!.Id;
        foreach (var beat in answer.TryGetProperty("heartbeats", out var beats) ? beats.EnumerateArray() : default)
        {
            _answers.Add((_now.AddSeconds(beat.GetInt32()), _order++, new TaskHeartbeat(position.Id, task)));
        }

        if (answer.TryGetProperty("submitted", out var submitted))
        {
            _answers.Add((_now, _order++, new TaskSubmitted(position.Id, task, submitted)));
        }

        var at = _now.AddSeconds(answer.TryGetProperty("after", out var after) ? after.GetInt32() : 0);
        if (answer.TryGetProperty("output", out var output))
        {
            _answers.Add((at, _order++, new TaskSucceeded(position.Id, task, output)));
        }
        else if (answer.TryGetProperty("bytes", out var bytes))
        {
            _answers.Add((at, _order++, new TaskSucceeded(position.Id, task, Json.Of(new string('x', bytes.GetInt32() - 2)))));
        }
        else if (answer.TryGetProperty("echo", out _))
        {
            _answers.Add((at, _order++, new TaskSucceeded(position.Id, task, position.Task.Parameters)));
        }
        else if (answer.TryGetProperty("error", out var error))
        {
            _answers.Add((at, _order++, new TaskFailed(position.Id, task, new WorkflowError(error.GetString(), Text(answer, "cause")))));
        }
    }

    private void Decide(Happening happening) => Take(Interpreter.Decide(machine, _run, happening, new Moment(_now, _random)));

    private void Take(Decision decision)
    {
        _run = decision.Run;
        if (putDown)
        {
            _run = _run with
            {
                Positions = _run.Positions.ToImmutableSortedDictionary(
                    p => p.Key,
                    p =>
                        JsonSerializer.Deserialize(
                            JsonSerializer.Serialize(p.Value, PositionJson.Default.Position),
                            PositionJson.Default.Position
                        )!
                ),
            };
        }

        Events.AddRange(decision.Events);
        Outcome = decision.Outcome;
    }

    private static string? Text(JsonElement source, string name) => source.TryGetProperty(name, out var value) ? value.GetString() : null;
}

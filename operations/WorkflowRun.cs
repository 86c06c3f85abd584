using System.Text.Json;
using Amazon.StepFunctions.Model;

namespace Disa.Operations;

/// <summary>One state that an execution went through.</summary>
/// <param name="state">Its name.</param>
/// <param name="from">The state before it; the Map state for the first state of an iteration; null for the first of all.</param>
/// <param name="depth">0 for the workflow's own states, 1 inside a Map, and so on.</param>
/// <param name="entered">When it was entered.</param>
/// <param name="input">What it was given.</param>
internal sealed class WorkflowStep(string state, string? from, int depth, DateTimeOffset entered, string? input)
{
    public string State { get; } = state;

    public string? From { get; } = from;

    public int Depth { get; } = depth;

    public DateTimeOffset Entered { get; } = entered;

    public string? Input { get; } = input;

    public DateTimeOffset? Left { get; set; }

    public string? Output { get; set; }

    /// <summary>The errors of its attempts, in order.</summary>
    public List<string> Errors { get; } = [];
}

/// <summary>An execution, put together from the events of its history.</summary>
internal sealed record WorkflowRun(
    string Name,
    string Status,
    DateTimeOffset Started,
    DateTimeOffset? Stopped,
    IReadOnlyList<WorkflowStep> Steps
)
{
    public static IReadOnlyList<WorkflowStep> StepsOf(IEnumerable<HistoryEvent> events)
    {
        var steps = new List<WorkflowStep>();
        var parents = new Dictionary<WorkflowStep, WorkflowStep?>();
        var owners = new Dictionary<long, (WorkflowStep? Step, bool Inside)>();
        foreach (var entry in events)
        {
            var (owner, inside) = owners.GetValueOrDefault(entry.PreviousEventId ?? 0);
            if (entry.StateEnteredEventDetails is { } entered)
            {
                var step = new WorkflowStep(
                    entered.Name ?? "?",
                    owner?.State,
                    owner is null ? 0 : owner.Depth + (inside ? 1 : 0),
                    Time(entry),
                    entered.Input
                );
                steps.Add(step);
                parents[step] = owner;
                (owner, inside) = (step, false);
            }
            else if (entry.StateExitedEventDetails is { } exited)
            {
                // After a Map, what came before is the last state of an iteration.
                while (owner is not null && owner.State != exited.Name)
                {
                    owner = parents[owner];
                }

                if (owner is not null)
                {
                    (owner.Left, owner.Output) = (Time(entry), exited.Output);
                }

                inside = false;
            }
            else if (Error(entry) is { } error)
            {
                owner?.Errors.Add(error);
            }
            else if (entry.MapStateStartedEventDetails is not null || entry.MapIterationStartedEventDetails is not null)
            {
                inside = true;
            }

            owners[entry.Id ?? 0] = (owner, inside);
        }

        return steps;
    }

    public static string? Error(HistoryEvent entry) =>
        entry switch
        {
            { TaskFailedEventDetails: { } failed } => Words(failed.Error, failed.Cause),
            { TaskTimedOutEventDetails: { } timedOut } => Words(timedOut.Error, timedOut.Cause),
            { TaskStartFailedEventDetails: { } notStarted } => Words(notStarted.Error, notStarted.Cause),
            { TaskSubmitFailedEventDetails: { } notSubmitted } => Words(notSubmitted.Error, notSubmitted.Cause),
            { LambdaFunctionFailedEventDetails: { } function } => Words(function.Error, function.Cause),
            { LambdaFunctionTimedOutEventDetails: { } function } => Words(function.Error, function.Cause),
            { ExecutionFailedEventDetails: { } execution } => Words(execution.Error, execution.Cause),
            { ExecutionAbortedEventDetails: { } aborted } => Words(aborted.Error ?? "aborted", aborted.Cause),
            { ExecutionTimedOutEventDetails: { } late } => Words(late.Error ?? "timed out", late.Cause),
            _ => null,
        };

    public static DateTimeOffset Time(HistoryEvent entry) => Utc(entry.Timestamp);

    public static DateTimeOffset Utc(DateTime? time) => new(DateTime.SpecifyKind(time?.ToUniversalTime() ?? default, DateTimeKind.Utc));

    private static string Words(string? error, string? cause) => string.IsNullOrEmpty(cause) ? error ?? "" : $"{error}: {cause}";
}

/// <summary>A workflow's own states and what leads from one to another.</summary>
/// <param name="States">In the order of the definition; the first is where it starts.</param>
/// <param name="Edges">From and to.</param>
internal sealed record WorkflowGraph(IReadOnlyList<(string Name, string Type)> States, IReadOnlyList<(string From, string To)> Edges)
{
    public static WorkflowGraph Of(string definition)
    {
        using var document = JsonDocument.Parse(definition);
        var start = document.RootElement.GetProperty("StartAt").GetString()!;
        var states = new List<(string Name, string Type)>();
        var edges = new List<(string From, string To)>();
        foreach (var state in document.RootElement.GetProperty("States").EnumerateObject())
        {
            states.Add((state.Name, state.Value.TryGetProperty("Type", out var type) ? type.GetString()! : ""));
            foreach (var name in (string[])["Choices", "Catch"])
            {
                if (state.Value.TryGetProperty(name, out var branches))
                {
                    edges.AddRange(
                        branches
                            .EnumerateArray()
                            .Where(branch => branch.TryGetProperty("Next", out _))
                            .Select(branch => (state.Name, branch.GetProperty("Next").GetString()!))
                    );
                }
            }

            foreach (var name in (string[])["Default", "Next"])
            {
                if (state.Value.TryGetProperty(name, out var next))
                {
                    edges.Add((state.Name, next.GetString()!));
                }
            }
        }

        return new([.. states.OrderBy(state => state.Name == start ? 0 : 1)], [.. edges.Distinct()]);
    }
}

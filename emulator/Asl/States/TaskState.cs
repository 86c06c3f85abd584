using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Has work done by someone else.</summary>
public sealed class TaskState : State
{
    /// <summary>99,999,999 seconds: the longest time that the language can say.</summary>
    internal const int LongestTimeout = 99_999_999;

    private readonly DataFlow _flow;
    private readonly TaskCredentials? _credentials;
    private readonly int? _timeout;
    private readonly int? _heartbeat;
    private readonly JsonPath? _timeoutPath;
    private readonly JsonPath? _heartbeatPath;
    private readonly JsonataField? _timeoutField;
    private readonly JsonataField? _heartbeatField;

    internal TaskState(DefinitionReader reader, string name)
        : base(reader, name, "Task")
    {
        reader.Require("Resource");
        Location = reader.Location;
        Resource = reader.String("Resource") ?? "";
        if (Resource.Split(':', 6) is not ["arn", { Length: > 0 }, { Length: > 0 }, _, _, { Length: > 0 }] && reader.Has("Resource"))
        {
            reader.Wrong("Value is not a valid resource ARN", "Resource");
        }

        ParametersField = reader.Language == QueryLanguage.Jsonata ? "Arguments" : "Parameters";
        var parameters = reader.Any(ParametersField);
        ParameterNames =
            parameters.ValueKind == JsonValueKind.Object
                ? [.. parameters.EnumerateObject().Select(member => Template.NameOf(member.Name, reader.Language))]
                : null;
        _flow = DataFlow.Read(reader, parameters: true, result: true, selector: true);
        _timeoutField = reader.JsonataOnly("TimeoutSeconds");
        _heartbeatField = reader.JsonataOnly("HeartbeatSeconds");
        _timeout = reader.Integer("TimeoutSeconds", 1, LongestTimeout);
        _timeoutPath = reader.Path("TimeoutSecondsPath");
        _heartbeat = reader.Integer("HeartbeatSeconds", 1, LongestTimeout);
        _heartbeatPath = reader.Path("HeartbeatSecondsPath");
        _credentials = TaskCredentials.Read(reader);
        Retriers = Retrier.ReadAll(reader);
        Catchers = Catcher.ReadAll(reader);
        Check(reader);
    }

    public string Resource { get; }

    /// <summary>Where the definition has this state.</summary>
    public string Location { get; }

    /// <summary>Where the task is told what to do: Parameters or Arguments.</summary>
    public string ParametersField { get; }

    /// <summary>The members of that field; null where it is not there, or is one expression.</summary>
    public IReadOnlyList<string>? ParameterNames { get; }

    internal override bool CanRetry => true;

    internal override IReadOnlyList<Retrier> Retriers { get; }

    internal override IReadOnlyList<Catcher> Catchers { get; }

    internal override IEnumerable<Transition> Transitions =>
        base.Transitions.Concat(Catchers.Select((rule, i) => new Transition($"Catch[{i}]/Next", rule.Next)));

    internal override void Run(Step step, Position position)
    {
        // A .sync task has a token to show too, although nobody waits for it (recorded on AWS).
        var shown = TaskResource.IsSubmitted(Resource) ? NewToken(step.Moment.Random) : null;
        var isActivity = TaskResource.IsActivity(Resource);
        if (isActivity && step.Moment.KnowsActivity?.Invoke(Resource) == false)
        {
            throw WorkflowException.Runtime($"The activity {Resource} does not exist.");
        }

        var token =
            TaskResource.WaitsForToken(Resource) ? shown
            : isActivity ? NewToken(step.Moment.Random)
            : null;
        var scope = step.Scope(position, shown);
        var parameters = OptimisedParameters.Of(Resource, _flow.EffectiveInput(scope));
        Step.CheckSize(parameters, position.State);
        var input = scope.With(_flow.Input(scope));
        var timeout = _timeout ?? _timeoutField?.Integer(scope, 1) ?? Seconds(_timeoutPath, input, "TimeoutSecondsPath");
        var heartbeat = _heartbeat ?? _heartbeatField?.Integer(scope, 1) ?? Seconds(_heartbeatPath, input, "HeartbeatSecondsPath");

        var order = new TaskOrder
        {
            Resource = Resource,
            Parameters = parameters,
            Token = token,
            RoleArn = _credentials?.RoleArn(input),
            HeartbeatSeconds = heartbeat,
            TimeoutSeconds = isActivity ? timeout : null,
        };
        order = isActivity ? order : Timed(order, timeout, step.Moment.Now);
        var scheduled = TaskEvents.Scheduled(step, position, order, timeout);
        var started = isActivity ? scheduled : TaskEvents.Started(step, scheduled, Resource);
        step.Put(position with { Phase = Phase.Task, Task = order with { Id = scheduled }, LastEvent = started, Due = Earliest(order) });
    }

    internal void Succeeded(Step step, Position position, JsonElement output)
    {
        if (Json.Size(output) > Json.PayloadLimit)
        {
            var what = TaskResource.IsFunction(Resource) ? Resource : TaskResource.Split(Resource).Type;
            Failed(step, position, new WorkflowError(WorkflowError.DataLimitExceeded, Step.TooLarge(what)));
            return;
        }

        step.Moment.Inspection?.Note("result", output);
        position = position with { LastEvent = TaskEvents.Succeeded(step, position, output), Task = null, Due = null };
        step.Put(position);
        var (result, assigned) = _flow.Output(step.Scope(position), output);
        step.Exit(position, result, assigned, Next);
    }

    /// <summary>From here on the time of an activity runs.</summary>
    internal static void Started(Step step, Position position, string? worker)
    {
        var order = Timed(position.Task!, position.Task!.TimeoutSeconds, step.Moment.Now) with { Submitted = true };
        var started = TaskEvents.ActivityStarted(step, position.LastEvent, worker);
        step.Put(position with { LastEvent = started, Task = order, Due = Earliest(order) });
    }

    internal static void Submitted(Step step, Position position, JsonElement output)
    {
        var recorded = TaskEvents.Submitted(step, position, output);
        step.Put(position with { LastEvent = recorded, Task = position.Task! with { Submitted = true, Submission = output } });
    }

    internal static void Failed(Step step, Position position, WorkflowError error)
    {
        step.Put(position with { LastEvent = TaskEvents.Failed(step, position, error), Task = null, Due = null });
        step.Fail(position.Id, error);
    }

    internal static void Heartbeat(Step step, Position position)
    {
        var order = position.Task!;
        order = order with { HeartbeatAt = order.HeartbeatSeconds is { } seconds ? step.Moment.Now.AddSeconds(seconds) : null };
        step.Put(position with { Task = order, Due = Earliest(order) });
    }

    internal override void Elapsed(Step step, Position position)
    {
        var error = new WorkflowError(WorkflowError.Timeout, null) { IsMissedHeartbeat = !(position.Task!.TimeoutAt <= step.Moment.Now) };
        step.Put(position with { LastEvent = TaskEvents.TimedOut(step, position, error), Task = null, Due = null });
        step.Fail(position.Id, error);
    }

    private static TaskOrder Timed(TaskOrder order, int? timeout, DateTimeOffset now) =>
        order with
        {
            TimeoutAt = timeout is null ? null : now.AddSeconds(timeout.Value),
            HeartbeatAt = order.HeartbeatSeconds is null ? null : now.AddSeconds(order.HeartbeatSeconds.Value),
        };

    private static DateTimeOffset? Earliest(TaskOrder order) =>
        order.HeartbeatAt is { } heartbeat && (order.TimeoutAt is null || heartbeat < order.TimeoutAt) ? heartbeat : order.TimeoutAt;

    private static int? Seconds(JsonPath? path, Scope scope, string field)
    {
        if (path is null)
        {
            return null;
        }

        var value = WaitState.Referenced(path, scope, field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is >= 1 and <= LongestTimeout
            ? seconds
            : throw WorkflowException.Runtime(
                $"The {field} parameter does not reference a valid integer value: {path.Text} == {Json.Compact(value)}"
            );
    }

    private static string NewToken(Random random)
    {
        var bytes = new byte[96];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private void Check(DefinitionReader reader)
    {
        if (_timeout is not null && _timeoutPath is not null)
        {
            reader.Wrong("Only one of these fields is allowed: [TimeoutSeconds, TimeoutSecondsPath]");
        }

        if (_heartbeat is not null && _heartbeatPath is not null)
        {
            reader.Wrong("Only one of these fields is allowed: [HeartbeatSeconds, HeartbeatSecondsPath]");
        }

        if (_heartbeat >= _timeout)
        {
            reader.Wrong("HeartbeatSeconds must be less than TimeoutSeconds", "HeartbeatSeconds");
        }
    }
}

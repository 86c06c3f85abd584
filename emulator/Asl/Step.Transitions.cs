using System.Text.Json;
using Disa.Asl.Data;
using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>How positions move: into a state, out of it, to its end, to its failure.</summary>
internal sealed partial class Step
{
    public void Enter(Position position)
    {
        var state = StateOf(position);
        var entered = Record(
            $"{state.Type}StateEntered",
            position.LastEvent,
            "stateEnteredEventDetails",
            w =>
            {
                w.WriteString("name", state.Name);
                WriteData(w, "input", position.Input);
            }
        );
        position = position with { EnteredEvent = entered, LastEvent = entered, Entered = Moment.Now, Attempts = [], RetryCount = 0 };
        Put(position);
        Guard(position.Id, () => state.Run(this, position));
    }

    /// <summary>Does what may fail, and lets the failure be the position's.</summary>
    public void Guard(int id, Action act)
    {
        WorkflowError error;
        try
        {
            act();
            return;
        }
        catch (WorkflowException failure)
        {
            error = Failure(id, failure);
        }
        catch (PathException missing)
        {
            error = new WorkflowError(WorkflowError.Runtime, Explain(id, $"Invalid path '{missing.Path}' : {missing.Message}"));
        }

        Fail(id, error);
    }

    /// <summary>Leaves the state; null leads to the end of the branch.</summary>
    public void Exit(Position position, JsonElement output, JsonElement assigned, string? next)
    {
        CheckSize(output, position.State);
        var exited = Record(
            $"{StateOf(position).Type}StateExited",
            position.LastEvent,
            "stateExitedEventDetails",
            w =>
            {
                w.WriteString("name", position.State);
                WriteData(w, "output", output);
                if (assigned.ValueKind == JsonValueKind.Object && assigned.EnumerateObject().Any())
                {
                    w.WriteStartObject("assignedVariables");
                    foreach (var variable in assigned.EnumerateObject())
                    {
                        w.WriteString(variable.Name, variable.Value.GetRawText());
                    }

                    w.WriteEndObject();
                    w.WriteStartObject("assignedVariablesDetails");
                    w.WriteBoolean("truncated", false);
                    w.WriteEndObject();
                }
            }
        );

        position = position with
        {
            LastEvent = exited,
            Phase = Phase.Enter,
            Input = output,
            Variables = Assign(position.Variables, assigned),
            Due = null,
            Task = null,
            Join = null,
            Map = null,
        };
        if (position.Variables.ValueKind == JsonValueKind.Object && position.Variables.EnumerateObject().Any())
        {
            Moment.Inspection?.Note("variables", position.Variables);
        }

        if (next is not null)
        {
            Put(position with { State = next, EnteredEvent = 0 });
        }
        else
        {
            Complete(position with { Phase = Phase.Done, Output = output });
        }
    }

    /// <summary>Retries, catches, or passes the error upwards.</summary>
    /// <param name="failed">The event that says so of a state that is not retried: AWS writes none before a retry.</param>
    public void Fail(int id, WorkflowError error, string? failed = null)
    {
        var position = _positions[id];
        var state = StateOf(position);
        if (Moment.Inspection is not null)
        {
            Moment.Inspection.Error = error;
        }

        Remove(Descendants(id));
        for (var i = 0; i < state.Retriers.Count; i++)
        {
            var rule = state.Retriers[i];
            if (!rule.ErrorEquals.Any(error.Matches))
            {
                continue;
            }

            var attempts = Moment.Inspection?.RetrierRetryCount ?? (position.Attempts.Count > i ? position.Attempts[i] : 0);
            if (attempts >= rule.MaxAttempts)
            {
                break;
            }

            var counts = Enumerable
                .Range(0, state.Retriers.Count)
                .Select(at => position.Attempts.Count > at ? position.Attempts[at] : 0)
                .ToArray();
            counts[i]++;
            var delay = rule.Delay(attempts, Moment.Random);
            if (Moment.Inspection is { } inspection)
            {
                (inspection.RetryIndex, inspection.RetryBackoff) = (i, delay);
            }

            _left = null;
            Put(
                position with
                {
                    Phase = Phase.Retry,
                    Due = Moment.Now + delay,
                    Attempts = counts,
                    RetryCount = position.RetryCount + 1,
                    Task = null,
                    Join = null,
                    Map = null,
                }
            );
            return;
        }

        if (failed is not null)
        {
            position = position with { LastEvent = Record(failed, position.LastEvent) };
            Put(position);
        }

        if (state.Catchers.FirstOrDefault(rule => rule.ErrorEquals.Any(error.Matches)) is { } catcher)
        {
            if (Moment.Inspection is not null)
            {
                Moment.Inspection.CatchIndex = state.Catchers.ToList().IndexOf(catcher);
            }

            Catch(position, catcher, error);
            return;
        }

        Propagate(position, error);
    }

    /// <summary>Gives up what runs below a state, as its history tells it.</summary>
    /// <param name="each">Called for every child that was still running.</param>
    public void Abort(Position position, long previous, Action<Position> each)
    {
        foreach (var child in Positions.Where(p => p.Parent == position.Id && p.Phase is not Phase.Done).ToList())
        {
            Abort(child, previous, _ => { });
            if (child.Phase is Phase.Task or Phase.Wait or Phase.Join or Phase.MapRun or Phase.Retry)
            {
                Record($"{StateOf(child).Type}StateAborted", previous);
            }

            each(child);
        }
    }

    /// <summary>Ends the whole execution from outside, or because it is too long.</summary>
    public void End(string status, string type, string detailsName, long previous, WorkflowError error)
    {
        Record(type, previous, detailsName, w => WriteError(w, error));
        Remove([.. Positions]);
        _outcome = new Outcome(status, default, error);
    }

    /// <summary>Lets what failed go on: what was done stays done, what failed or was given up is run again.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html</remarks>
    public void Redrive(IEnumerable<Position> left)
    {
        var redriven = Record(
            "ExecutionRedriven",
            _lastEvent,
            "executionRedrivenEventDetails",
            w => w.WriteNumber("redriveCount", Facts.RedriveCount)
        );
        var all = left.ToList();
        foreach (var position in all)
        {
            _positions[position.Id] = position;
        }

        foreach (var position in all)
        {
            var isJoining = position.Join is not null && all.Any(child => child.Parent == position.Id);
            if (position.Phase == Phase.Done || isJoining)
            {
                Put(isJoining ? position with { Phase = Phase.Join } : position);
                continue;
            }

            var isEntered = position.Phase != Phase.Enter || position.EnteredEvent > 0;
            Put(
                position with
                {
                    Phase = isEntered && StateOf(position) is not FailState ? Phase.Redrive : Phase.Enter,
                    LastEvent = redriven,
                    Due = null,
                    Task = null,
                    Join = null,
                    Attempts = [],
                    RetryCount = 0,
                }
            );
        }
    }

    /// <summary>Runs a state again whose execution was redriven.</summary>
    public void Rerun(Position position)
    {
        var state = StateOf(position);
        Guard(
            position.Id,
            () =>
            {
                if (state is DistributedMapState && position.Map is not null)
                {
                    DistributedMapState.Redrive(this, position);
                }
                else
                {
                    state.Run(this, position);
                }
            }
        );
    }

    private void Catch(Position position, Catcher catcher, WorkflowError error)
    {
        try
        {
            var (output, assigned) = catcher.Output(Scope(position), error);
            _left = null;
            Exit(position, output, assigned, catcher.Next);
        }
        catch (WorkflowException failure)
        {
            var second = Failure(position.Id, failure);
            if (Moment.Inspection is not null)
            {
                (Moment.Inspection.Error, Moment.Inspection.CatchIndex) = (second, null);
            }

            Propagate(_positions[position.Id], second);
        }
        catch (PathException missing)
        {
            Propagate(
                position,
                new WorkflowError(WorkflowError.Runtime, Explain(position.Id, $"Invalid path '{missing.Path}' : {missing.Message}"))
            );
        }
    }

    private void Complete(Position position)
    {
        if (position.Parent < 0)
        {
            Record(
                "ExecutionSucceeded",
                position.LastEvent,
                "executionSucceededEventDetails",
                w => WriteData(w, "output", position.Output)
            );
            Remove([position]);
            _outcome = new Outcome(Outcome.Succeeded, position.Output, null);
            return;
        }

        Put(position);
        var parent = _positions[position.Parent];
        parent = parent with { Join = parent.Join! with { Finished = parent.Join.Finished + 1 } };
        Put(parent);
        Guard(parent.Id, () => ((JoiningState)StateOf(parent)).Joined(this, parent, position));
    }

    private void Propagate(Position position, WorkflowError error)
    {
        _left ??= _positions.ToImmutable().Values;
        if (position.Parent < 0)
        {
            // AWS lets the end follow event 0 where a task could not even be scheduled (seen in a history of 2022).
            var isUnscheduled =
                error.Error == WorkflowError.Runtime
                && position.LastEvent == position.EnteredEvent
                && StateOf(position) is TaskState task
                && !TaskResource.IsActivity(task.Resource);
            End(Outcome.Failed, "ExecutionFailed", "executionFailedEventDetails", isUnscheduled ? 0 : position.LastEvent, error);
            return;
        }

        var parent = _positions[position.Parent];
        Remove([position]);
        ((JoiningState)StateOf(parent)).Broken(this, parent, position, error);
    }

    private IEnumerable<Position> Descendants(int id)
    {
        var children = Positions.Where(p => p.Parent == id).ToList();
        return children.Concat(children.SelectMany(child => Descendants(child.Id)));
    }

    /// <summary>The failure as data; of an expression, an event tells of it first.</summary>
    private WorkflowError Failure(int id, WorkflowException failure)
    {
        var error = new WorkflowError(failure.Error, SpeaksForItself(failure.Error) ? failure.Message : Explain(id, failure.Message));
        if (failure.Location is not null)
        {
            var position = _positions[id];
            var recorded = Record(
                "EvaluationFailed",
                position.LastEvent,
                "evaluationFailedEventDetails",
                w =>
                {
                    WriteError(w, error);
                    w.WriteString("location", failure.Location);
                    w.WriteString("state", position.State);
                }
            );
            Put(position with { LastEvent = recorded });
        }

        return error;
    }

    /// <summary>Errors whose causes name what they are about themselves.</summary>
    private static bool SpeaksForItself(string error) =>
        error is WorkflowError.DataLimitExceeded or WorkflowError.ResultPathMatchFailure or WorkflowError.ReferencePathConflict;

    private string Explain(int id, string what)
    {
        if (Moment.Inspection is not null)
        {
            return what;
        }

        var position = _positions[id];
        return $"An error occurred while executing the state '{position.State}' (entered at the event id #{position.EnteredEvent}). {what}";
    }

    private static JsonElement Assign(JsonElement variables, JsonElement assigned)
    {
        if (assigned.ValueKind != JsonValueKind.Object)
        {
            return variables;
        }

        return Json.Merged(variables.ValueKind == JsonValueKind.Object ? variables : Json.EmptyObject, assigned);
    }
}

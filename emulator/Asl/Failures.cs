using Disa.Asl.Data;
using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>What becomes of a failure: it is retried, caught, or goes to the state above.</summary>
internal static class Failures
{
    /// <summary>Does what may fail, and lets the failure be the position's.</summary>
    public static void Guard(this Step step, int id, Action act)
    {
        WorkflowError error;
        string? failed = null;
        try
        {
            act();
            return;
        }
        catch (WorkflowException failure)
        {
            // A Map that cannot begin for an expression has failed all the same (recorded on AWS).
            failed =
                IsEntering(step.At(id)) && IsOfExpression(failure) && step.StateOf(step.At(id)) is JoiningState { Type: var type }
                    ? $"{type}StateFailed"
                    : null;
            error = Failure(step, id, failure);
        }
        catch (PathException missing)
        {
            error = new WorkflowError(WorkflowError.Runtime, Explain(step, id, $"Invalid path '{missing.Path}' : {missing.Message}"));
        }

        step.Fail(id, error, failed);
    }

    /// <summary>Retries, catches, or passes the error upwards.</summary>
    /// <param name="failed">The event that says so of a state that is not retried: AWS writes none before a retry.</param>
    public static void Fail(this Step step, int id, WorkflowError error, string? failed = null)
    {
        var position = step.At(id);
        var state = step.StateOf(position);
        if (step.Moment.Inspection is not null)
        {
            step.Moment.Inspection.Error = error;
        }

        step.Remove(step.Descendants(id));
        for (var i = 0; i < state.Retriers.Count; i++)
        {
            var rule = state.Retriers[i];
            if (!rule.ErrorEquals.Any(error.Matches))
            {
                continue;
            }

            var attempts = step.Moment.Inspection?.RetrierRetryCount ?? (position.Attempts.Count > i ? position.Attempts[i] : 0);
            if (attempts >= rule.MaxAttempts)
            {
                step.Moment.Inspection?.RetryIndex = i;
                break;
            }

            var counts = Enumerable
                .Range(0, state.Retriers.Count)
                .Select(at => position.Attempts.Count > at ? position.Attempts[at] : 0)
                .ToArray();
            counts[i]++;
            var delay = rule.Delay(attempts, step.Moment.Random);
            if (step.Moment.Inspection is { } inspection)
            {
                (inspection.RetryIndex, inspection.RetryBackoff) = (i, delay);
            }

            step.Left = null;
            step.Put(
                position with
                {
                    Phase = Phase.Retry,
                    Due = step.Moment.Now + delay,
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
            position = position with { LastEvent = step.Record(failed, position.LastEvent) };
            step.Put(position);
        }

        if (state.Catchers.FirstOrDefault(rule => rule.ErrorEquals.Any(error.Matches)) is { } catcher)
        {
            if (step.Moment.Inspection is not null)
            {
                step.Moment.Inspection.CatchIndex = state.Catchers.ToList().IndexOf(catcher);
            }

            Catch(step, position, catcher, error);
            return;
        }

        Propagate(step, position, error);
    }

    private static void Catch(Step step, Position position, Catcher catcher, WorkflowError error)
    {
        try
        {
            var (output, assigned) = catcher.Output(step.Scope(position), error);
            step.Left = null;
            step.Exit(position, output, assigned, catcher.Next);
        }
        catch (WorkflowException failure)
        {
            var second = Failure(step, position.Id, failure);
            if (step.Moment.Inspection is not null)
            {
                (step.Moment.Inspection.Error, step.Moment.Inspection.CatchIndex) = (second, null);
            }

            Propagate(step, step.At(position.Id), second);
        }
        catch (PathException missing)
        {
            Propagate(
                step,
                position,
                new WorkflowError(WorkflowError.Runtime, Explain(step, position.Id, $"Invalid path '{missing.Path}' : {missing.Message}"))
            );
        }
    }

    private static void Propagate(Step step, Position position, WorkflowError error)
    {
        step.Left ??= step.Standing;
        if (position.Parent < 0)
        {
            // AWS lets the end follow event 0 where a task could not even be scheduled (seen in a history of 2022).
            var isUnscheduled =
                error.Error == WorkflowError.Runtime
                && position.LastEvent == position.EnteredEvent
                && step.StateOf(position) is TaskState task
                && !TaskResource.IsActivity(task.Resource);
            step.End(Outcome.Failed, "ExecutionFailed", "executionFailedEventDetails", isUnscheduled ? 0 : position.LastEvent, error);
            return;
        }

        var parent = step.At(position.Parent);
        step.Remove([position]);
        ((JoiningState)step.StateOf(parent)).Broken(step, parent, position, error);
    }

    /// <summary>The failure as data; of an expression, an event tells of it first.</summary>
    private static WorkflowError Failure(Step step, int id, WorkflowException failure)
    {
        var error = new WorkflowError(failure.Error, SpeaksForItself(failure.Error) ? failure.Message : Explain(step, id, failure.Message));
        if (IsOfExpression(failure))
        {
            // On entry it follows what the entry itself followed (recorded on AWS).
            var position = step.At(id);
            var recorded = step.Record(
                "EvaluationFailed",
                IsEntering(position) && !failure.IsOfValue ? position.EnteredAfter : position.LastEvent,
                "evaluationFailedEventDetails",
                w =>
                {
                    Step.WriteError(w, error);
                    if (failure.Location is not null)
                    {
                        w.WriteString("location", failure.Location);
                    }

                    w.WriteString("state", position.State);
                }
            );
            step.Put(position with { LastEvent = recorded });
        }

        return error;
    }

    private static bool IsEntering(Position position) => position.LastEvent == position.EnteredEvent;

    private static bool IsOfExpression(WorkflowException failure) =>
        failure.Location is not null || failure.Error == WorkflowError.QueryEvaluationError;

    /// <summary>Errors whose causes name what they are about themselves.</summary>
    private static bool SpeaksForItself(string error) =>
        error is WorkflowError.DataLimitExceeded or WorkflowError.ResultPathMatchFailure or WorkflowError.ReferencePathConflict;

    private static string Explain(Step step, int id, string what)
    {
        if (step.Moment.Inspection is not null)
        {
            return what;
        }

        var position = step.At(id);
        return $"An error occurred while executing the state '{position.State}' (entered at the event id #{position.EnteredEvent}). {what}";
    }
}

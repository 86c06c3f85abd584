using System.Collections.Immutable;
using Disa.Asl.Data;
using Disa.Asl.States;

namespace Disa.Asl;

/// <summary>The language's one verb: from where an execution stands, and what happened, to what follows.</summary>
public static class Interpreter
{
    /// <summary>A history has at most 25,000 events; an execution that needs more fails.</summary>
    public const int HistoryLimit = 25_000;

    /// <summary>Room for the events of one more state and of the end.</summary>
    private const int HistoryMargin = 10;

    /// <summary>The first decision: the execution exists, before its first state.</summary>
    public static Decision Start(StateMachine machine, ExecutionFacts facts, Moment moment)
    {
        var run = new Run { Facts = facts, Due = machine.TimeoutSeconds is { } seconds ? facts.Started.AddSeconds(seconds) : null };
        var step = new Step(machine, run, moment);
        step.Record(
            "ExecutionStarted",
            0,
            "executionStartedEventDetails",
            w =>
            {
                Step.WriteData(w, "input", facts.Input);
                w.WriteString("roleArn", facts.RoleArn);
            }
        );
        step.Put(
            new Position
            {
                State = machine.Root.StartAt,
                // The execution's input is shown to the letter, a state's is not (recorded on AWS).
                Input = Json.Canonical(facts.Input),
                Variables = Json.EmptyObject,
            }
        );
        return step.Decided();
    }

    /// <summary>Ends an execution of which nothing can be decided any more: that is a fault of whoever runs it, and the execution's end.</summary>
    public static Decision Break(Run run, string cause, Moment moment)
    {
        var step = new Step(null!, run, moment); // ending asks no state
        step.End(
            Outcome.Failed,
            "ExecutionFailed",
            "executionFailedEventDetails",
            run.LastEvent,
            new WorkflowError(WorkflowError.Runtime, cause)
        );
        return step.Decided();
    }

    /// <summary>Restarts an execution that did not succeed; its timeout starts over.</summary>
    /// <param name="left">The <see cref="Decision.Left"/> of its end.</param>
    public static Decision Redrive(StateMachine machine, Run run, IEnumerable<Position> left, Moment moment)
    {
        run = run with { Due = machine.TimeoutSeconds is { } seconds ? moment.Now.AddSeconds(seconds) : null };
        var step = new Step(machine, run, moment);
        step.Redrive(left);
        return step.Decided();
    }

    /// <summary>What follows from a happening; nothing, where it comes too late to matter.</summary>
    public static Decision Decide(StateMachine machine, Run run, Happening happening, Moment moment)
    {
        var step = new Step(machine, run, moment);
        switch (happening)
        {
            case Entering(var id) when step.Find(id) is { Phase: Phase.Enter } position:
                if (run.LastEvent > HistoryLimit - HistoryMargin)
                {
                    step.End(
                        Outcome.Failed,
                        "ExecutionFailed",
                        "executionFailedEventDetails",
                        run.LastEvent,
                        new WorkflowError(
                            WorkflowError.Runtime,
                            $"The execution reached the maximum number of history events ({HistoryLimit})."
                        )
                    );
                }
                else
                {
                    step.Enter(position);
                }

                break;

            case Entering(var id) when step.Find(id) is { Phase: Phase.Redrive } position:
                step.Rerun(position);
                break;

            case TaskSucceeded(var id, var task, var output) when Running(step, id, task) is { } position:
                step.Guard(id, () => ((TaskState)step.StateOf(position)).Succeeded(step, position, output));
                break;

            case TaskStarted(var id, var task, var worker) when Running(step, id, task) is { Task.Submitted: false } position:
                TaskState.Started(step, position, worker);
                break;

            case TaskSubmitted(var id, var task, var output) when Running(step, id, task) is { } position:
                TaskState.Submitted(step, position, output);
                break;

            case TaskFailed(var id, var task, var error) when Running(step, id, task) is { } position:
                TaskState.Failed(step, position, error);
                break;

            case TaskHeartbeat(var id, var task) when Running(step, id, task) is { } position:
                TaskState.Heartbeat(step, position);
                break;

            case ItemsRead(var id, var map, var items) when Mapping(step, id, map) is { } position:
                step.Guard(id, () => ((DistributedMapState)step.StateOf(position)).Read(step, position, items));
                break;

            case MapRunEnded(var id, var map, var result, var error) when Mapping(step, id, map) is { } position:
                step.Guard(id, () => ((DistributedMapState)step.StateOf(position)).Ended(step, position, result, error));
                break;

            case JoinAnswered(var id, var result, var error) when step.Find(id) is { Phase: Phase.MapRun } position:
                step.Guard(id, () => ((DistributedMapState)step.StateOf(position)).Answered(step, position, result, error));
                break;

            case JoinAnswered(var id, var result, var error) when step.Find(id) is { Phase: Phase.Join } position:
                step.Guard(id, () => ((JoiningState)step.StateOf(position)).Answered(step, position, result, error));
                break;

            case Elapsed:
                Elapse(run, step, moment);
                break;

            case Stopped(var error, var cause) when !run.Positions.IsEmpty:
                step.End(Outcome.Aborted, "ExecutionAborted", "executionAbortedEventDetails", 0, new WorkflowError(error, cause));
                break;
        }

        return step.Decided();
    }

    private static Position? Running(Step step, int id, long task) =>
        step.Find(id) is { Phase: Phase.Task } position && position.Task!.Id == task ? position : null;

    private static Position? Mapping(Step step, int id, long map) =>
        step.Find(id) is { Phase: Phase.MapRun } position && position.Map?.Id == map ? position : null;

    private static void Elapse(Run run, Step step, Moment moment)
    {
        if (run.Due <= moment.Now)
        {
            step.End(Outcome.TimedOut, "ExecutionTimedOut", "executionTimedOutEventDetails", 0, new WorkflowError(null, null));
            return;
        }

        // One failing may remove others, or end the execution: each is looked up again.
        foreach (var id in run.Positions.Keys)
        {
            if (step.Find(id) is not { } position || !(position.Due <= moment.Now))
            {
                continue;
            }

            var state = step.StateOf(position);
            if (position.Phase == Phase.Retry)
            {
                position = position with { Due = null };
                step.Put(position);
                step.Guard(id, () => state.Run(step, position));
            }
            else
            {
                step.Guard(id, () => state.Elapsed(step, position));
            }
        }
    }
}

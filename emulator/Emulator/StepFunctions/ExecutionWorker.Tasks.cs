using System.Diagnostics.CodeAnalysis;
using Disa.Asl;
using Disa.Asl.States;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Emulator.StepFunctions.MapRuns;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.StepFunctions;

/// <summary>The worker's acts: tasks that run, and executions that others wait for.</summary>
internal sealed partial class ExecutionWorker
{
    /// <summary>Runs the tasks that the recorded positions ask for and that do not run yet.</summary>
    private void Act(ExecutionFlow flow)
    {
        foreach (var position in flow.Run!.Positions.Values)
        {
            if (position is not { Phase: Phase.Task, Task: { } task } || (task.Submitted && task.Token is not null))
            {
                continue;
            }

            if (TaskResource.IsActivity(task.Resource))
            {
                polls.Signal(task.Resource);
                continue;
            }

            lock (gate)
            {
                if (stopping.IsCancellationRequested || !flow.Running.Add((task.Id, task.Submitted)))
                {
                    continue;
                }
            }

            if (task.Submitted)
            {
                Watch(flow, position);
            }
            else
            {
                var (row, machine) = (flow.Row!, flow.Machine!);
                var busy = clock.Work("a task of a workflow");
                _ = Task.Run(() => RunTask(flow, row, machine, position, busy));
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug in an integration fails the task, not the worker.")]
    private async Task RunTask(ExecutionFlow flow, ExecutionRow row, StateMachineDocument machine, Position position, Clock.Busy busy)
    {
        using (busy)
        {
            Happening happening;
            try
            {
                happening = await tasks.Run(row, machine, position, stopping.Token).ConfigureAwait(false);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Taken up again at the next start.
                return;
            }
            catch (Exception failure)
            {
                LogTaskFailed(position.Task!.Resource, row.Arn, failure);
                happening = new TaskFailed(
                    position.Id,
                    position.Task!.Id,
                    new WorkflowError(WorkflowError.TaskFailed, "The task failed inside the emulator.")
                );
            }

            lock (gate)
            {
                flow.Running.Remove((position.Task!.Id, false));
            }

            _ = Post(flow.Id, happening);
        }
    }

    /// <summary>Waits for the execution that a <c>.sync</c> task started.</summary>
    private void Watch(ExecutionFlow flow, Position position)
    {
        var child = NestedExecution.ArnOf(position.Task!.Submission);
        lock (gate)
        {
            if (!watchers.TryGetValue(child, out var list))
            {
                watchers.Add(child, list = []);
            }

            list.Add((flow.Id, position));
            flow.Running.Remove((position.Task.Id, true));
        }

        // It may have ended before anybody watched.
        var row = database.Read(transaction => Executions.Get(transaction, child));
        if (row is null || row.Status != ExecutionRow.Running)
        {
            lock (gate)
            {
                watchers.Remove(child);
            }

            Answer(flow.Id, position, child);
        }
    }

    private void Answer(long execution, Position position, string child)
    {
        var row = database.Read(transaction => Executions.Get(transaction, child));
        _ = Post(execution, NestedExecution.Answer(position, row));
    }

    /// <summary>Map runs that begin or end with what was decided, and the one that this execution is a child of.</summary>
    private static void RecordMaps(Transaction transaction, ExecutionRow row, Recording recording)
    {
        foreach (var (arn, status) in recording.EndedMaps)
        {
            MapRuns.MapRuns.End(transaction, arn, status, recording.At);
        }

        foreach (var start in recording.Maps)
        {
            MapRuns.MapRuns.Record(transaction, row.Id, start, recording.At);
        }

        if (row.MapRun is not null && recording.Outcome is { } outcome)
        {
            MapChildren.Ended(transaction, row.Arn, outcome, recording.At);
        }
    }

    private void SignalMaps(ExecutionRow row, Recording recording)
    {
        foreach (var arn in recording.Maps.Select(start => start.Order.Arn).Concat(recording.EndedMaps.Select(ended => ended.Arn)))
        {
            maps.Signal(arn);
        }

        if (row.MapRun is not null && recording.Outcome is not null)
        {
            maps.Signal(row.MapRun);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {Resource} of {Execution} failed inside the emulator")]
    private partial void LogTaskFailed(string resource, string execution, Exception failure);
}

using System.Diagnostics.CodeAnalysis;
using Disa.Asl;
using Disa.Asl.States;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.StepFunctions;

/// <summary>What a recorded execution asks of the world: tasks that run, and executions that others wait for. Each answer is a happening of its own.</summary>
/// <param name="database">Knows whether an execution that is waited for has ended.</param>
/// <param name="tasks">Run them.</param>
/// <param name="polls">Hear of tasks for activities.</param>
/// <param name="clock">Waits for a task that runs before it moves.</param>
/// <param name="gate">The worker's: held where a flow's tasks are looked at.</param>
/// <param name="post">Lets an answer be decided.</param>
/// <param name="logger">Hears of bugs in integrations.</param>
/// <param name="stopping">Ends what runs.</param>
internal sealed partial class ExecutionTasks(
    Database database,
    TaskRunner tasks,
    Arrivals polls,
    Clock clock,
    Lock gate,
    Func<long, Happening, Task<bool>> post,
    ILogger logger,
    CancellationToken stopping
)
{
    private readonly Dictionary<string, List<(long Execution, Position Position)>> watchers = new(StringComparer.Ordinal);

    /// <summary>Runs the tasks that the recorded positions ask for and that do not run yet.</summary>
    public void Act(ExecutionFlow flow)
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
                happening = await tasks.Run(row, machine, position, stopping).ConfigureAwait(false);
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

            _ = post(flow.Id, happening);
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

    /// <summary>Tells those that wait for an execution that it has ended.</summary>
    public void Ended(string arn)
    {
        List<(long Execution, Position Position)>? watching;
        lock (gate)
        {
            watchers.Remove(arn, out watching);
        }

        foreach (var (execution, position) in watching ?? [])
        {
            Answer(execution, position, arn);
        }
    }

    private void Answer(long execution, Position position, string child)
    {
        var row = database.Read(transaction => Executions.Get(transaction, child));
        _ = post(execution, NestedExecution.Answer(position, row));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {Resource} of {Execution} failed inside the emulator")]
    private partial void LogTaskFailed(string resource, string execution, Exception failure);
}

using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record GetActivityTaskRequest
{
    public string? ActivityArn { get; init; }

    public string? WorkerName { get; init; }
}

internal sealed record GetActivityTaskResponse(string? TaskToken, string? Input);

/// <summary>Gives a worker the next task of an activity; without one it waits up to a minute.</summary>
/// <remarks>Natural key: the task's token. A task counts as taken once its execution has recorded that it is started.</remarks>
internal sealed class GetActivityTask(Database database, Activities activities, Arrivals polls, ExecutionWorker worker, Clock clock)
{
    /// <summary>"The maximum time the service holds on to the request before responding is 60 seconds" (API_GetActivityTask).</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    public async Task<GetActivityTaskResponse> Run(GetActivityTaskRequest request, Caller caller, CancellationToken cancellation)
    {
        var work = clock.Work("GetActivityTask");
        try
        {
            var arn = activities.Find(request.ActivityArn).Arn;
            if (request.WorkerName?.Length > 80)
            {
                throw StepFunctionsErrors.TooLong(request.WorkerName, "workerName", 80);
            }

            var deadline = clock.GetUtcNow() + Hold;
            while (true)
            {
                using var poll = polls.Wait(arn);
                if (await Take(arn, request.WorkerName, caller).ConfigureAwait(false) is { } task)
                {
                    return task;
                }

                if (clock.GetUtcNow() >= deadline)
                {
                    return new(null, null);
                }

                work.Dispose();
                work = await poll.Until(deadline, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            work.Dispose();
        }
    }

    private async Task<GetActivityTaskResponse?> Take(string activity, string? name, Caller caller)
    {
        while (database.Read(transaction => Next(transaction, activity, caller)) is var (token, execution, position, task))
        {
            var input = execution is null ? null : database.Read(transaction => Input(transaction, execution.Value, position, task));
            var isTaken =
                input is not null && await worker.Post(execution!.Value, new TaskStarted(position, task, name)).ConfigureAwait(false);
            await database.Write(transaction => Activities.Taken(transaction, token)).ConfigureAwait(false);
            if (isTaken)
            {
                return new(token, input);
            }
        }

        return null;
    }

    /// <summary>The execution is null where it is gone.</summary>
    private static (string Token, long? Execution, int Position, long Task)? Next(
        Transaction transaction,
        string activity,
        Caller caller
    ) =>
        Activities.Waiting(transaction, activity, 1) is not [var token] ? null
        : Executions.Token(transaction, caller.Account, token) is var (execution, position, task) ? (token, execution, position, task)
        : (token, null, 0, 0);

    private static string? Input(Transaction transaction, long execution, int position, long task) =>
        Executions.Load(transaction, execution)?.Run.Positions.GetValueOrDefault(position)?.Task is { Submitted: false } order
        && order.Id == task
            ? order.Parameters.GetRawText()
            : null;
}

using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record RedriveExecutionRequest
{
    public string? ExecutionArn { get; init; }

    public string? ClientToken { get; init; }
}

internal sealed record RedriveExecutionResponse(DateTimeOffset RedriveDate);

/// <summary>Lets an execution that did not succeed go on from the state that failed.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html</remarks>
internal sealed class RedriveExecution(Database database, StateMachines machines, ExecutionWorker worker, Clock clock)
{
    private const int TokenLimit = 64;

    /// <summary>How long an execution can be redriven.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromDays(14);

    public async Task<RedriveExecutionResponse> Run(RedriveExecutionRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.ClientToken is { Length: 0 or > TokenLimit } token)
        {
            throw StepFunctionsErrors.TooLong(token, "clientToken", TokenLimit);
        }

        return await database
            .Write(transaction =>
            {
                var row = Executions.FindStandard(transaction, request.ExecutionArn);
                if (row.Redriven is { } before && request.ClientToken is not null && Token(transaction, row) == request.ClientToken)
                {
                    return new RedriveExecutionResponse(before);
                }

                var now = clock.GetUtcNow();
                now = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMillisecond));
                var (status, reason) = Status(transaction, row, now);
                if (status != Redrivable)
                {
                    throw StepFunctionsErrors.ExecutionNotRedrivable(reason ?? $"Execution is {status} and cannot be redriven");
                }

                Begin(transaction, row, now, machines, worker);
                transaction.Execute("UPDATE stepfunctions_execution SET redrive_token = $2 WHERE id = $1", row.Id, request.ClientToken);
                return new RedriveExecutionResponse(now);
            })
            .ConfigureAwait(false);
    }

    private const string Redrivable = "REDRIVABLE";

    /// <summary>Whether an execution can be redriven, and why not.</summary>
    public static (string Status, string? Reason) Status(Transaction transaction, ExecutionRow row, DateTimeOffset now)
    {
        const string not = "NOT_REDRIVABLE";
        if (row.Status is ExecutionRow.Running or Outcome.Succeeded)
        {
            return (not, $"Execution is {row.Status} and cannot be redriven");
        }

        if (row.MapRun is not null)
        {
            return ("REDRIVABLE_BY_MAP_RUN", null);
        }

        return transaction.Number("SELECT last_event FROM stepfunctions_execution WHERE id = $1", row.Id) >= Interpreter.HistoryLimit - 1
                ? (not, "Execution history event limit exceeded")
            : now - row.Stopped > Period ? (not, "Execution redrivable period exceeded")
            : (Redrivable, null);
    }

    /// <summary>Records that an execution goes on; it does after the commit.</summary>
    public static void Begin(Transaction transaction, ExecutionRow row, DateTimeOffset now, StateMachines machines, ExecutionWorker worker)
    {
        row = Executions.Redrive(transaction, row, now);
        var (machine, run, left) = Executions.Load(transaction, row);
        var decision = Interpreter.Redrive(machines.Parsed(machine), run, left, new Moment(now, SecureRandom.Instance));
        var recording = new Recording(decision.Run, now);
        recording.Add(decision);
        Executions.Record(transaction, row.Id, recording);
        transaction.AfterCommit(() => worker.Begin(row, machine, recording));
    }

    private static string? Token(Transaction transaction, ExecutionRow row) =>
        transaction.First(
            "SELECT redrive_token FROM stepfunctions_execution WHERE id = $1",
            reader => reader.IsDBNull(0) ? null : reader.GetString(0),
            row.Id
        );
}

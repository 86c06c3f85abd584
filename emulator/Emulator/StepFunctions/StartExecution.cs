using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions;

internal sealed record StartExecutionRequest
{
    public string? StateMachineArn { get; init; }

    public string? Name { get; init; }

    public string? Input { get; init; }

    public string? TraceHeader { get; init; }
}

internal sealed record StartExecutionResponse(string ExecutionArn, DateTimeOffset StartDate);

/// <summary>Starts an execution. For STANDARD, the same name with the same input is the same execution as long as it runs.</summary>
internal sealed class StartExecution(
    Database database,
    StateMachines machines,
    StateMachineVersions versions,
    ExecutionWorker worker,
    Clock clock
)
{
    /// <summary>An EXPRESS execution lasts five minutes at most.</summary>
    private static readonly TimeSpan ExpressLimit = TimeSpan.FromMinutes(5);

    public async Task<StartExecutionResponse> Run(StartExecutionRequest request, Caller caller, CancellationToken cancellation)
    {
        var row = await Start(Traced(request, caller)).ConfigureAwait(false);
        return new(row.Arn, row.Started);
    }

    /// <summary>While telemetry is on, the execution belongs to the trace of the request that starts it.</summary>
    private static StartExecutionRequest Traced(StartExecutionRequest request, Caller caller) =>
        Telemetry.IsOn && request.TraceHeader is null ? request with { TraceHeader = caller.TraceHeader } : request;

    /// <param name="whenRecorded">Called with the row in the transaction that makes it.</param>
    public Task<ExecutionRow> Start(StartExecutionRequest request, Action<ExecutionRow>? whenRecorded = null)
    {
        versions.Find(request.StateMachineArn);
        var name = request.Name is null ? Guid.NewGuid().ToString() : StateMachines.CheckName(request.Name);
        var input = Input(request.Input);
        return database.Write(transaction =>
        {
            // Looked at again: it may have been deleted or updated meanwhile.
            var (machine, version, alias) = versions.Find(transaction, request.StateMachineArn);
            var arn = ArnOf(machine, name);
            if (Executions.Get(transaction, arn) is { } existing)
            {
                return existing.Status == ExecutionRow.Running && existing.Input == input
                    ? existing
                    : throw StepFunctionsErrors.ExecutionAlreadyExists(arn);
            }

            // Times on the wire have milliseconds: so have those that are kept.
            var now = clock.GetUtcNow();
            now = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMillisecond));
            var row = Begin(
                transaction,
                new ExecutionRow
                {
                    Arn = arn,
                    Machine = machine.Arn,
                    Name = name,
                    Revision = machine.Revision,
                    Version = version?.Arn,
                    Alias = alias?.Arn,
                    Started = now,
                    Input = input,
                    TraceHeader = request.TraceHeader,
                },
                machine,
                machines,
                worker
            );
            whenRecorded?.Invoke(row);
            return row;
        });
    }

    /// <summary>Records an execution before its first state; it goes on after the commit.</summary>
    internal static ExecutionRow Begin(
        Transaction transaction,
        ExecutionRow row,
        StateMachineDocument machine,
        StateMachines machines,
        ExecutionWorker worker
    )
    {
        row = Executions.Insert(transaction, row, machine.Scope.Account);
        var first = Interpreter.Start(
            machines.Parsed(machine),
            Executions.Facts(row, machine),
            new Moment(row.Started, SecureRandom.Instance)
        );
        if (machine.IsExpress && !(first.Run.Due <= row.Started + ExpressLimit))
        {
            first = first with { Run = first.Run with { Due = row.Started + ExpressLimit } };
        }

        var recording = new Recording(first.Run, row.Started);
        recording.Add(first);
        Executions.Record(transaction, row.Id, recording);
        transaction.AfterCommit(() => worker.Begin(row, machine, recording));
        return row;
    }

    internal static string ArnOf(StateMachineDocument machine, string name) =>
        machine.IsExpress
            ? Arn.Of("states", machine.Scope, $"express:{machine.Name}:{name}:{Guid.NewGuid()}")
            : Arn.Of("states", machine.Scope, $"execution:{machine.Name}:{name}");

    /// <summary>Nothing is the empty object; everything else must be JSON, in Jackson's words where it is not.</summary>
    internal static string Input(string? input)
    {
        if (input is null)
        {
            return "{}";
        }

        if (Encoding.UTF8.GetByteCount(input) > Json.PayloadLimit)
        {
            throw StepFunctionsErrors.TooLong("…", "input", Json.PayloadLimit);
        }

        if (string.IsNullOrWhiteSpace(input))
        {
            throw StepFunctionsErrors.InvalidExecutionInput("Invalid execution input.");
        }

        try
        {
            JsonInput.Parse(input);
            return input;
        }
        catch (JsonException failure)
        {
            throw StepFunctionsErrors.InvalidExecutionInput(JacksonWords.Of(input, failure).Message);
        }
    }
}

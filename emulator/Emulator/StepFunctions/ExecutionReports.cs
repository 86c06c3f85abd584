using System.Globalization;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.StepFunctions;

/// <summary>What others learn of executions: log lines as the machine's logging configuration says, and status changes on the bus.</summary>
/// <remarks>Best effort, as on AWS: after the record, and never in its way.</remarks>
internal sealed partial class ExecutionReports(Neighbours neighbours, Clock clock, ILogger logger)
{
    /// <summary>
    /// By execution, the report that is being written. The next one waits for it, so that the events of an execution are logged in order.
    /// </summary>
    private readonly Dictionary<long, Task> underWay = [];

    public void Recorded(ExecutionRow row, StateMachineDocument machine, Recording recording)
    {
        var lines = Lines(row, machine, recording);
        var isChange =
            neighbours.Event is not null
            && !machine.IsExpress
            && (recording.Outcome is not null || recording.Events is [{ Id: 1 } or { Type: "ExecutionRedriven" }, ..]);
        foreach (
            var entered in recording.Events.Where(e =>
                e.DetailsName == "stateEnteredEventDetails" && logger.IsEnabled(LogLevel.Information)
            )
        )
        {
            LogEntered(row.Arn, entered.Details.GetProperty("name").GetString()!);
        }

        if (recording.Outcome is { } outcome)
        {
            LogEnded(row.Arn, outcome.Status);
            Telemetry.Execution(machine.Name, row.Arn, outcome.Status, row.Started, recording.At, row.TraceHeader);
        }

        if (lines.Count > 0 || isChange)
        {
            var busy = clock.Work("a report of a workflow");
            lock (underWay)
            {
                var earlier = underWay.GetValueOrDefault(row.Id, Task.CompletedTask);
                var report = Task.Run(() => Report(row, machine, recording, lines, isChange, earlier, busy));
                underWay[row.Id] = report;
                _ = report.ContinueWith(done => Forget(row.Id, done), TaskScheduler.Default);
            }
        }
    }

    private void Forget(long execution, Task report)
    {
        lock (underWay)
        {
            if (underWay.GetValueOrDefault(execution) == report)
            {
                underWay.Remove(execution);
            }
        }
    }

    private async Task Report(
        ExecutionRow row,
        StateMachineDocument machine,
        Recording recording,
        List<(DateTimeOffset, string)> lines,
        bool isChange,
        Task earlier,
        Clock.Busy busy
    )
    {
        using (busy)
        {
            await earlier.ConfigureAwait(false);
            try
            {
                if (lines.Count > 0 && machine.LogGroup is var (scope, group))
                {
                    await neighbours.Log(scope, group, StreamOf(row, machine), lines).ConfigureAwait(false);
                }

                if (isChange)
                {
                    await neighbours
                        .Event!(machine.Scope, "aws.states", "Step Functions Execution Status Change", Change(row, recording), [row.Arn])
                        .ConfigureAwait(false);
                }
            }
            catch (Exception failure) when (failure is AwsException or ObjectDisposedException or IOException)
            {
                LogNotReported(row.Arn, failure);
            }
        }
    }

    /// <summary>The stream of all executions that a machine begins in one hour.</summary>
    /// <remarks>
    /// Executions one after the other were recorded to share a stream (localstack/localstack, stepfunctions/v2/logs/test_logs.snapshot.json,
    /// test_log_group_with_multiple_runs). How long one is used is not documented.
    /// </remarks>
    private static string StreamOf(ExecutionRow row, StateMachineDocument machine) =>
        $"states/{machine.Name}/{row.Started.UtcDateTime.ToString("yyyy-MM-dd-HH", CultureInfo.InvariantCulture)}-00/{(machine.FirstRevision ?? machine.Revision)[..8]}";

    private static List<(DateTimeOffset, string)> Lines(ExecutionRow row, StateMachineDocument machine, Recording recording)
    {
        var lines = new List<(DateTimeOffset, string)>();
        foreach (var happened in recording.Events.Where(e => IsLogged(e.Type, machine.Logging.Level)))
        {
            lines.Add(
                (
                    happened.Timestamp,
                    Json.Compact(
                        Json.Write(w =>
                        {
                            w.WriteStartObject();
                            w.WriteString("id", happened.Id.ToString(CultureInfo.InvariantCulture));
                            w.WriteString("type", happened.Type);
                            w.WriteStartObject("details");
                            foreach (
                                var detail in happened.Details.ValueKind == JsonValueKind.Object
                                    ? happened.Details.EnumerateObject()
                                    : default
                            )
                            {
                                if (
                                    machine.Logging.IncludeExecutionData == true
                                    || detail.Name is not ("input" or "inputDetails" or "output" or "outputDetails" or "parameters")
                                )
                                {
                                    detail.WriteTo(w);
                                }
                            }

                            w.WriteEndObject();
                            w.WriteString("redrive_count", row.Redrives.ToString(CultureInfo.InvariantCulture));
                            w.WriteString("previous_event_id", happened.PreviousEventId.ToString(CultureInfo.InvariantCulture));
                            w.WriteString(
                                "event_timestamp",
                                happened.Timestamp.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
                            );
                            w.WriteString("execution_arn", row.Arn);
                            w.WriteEndObject();
                        })
                    )
                )
            );
        }

        return lines;
    }

    /// <summary>Which events each level logs (Step Functions developer guide, "Log levels for execution events").</summary>
    private static bool IsLogged(string type, string? level) =>
        level switch
        {
            "ALL" => true,
            "ERROR" => type.EndsWith("Failed", StringComparison.Ordinal)
                || type.EndsWith("TimedOut", StringComparison.Ordinal)
                || type.EndsWith("Aborted", StringComparison.Ordinal)
                || type == "FailStateEntered",
            "FATAL" => type is "ExecutionAborted" or "ExecutionFailed" or "ExecutionTimedOut",
            _ => false,
        };

    private static JsonElement Change(ExecutionRow row, Recording recording) =>
        Json.Write(w =>
        {
            var outcome = recording.Outcome;
            var isSuccess = outcome?.Status == Outcome.Succeeded;
            w.WriteStartObject();
            w.WriteString("executionArn", row.Arn);
            w.WriteString("stateMachineArn", row.Machine);
            w.WriteString("name", row.Name);
            w.WriteString("status", outcome?.Status ?? ExecutionRow.Running);
            w.WriteNumber("startDate", row.Started.ToUnixTimeMilliseconds());
            Optional(w, "stopDate", outcome is null ? default : Json.Of(recording.At.ToUnixTimeMilliseconds()));
            w.WriteString("input", row.Input);
            Optional(w, "output", isSuccess ? Json.Of(outcome!.Output.GetRawText()) : default);
            Optional(w, "stateMachineVersionArn", row.Version is null ? default : Json.Of(row.Version));
            Optional(w, "stateMachineAliasArn", row.Alias is null ? default : Json.Of(row.Alias));
            w.WriteNumber("redriveCount", row.Redrives);
            Optional(w, "redriveDate", row.Redriven is { } redriven ? Json.Of(redriven.ToUnixTimeMilliseconds()) : default);
            w.WriteString("redriveStatus", outcome is null || isSuccess ? "NOT_REDRIVABLE" : "REDRIVABLE");
            Optional(
                w,
                "redriveStatusReason",
                outcome is null || isSuccess
                    ? Json.Of($"Execution is {outcome?.Status ?? ExecutionRow.Running} and cannot be redriven")
                    : default
            );
            w.WriteStartObject("inputDetails");
            w.WriteBoolean("included", true);
            w.WriteEndObject();
            Optional(w, "outputDetails", isSuccess ? JsonElement.Parse("""{"included":true}""") : default);
            Optional(w, "error", outcome?.Error?.Error is { } error ? Json.Of(error) : default);
            Optional(w, "cause", outcome?.Error?.Cause is { } cause ? Json.Of(cause) : default);
            w.WriteEndObject();
        });

    private static void Optional(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        (value.ValueKind == JsonValueKind.Undefined ? Json.Null : value).WriteTo(writer);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Execution}: in {State}")]
    private partial void LogEntered(string execution, string state);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Execution}: {Status}")]
    private partial void LogEnded(string execution, string status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Execution}: its log or its event could not be written")]
    private partial void LogNotReported(string execution, Exception failure);
}

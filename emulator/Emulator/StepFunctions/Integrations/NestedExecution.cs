using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>Executions that a workflow starts: <c>states:startExecution</c>, with <c>.sync</c> until they end.</summary>
internal static class NestedExecution
{
    /// <summary>A name that the same task always gives: run again after a crash, it finds the execution that it started.</summary>
    public static JsonElement Request(JsonElement parameters, string execution, long task) =>
        parameters.ValueKind == JsonValueKind.Object && !parameters.TryGetProperty("Name", out _)
            ? Json.With(parameters, "Name", Json.Of(TaskKey.Of(execution, task)))
            : parameters;

    public static string ArnOf(JsonElement submission) => submission.GetProperty("ExecutionArn").GetString()!;

    /// <summary>How the other execution ended, as the answer of the task that waited for it.</summary>
    public static Happening Answer(Position position, ExecutionRow? ended)
    {
        var task = position.Task!;
        if (ended is null)
        {
            return new TaskFailed(
                position.Id,
                task.Id,
                new WorkflowError("StepFunctions.ExecutionDoesNotExistException", $"Execution Does Not Exist: '{ArnOf(task.Submission)}'")
            );
        }

        // .sync:2 shows input and output as JSON, .sync as the texts that they are on the wire.
        var asJson = task.Resource.EndsWith(".sync:2", StringComparison.Ordinal);
        var description = Json.Write(w =>
        {
            w.WriteStartObject();
            Text(w, "Cause", ended.Cause);
            Text(w, "Error", ended.Error);
            w.WriteString("ExecutionArn", ended.Arn);
            Data(w, "Input", ended.Input, asJson);
            w.WriteString("Name", ended.Name);
            if (ended.Output is not null)
            {
                Data(w, "Output", ended.Output, asJson);
            }

            w.WriteNumber("RedriveCount", ended.Redrives);
            w.WriteString("RedriveStatus", ended.Status == Outcome.Succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE");
            Text(w, "RedriveStatusReason", ended.Status == Outcome.Succeeded ? "Execution is SUCCEEDED and cannot be redriven" : null);
            w.WriteNumber("StartDate", ended.Started.ToUnixTimeMilliseconds());
            w.WriteString("StateMachineArn", ended.Machine);
            w.WriteString("Status", ended.Status);
            w.WriteNumber("StopDate", ended.Stopped!.Value.ToUnixTimeMilliseconds());
            w.WriteEndObject();
        });
        return ended.Status == Outcome.Succeeded
            ? new TaskSucceeded(position.Id, task.Id, description)
            : new TaskFailed(position.Id, task.Id, new WorkflowError(WorkflowError.TaskFailed, Json.Compact(description)));
    }

    private static void Data(Utf8JsonWriter writer, string name, string data, bool asJson)
    {
        if (asJson)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(data);
        }
        else
        {
            writer.WriteString(name, data);
        }

        writer.WriteStartObject($"{name}Details");
        writer.WriteBoolean("Included", true);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}

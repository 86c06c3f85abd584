using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>The history events of a task: functions called by their ARN have names of their own.</summary>
internal static class TaskEvents
{
    public static long Scheduled(Step step, Position position, TaskOrder order, int? timeoutSeconds)
    {
        if (TaskResource.IsFunction(order.Resource))
        {
            return step.Record(
                "LambdaFunctionScheduled",
                position.LastEvent,
                "lambdaFunctionScheduledEventDetails",
                w =>
                {
                    w.WriteString("resource", order.Resource);
                    Step.WriteData(w, "input", order.Parameters);
                    Seconds(w, "timeoutInSeconds", timeoutSeconds);
                    Credentials(w, order);
                }
            );
        }

        if (TaskResource.IsActivity(order.Resource))
        {
            return step.Record(
                "ActivityScheduled",
                position.LastEvent,
                "activityScheduledEventDetails",
                w =>
                {
                    w.WriteString("resource", order.Resource);
                    Step.WriteData(w, "input", order.Parameters);
                    Seconds(w, "timeoutInSeconds", timeoutSeconds);
                    Seconds(w, "heartbeatInSeconds", order.HeartbeatSeconds);
                }
            );
        }

        return step.Record(
            "TaskScheduled",
            position.LastEvent,
            "taskScheduledEventDetails",
            w =>
            {
                Resource(w, order.Resource);
                w.WriteString("region", step.Facts.Region);
                w.WriteString("parameters", order.Parameters.GetRawText());
                Seconds(w, "timeoutInSeconds", timeoutSeconds);
                Seconds(w, "heartbeatInSeconds", order.HeartbeatSeconds);
                Credentials(w, order);
            }
        );
    }

    public static long Started(Step step, long previous, string resource) =>
        TaskResource.IsFunction(resource)
            ? step.Record("LambdaFunctionStarted", previous)
            : step.Record("TaskStarted", previous, "taskStartedEventDetails", w => Resource(w, resource));

    public static long ActivityStarted(Step step, long previous, string? worker) =>
        step.Record(
            "ActivityStarted",
            previous,
            "activityStartedEventDetails",
            w =>
            {
                if (worker is not null)
                {
                    w.WriteString("workerName", worker);
                }
            }
        );

    public static long Submitted(Step step, Position position, JsonElement output) =>
        step.Record(
            "TaskSubmitted",
            position.LastEvent,
            "taskSubmittedEventDetails",
            w =>
            {
                Resource(w, position.Task!.Resource);
                Step.WriteData(w, "output", output);
            }
        );

    public static long Succeeded(Step step, Position position, JsonElement output)
    {
        var resource = position.Task!.Resource;
        var kind = Kind(resource);
        return step.Record(
            $"{kind}Succeeded",
            position.LastEvent,
            $"{Camel(kind)}SucceededEventDetails",
            w =>
            {
                if (kind == "Task")
                {
                    Resource(w, resource);
                }

                Step.WriteData(w, "output", output);
            }
        );
    }

    public static long Failed(Step step, Position position, WorkflowError error) =>
        Ended(
            step,
            position,
            error,
            TaskResource.IsSubmitted(position.Task!.Resource) && !position.Task.Submitted ? "SubmitFailed" : "Failed"
        );

    public static long TimedOut(Step step, Position position, WorkflowError error) => Ended(step, position, error, "TimedOut");

    private static long Ended(Step step, Position position, WorkflowError error, string how)
    {
        var resource = position.Task!.Resource;
        var kind = Kind(resource);
        return step.Record(
            $"{kind}{how}",
            position.LastEvent,
            $"{Camel(kind)}{how}EventDetails",
            w =>
            {
                if (kind == "Task")
                {
                    Resource(w, resource);
                }

                Step.WriteError(w, error);
            }
        );
    }

    private static string Kind(string resource) =>
        TaskResource.IsFunction(resource) ? "LambdaFunction"
        : TaskResource.IsActivity(resource) ? "Activity"
        : "Task";

    private static string Camel(string kind) => char.ToLowerInvariant(kind[0]) + kind[1..];

    private static void Resource(Utf8JsonWriter writer, string resource)
    {
        var (type, action) = TaskResource.Split(resource);
        writer.WriteString("resourceType", type);
        writer.WriteString("resource", action);
    }

    private static void Credentials(Utf8JsonWriter writer, TaskOrder order)
    {
        if (order.RoleArn is not null)
        {
            writer.WriteStartObject("taskCredentials");
            writer.WriteString("roleArn", order.RoleArn);
            writer.WriteEndObject();
        }
    }

    private static void Seconds(Utf8JsonWriter writer, string name, int? seconds)
    {
        if (seconds is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }
}

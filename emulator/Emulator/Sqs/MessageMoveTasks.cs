using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

internal sealed record StartMessageMoveTaskRequest(string? SourceArn, string? DestinationArn);

internal sealed record StartMessageMoveTaskResult(string TaskHandle);

internal sealed record ListMessageMoveTasksRequest(string? SourceArn, int? MaxResults);

internal sealed record MessageMoveTask(
    string? TaskHandle,
    string Status,
    string SourceArn,
    string? DestinationArn,
    long ApproximateNumberOfMessagesMoved,
    long ApproximateNumberOfMessagesToMove,
    string? FailureReason,
    long StartedTimestamp
);

internal sealed record MoveTaskHandle(
    [property: JsonPropertyName("taskId")] string TaskId,
    [property: JsonPropertyName("sourceArn")] string SourceArn
);

internal sealed record ListMessageMoveTasksResult(IReadOnlyList<MessageMoveTask> Results);

/// <summary>
/// StartMessageMoveTask and ListMessageMoveTasks: brings dead letters back to where they came from, or elsewhere. Here all
/// move with one commit, so that a task is over once it is answered; a rate is not taken, and there is nothing to cancel.
/// </summary>
internal sealed class MessageMoveTasks(Database database, Queues queues, Arrivals arrivals)
{
    private readonly Shelf<MessageMoveTask> tasks = new(database, "sqs.move", SqsDocuments.Default.MessageMoveTask);

    public Task<StartMessageMoveTaskResult> Start(StartMessageMoveTaskRequest request, Caller caller, CancellationToken cancellation)
    {
        var source = Find(request.SourceArn, "SourceArn", caller);
        if (!queues.Shelf.List(source.Scope).Values.Any(queue => queue.Redrive()?.TargetArn == source.Arn))
        {
            throw SqsErrors.InvalidParameter("Source queue must be configured as a Dead Letter Queue.");
        }

        var destination = request.DestinationArn is null ? null : Find(request.DestinationArn, "DestinationArn", caller);
        if (destination?.Arn == source.Arn)
        {
            throw SqsErrors.InvalidParameter("Source queue arn can not be same as destination queue arn.");
        }

        return database.Write(transaction =>
        {
            var now = queues.Now;
            Messages.Expire(transaction, source, now);
            long moved = 0;
            string? failure = null;
            foreach (var message in Messages.Visible(transaction, source, now.ToUnixTimeMilliseconds(), int.MaxValue))
            {
                var target = destination ?? (message.DeadLetterSource is { } arn ? queues.FindByArn(arn) : null);
                if (target is null)
                {
                    failure = message.DeadLetterSource is null
                        ? "CouldNotDetermineMessageSource"
                        : "AWS.SimpleQueueService.NonExistentQueue";
                    break;
                }

                Messages.Move(transaction, message, target, null, now.ToUnixTimeMilliseconds());
                transaction.AfterCommit(() => arrivals.Signal(target.Arn));
                moved++;
            }

            var left = Messages.Count(transaction, source, now).Visible;
            // Ordered by time, newest last.
            var name = $"{source.Name}/{now.ToUnixTimeMilliseconds():D15}-{Guid.NewGuid():N}";
            tasks.Put(
                transaction,
                source.Scope,
                name,
                new MessageMoveTask(
                    null,
                    failure is null ? "COMPLETED" : "FAILED",
                    source.Arn,
                    destination?.Arn,
                    moved,
                    moved + left,
                    failure,
                    now.ToUnixTimeMilliseconds()
                )
            );
            var handle = JsonSerializer.SerializeToUtf8Bytes(
                new MoveTaskHandle(Guid.NewGuid().ToString(), source.Arn),
                SqsDocuments.Default.MoveTaskHandle
            );
            return new StartMessageMoveTaskResult(Convert.ToBase64String(handle));
        });
    }

    public ListMessageMoveTasksResult List(ListMessageMoveTasksRequest request, Caller caller)
    {
        var source = Find(request.SourceArn, "SourceArn", caller);
        if (request.MaxResults is < 1 or > 10)
        {
            throw SqsErrors.InvalidParameter($"{request.MaxResults}", "MaxResults", "MaxResults must be between 1 and 10.");
        }

        return new([
            .. tasks
                .List(source.Scope)
                .Where(entry => entry.Key.StartsWith(source.Name + "/", StringComparison.Ordinal))
                .Select(entry => entry.Value)
                .Reverse()
                .Take(request.MaxResults ?? 1),
        ]);
    }

    private Queue Find(string? arn, string parameter, Caller caller)
    {
        if (arn is null)
        {
            throw SqsErrors.Missing(parameter);
        }

        if (Arn.TryParse(arn) is not { Service: "sqs" } parsed || parsed.Scope != caller.Scope)
        {
            throw SqsErrors.InvalidParameter(
                $"You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
            );
        }

        return queues.FindByArn(arn)
            ?? throw SqsErrors.ResourceNotFound($"The resource that you specified for the {parameter} parameter doesn't exist.");
    }
}

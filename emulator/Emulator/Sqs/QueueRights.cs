using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Sqs;

/// <summary>The rights that SQS's operations need, on the queue, as its policy says, and on the key that seals its messages.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html</remarks>
internal sealed class QueueRights(Queues queues, DataKeys keys)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            ListQueuesRequest => [new("sqs:listqueues", "*") { Denied = Denied }],
            CreateQueueRequest create => [On(operation, Arn.Of("sqs", caller.Scope, create.QueueName ?? ""))],
            GetQueueUrlRequest get =>
            [
                On(
                    operation,
                    Arn.Of("sqs", caller.Scope with { Account = get.QueueOwnerAWSAccountId ?? caller.Account }, get.QueueName ?? "")
                ),
            ],
            SendMessageRequest send => ToSend(ArnOf(send.QueueUrl, caller), caller),
            SendMessageBatchRequest batch => ToSend(ArnOf(batch.QueueUrl, caller), caller),
            ReceiveMessageRequest receive => ToReceive(ArnOf(receive.QueueUrl, caller), caller),
            DeleteMessageRequest delete => [On(operation, ArnOf(delete.QueueUrl, caller))],
            DeleteMessageBatchRequest delete => [On("DeleteMessage", ArnOf(delete.QueueUrl, caller))],
            ChangeMessageVisibilityRequest change => [On(operation, ArnOf(change.QueueUrl, caller))],
            ChangeMessageVisibilityBatchRequest change => [On("ChangeMessageVisibility", ArnOf(change.QueueUrl, caller))],
            DeleteQueueRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            GetQueueAttributesRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            SetQueueAttributesRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            ListDeadLetterSourceQueuesRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            PurgeQueueRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            AddPermissionRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            RemovePermissionRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            TagQueueRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            UntagQueueRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            ListQueueTagsRequest one => [On(operation, ArnOf(one.QueueUrl, caller))],
            ListMessageMoveTasksRequest one => [On(operation, one.SourceArn)],
            StartMessageMoveTaskRequest move =>
            [
                On(operation, move.SourceArn),
                On("ReceiveMessage", move.SourceArn),
                On("DeleteMessage", move.SourceArn),
                .. move.DestinationArn is { } target ? ToSend(target, caller) : [],
            ],
            _ => null,
        };

    /// <summary>The sender needs kms:GenerateDataKey and kms:Decrypt: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html</summary>
    public IReadOnlyList<Access> ToSend(string queueArn, Caller caller) =>
        [On("SendMessage", queueArn), .. Key("GenerateDataKey", queueArn, caller), .. Key("Decrypt", queueArn, caller)];

    public IReadOnlyList<Access> ToReceive(string queueArn, Caller caller) =>
        [On("ReceiveMessage", queueArn), .. Key("Decrypt", queueArn, caller)];

    /// <summary>SQS writes its actions in small letters where it refuses.</summary>
    public Access On(string operation, string? queueArn) =>
        new("sqs:" + operation.ToLowerInvariant(), queueArn ?? "")
        {
            Policy = queues.FindByArn(queueArn ?? "")?.Set.GetValueOrDefault("Policy"),
            Denied = Denied,
        };

    public IReadOnlyDictionary<string, string> TagsOf(string arn, Caller caller) =>
        queues.FindByArn(arn)?.Tags ?? new Dictionary<string, string>();

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateQueueRequest create => (create.tags ?? new Dictionary<string, string>()).Select(tag =>
                KeyValuePair.Create<string, string?>(tag.Key, tag.Value)
            ),
            TagQueueRequest tag => (tag.Tags ?? new Dictionary<string, string>()).Select(each =>
                KeyValuePair.Create<string, string?>(each.Key, each.Value)
            ),
            UntagQueueRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    public static AwsException Denied(string message) => new("AccessDeniedException", message, 403) { QueryCode = "AccessDenied" };

    private Access[] Key(string action, string queueArn, Caller caller) =>
        queues.FindByArn(queueArn) is { KmsKey: { } name } queue
        && keys.Named(name, queue.Scope) is { } key
        && keys.Right(action, key, new Dictionary<string, string> { ["aws:sqs:arn"] = queue.Arn }, caller, "sqs") is { } access
            ? [access with { Denied = message => new("KmsAccessDenied", message) { QueryCode = "KMS.AccessDeniedException" } }]
            : [];

    private static string ArnOf(string? url, Caller caller) =>
        Queues.Place(url ?? "", caller) is var (account, name) ? Arn.Of("sqs", caller.Scope with { Account = account }, name) : "";
}

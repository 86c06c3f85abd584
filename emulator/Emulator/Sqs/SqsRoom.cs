using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

/// <summary>Amazon Simple Queue Service: queues, standard and FIFO, with dead-letter queues and long polling.</summary>
public sealed class SqsRoom : Room
{
    private readonly List<Operation> operations;
    private readonly List<IResource> resources;
    private readonly QueueRights rights;
    private readonly Queues queues;
    private readonly QueueDepths depths;

    internal SqsRoom(
        Database database,
        Clock clock,
        EmulatorEndpoint endpoint,
        DataKeys dataKeys,
        Tokens tokens,
        Authorizer authorizer,
        UsageMeter meter
    )
    {
        queues = new Queues(database, clock, endpoint, tokens);
        depths = new QueueDepths(database, queues);
        var arrivals = new Arrivals(clock, "ReceiveMessage");
        var seal = new BodySeal(dataKeys);
        rights = new QueueRights(queues, dataKeys);
        Sender = new QueueSender(database, queues, arrivals, seal, rights, authorizer, meter.Metrics);
        Reader = new QueueReader(database, queues, arrivals, seal);
        var create = new CreateQueue(database, queues);
        var set = new SetQueueAttributes(database, queues, arrivals);
        var delete = new DeleteQueue(database, queues, arrivals);
        var visibility = new ChangeMessageVisibility(database, queues, arrivals);
        var tags = new QueueTags(database, queues);
        var permissions = new QueuePermissions(database, queues, set);
        var moves = new MessageMoveTasks(database, queues, arrivals);
        var json = SqsJson.Default;
        operations =
        [
            Operation.Of("AddPermission", json.AddPermissionRequest, permissions.Add),
            Operation.Of("ChangeMessageVisibility", json.ChangeMessageVisibilityRequest, visibility.Run),
            Operation.Of(
                "ChangeMessageVisibilityBatch",
                json.ChangeMessageVisibilityBatchRequest,
                json.BatchResult,
                new ChangeMessageVisibilityBatch(database, queues, visibility).Run
            ),
            Operation.Of("CreateQueue", json.CreateQueueRequest, json.CreateQueueResult, create.Run),
            Operation.Of("DeleteMessage", json.DeleteMessageRequest, new DeleteMessage(database, queues, Reader).Run),
            Operation.Of(
                "DeleteMessageBatch",
                json.DeleteMessageBatchRequest,
                json.BatchResult,
                new DeleteMessageBatch(database, queues, Reader).Run
            ),
            Operation.Of("DeleteQueue", json.DeleteQueueRequest, delete.Run),
            Operation.Of(
                "GetQueueAttributes",
                json.GetQueueAttributesRequest,
                json.GetQueueAttributesResult,
                new GetQueueAttributes(database, queues).Run
            ),
            Operation.Of("GetQueueUrl", json.GetQueueUrlRequest, json.GetQueueUrlResult, new GetQueueUrl(queues).Run),
            Operation.Of(
                "ListDeadLetterSourceQueues",
                json.ListDeadLetterSourceQueuesRequest,
                json.ListDeadLetterSourceQueuesResult,
                new ListDeadLetterSourceQueues(queues).Run
            ),
            Operation.Of("ListMessageMoveTasks", json.ListMessageMoveTasksRequest, json.ListMessageMoveTasksResult, moves.List),
            Operation.Of("ListQueues", json.ListQueuesRequest, json.ListQueuesResult, new ListQueues(queues).Run),
            Operation.Of("ListQueueTags", json.ListQueueTagsRequest, json.ListQueueTagsResult, tags.List),
            Operation.Of("PurgeQueue", json.PurgeQueueRequest, new PurgeQueue(database, queues).Run),
            Operation.Of(
                "ReceiveMessage",
                json.ReceiveMessageRequest,
                json.ReceiveMessageResult,
                new ReceiveMessage(queues, Reader, clock).Run,
                waits: true
            ),
            Operation.Of("RemovePermission", json.RemovePermissionRequest, permissions.Remove),
            Operation.Of(
                "SendMessage",
                json.SendMessageRequest,
                json.SendMessageResult,
                new SendMessage(database, queues, Sender, meter).Run
            ),
            Operation.Of(
                "SendMessageBatch",
                json.SendMessageBatchRequest,
                json.SendMessageBatchResult,
                new SendMessageBatch(database, queues, Sender).Run
            ),
            Operation.Of("SetQueueAttributes", json.SetQueueAttributesRequest, set.Run),
            Operation.Of("StartMessageMoveTask", json.StartMessageMoveTaskRequest, json.StartMessageMoveTaskResult, moves.Start),
            Operation.Of("TagQueue", json.TagQueueRequest, tags.Tag),
            Operation.Of("UntagQueue", json.UntagQueueRequest, tags.Untag),
        ];
        resources =
        [
            new QueueResource(database, queues, create, delete, arrivals),
            new QueuePolicyResource(database, queues, set),
            new QueuePolicyResource(database, queues, set, isInline: true),
        ];
    }

    public static IReadOnlyList<Migration> Migrations => Messages.Migrations;

    /// <summary>For services that deliver to queues.</summary>
    public QueueSender Sender { get; }

    /// <summary>What polling a queue asks of whoever does: to receive, to delete and to look at it.</summary>
    internal IEnumerable<Access> ToPoll(string queueArn, Caller caller) =>
        [.. rights.ToReceive(queueArn, caller), rights.On("DeleteMessage", queueArn), rights.On("GetQueueAttributes", queueArn)];

    /// <summary>For services that poll queues.</summary>
    public QueueReader Reader { get; }

    public override IEnumerable<IResource> Resources => resources;

    internal override Access? Existing(string arn, Caller caller) => Arn.TryParse(arn) is { Service: "sqs" } ? rights.On("", arn) : null;

    public override IEnumerable<AwsService> Services =>
        [
            new AwsService("sqs", operations)
            {
                SdkName = "sqs",
                SdkErrorPrefix = "Sqs",
                Protocols = Protocols.Json | Protocols.Query,
                TargetPrefix = "AmazonSQS",
                IsQueryCompatible = true,
                Known = [.. operations.Select(operation => operation.Name), "CancelMessageMoveTask"],
                Rights = rights.Of,
                TagsOf = rights.TagsOf,
                TagsIn = QueueRights.TagsIn,
                Denied = QueueRights.Denied,
                ErrorTypePrefix = "com.amazonaws.sqs#",
                XmlNamespace = "http://queue.amazonaws.com/doc/2012-11-05/",
                Flattened = new Dictionary<string, string>
                {
                    ["ActionName"] = "Actions",
                    ["Attribute"] = "Attributes",
                    ["AttributeName"] = "AttributeNames",
                    ["AWSAccountId"] = "AWSAccountIds",
                    ["BatchResultErrorEntry"] = "Failed",
                    ["ChangeMessageVisibilityBatch.ChangeMessageVisibilityBatchResultEntry"] = "Successful",
                    ["ChangeMessageVisibilityBatchRequestEntry"] = "Entries",
                    ["CreateQueue.Tag"] = "tags",
                    ["DeleteMessageBatch.DeleteMessageBatchResultEntry"] = "Successful",
                    ["DeleteMessageBatchRequestEntry"] = "Entries",
                    ["ListDeadLetterSourceQueues.QueueUrl"] = "queueUrls",
                    ["ListMessageMoveTasks.ListMessageMoveTasksResultEntry"] = "Results",
                    ["ListQueues.QueueUrl"] = "QueueUrls",
                    ["Message"] = "Messages",
                    ["MessageAttribute"] = "MessageAttributes",
                    ["MessageAttributeName"] = "MessageAttributeNames",
                    ["MessageSystemAttribute"] = "MessageSystemAttributes",
                    ["MessageSystemAttributeName"] = "MessageSystemAttributeNames",
                    ["SendMessageBatch.SendMessageBatchResultEntry"] = "Successful",
                    ["SendMessageBatchRequestEntry"] = "Entries",
                    ["Tag"] = "Tags",
                    ["TagKey"] = "TagKeys",
                },
            },
        ];

    /// <summary>What is in each queue that is not empty.</summary>
    internal IReadOnlyList<Gauge> Gauges(Transaction transaction) => depths.Gauges(transaction);

    public override void Reset(Transaction transaction, string account) => Messages.Reset(transaction, account);

    public override ValueTask DisposeAsync()
    {
        depths.Dispose();
        return base.DisposeAsync();
    }
}

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

/// <summary>AWS::SQS::Queue. Ref is the URL.</summary>
internal sealed class QueueResource(Database database, Queues queues, CreateQueue create, DeleteQueue delete, Arrivals arrivals) : IResource
{
    private static readonly string[] OfTheQueue =
    [
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "DelaySeconds",
        "FifoThroughputLimit",
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    ];

    public string Type => "AWS::SQS::Queue";

    public ResourceActions? Actions => new("sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:DeleteQueue");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        OfTheQueue
            .Append("Tags")
            .Select(name => (name, new PropertyRule()))
            .Append(("QueueName", new(UpdateType.Replacement)))
            .Append(("FifoQueue", new(UpdateType.Replacement)))
            .ToDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "QueueName", "QueueUrl"];

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var fifo = string.Equals(TemplateText.Of(request.Properties, "FifoQueue"), "true", StringComparison.OrdinalIgnoreCase);
        var name =
            TemplateText.Of(request.Properties, "QueueName") ?? (fifo ? request.GenerateName(75) + ".fifo" : request.GenerateName(80));
        var attributes = Wanted(request.Properties);
        if (fifo)
        {
            attributes["FifoQueue"] = "true";
        }

        var queue = await create
            .Create(new(name, attributes, TemplateText.Tags(request)), request.Caller.Scope, request.Token)
            .ConfigureAwait(false);
        return State(queue);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Wanted(request.Properties);
        var tags = TemplateText.Tags(request);
        QueueTags.Check(tags);
        return State(
            await database
                .Write(transaction =>
                {
                    var current = Find(request) is { } found ? queues.Find(transaction, found) : throw SqsErrors.QueueDoesNotExist();
                    // From nothing, so that a property that the template no longer sets returns to its default; the policy is another resource's.
                    var kept = current.Set.Where(entry => entry.Key is "Policy" or "FifoQueue").ToDictionary();
                    var changed = current with
                    {
                        Set = QueueAttributes.Apply(kept, wanted, current.Name),
                        Tags = tags,
                        Modified = queues.Now,
                    };
                    DeadLetterQueues.CheckTarget(transaction, queues, changed);
                    queues.Shelf.Put(transaction, changed.Scope, changed.Name, changed);
                    transaction.AfterCommit(() => arrivals.Signal(changed.Arn));
                    return changed;
                })
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        Find(request) is { } queue ? delete.Delete(queue) : Task.CompletedTask;

    private Queue? Find(ResourceRequest request) =>
        request.PhysicalId?.Split('/') is [.., var account, var name]
            ? queues.Shelf.Get(new Scope(account, request.Caller.Region), name)
            : null;

    private static Dictionary<string, string> Wanted(JsonElement properties) =>
        OfTheQueue
            .Select(name => (name, TemplateText.Of(properties, name)))
            .Where(entry => entry.Item2 is not null)
            .ToDictionary(entry => entry.name, entry => entry.Item2!, StringComparer.Ordinal);

    private ResourceState State(Queue queue) =>
        ResourceState.Of(queues.Url(queue), ("Arn", queue.Arn), ("QueueName", queue.Name), ("QueueUrl", queues.Url(queue)));
}

using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record CreateQueueRequest(
    string? QueueName,
    IReadOnlyDictionary<string, string>? Attributes,
    IReadOnlyDictionary<string, string>? tags
);

internal sealed record CreateQueueResult(string QueueUrl);

/// <summary>Makes a queue; the same name with the same attributes again is the same queue.</summary>
internal sealed class CreateQueue(Database database, Queues queues)
{
    private static readonly TimeSpan NameRest = TimeSpan.FromSeconds(60);

    public async Task<CreateQueueResult> Run(CreateQueueRequest request, Caller caller, CancellationToken cancellation) =>
        new(queues.Url(await Create(request, caller.Scope, null).ConfigureAwait(false)));

    /// <param name="token">CloudFormation's step: a queue that an earlier try of the same step made is its own, any other is a conflict.</param>
    public Task<Queue> Create(CreateQueueRequest request, Scope scope, string? token)
    {
        var name = request.QueueName;
        if (name is null)
        {
            throw SqsErrors.Missing("QueueName");
        }

        var attributes = QueueAttributes.Normalized(request.Attributes ?? new Dictionary<string, string>());
        CheckName(name, attributes.GetValueOrDefault("FifoQueue") == "true");
        QueueTags.Check(request.tags);
        var set = QueueAttributes.Apply(new Dictionary<string, string>(), attributes, name);
        return database.Write(transaction =>
        {
            if (queues.Shelf.Get(transaction, scope, name) is { } existing)
            {
                return Same(existing, attributes, token);
            }

            var now = queues.Now;
            if (queues.Deleted.Get(transaction, scope, name) is { } deleted && now - deleted.At < NameRest)
            {
                throw SqsErrors.QueueDeletedRecently();
            }

            var queue = new Queue
            {
                Name = name,
                Account = scope.Account,
                Region = scope.Region,
                Set = set,
                Tags = request.tags ?? new Dictionary<string, string>(),
                Created = now,
                Modified = now,
                CreationToken = token,
            };
            DeadLetterQueues.CheckTarget(transaction, queues, queue);
            queues.Shelf.Put(transaction, scope, name, queue);
            queues.Deleted.Remove(transaction, scope, name);
            return queue;
        });
    }

    /// <summary>Only the attributes that were given are compared (recorded on AWS 2022-08-04).</summary>
    private static Queue Same(Queue existing, IReadOnlyDictionary<string, string> attributes, string? token)
    {
        if (token is not null)
        {
            return existing.CreationToken == token
                ? existing
                : throw new AwsException(
                    "AlreadyExists",
                    $"Resource of type 'AWS::SQS::Queue' with identifier '{existing.Name}' already exists."
                );
        }

        var described = QueueAttributes.Describe(existing);
        foreach (var (name, value) in attributes)
        {
            if (described.GetValueOrDefault(name, "") != value)
            {
                throw SqsErrors.QueueNameExists(name);
            }
        }

        return existing;
    }

    private static void CheckName(string name, bool fifo)
    {
        var stem = fifo && name.EndsWith(".fifo", StringComparison.Ordinal) ? name[..^5] : name;
        if (fifo && stem.Length == name.Length)
        {
            throw SqsErrors.InvalidParameter(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
            );
        }

        if (stem.Length == 0 || name.Length > 80 || !stem.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw SqsErrors.InvalidParameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

/// <summary>Sends messages to queues: SendMessage's own way, and the one of services that deliver to a queue.</summary>
public sealed class QueueSender
{
    private static readonly TimeSpan DeduplicationWindow = TimeSpan.FromMinutes(5);

    private readonly Database database;
    private readonly Queues queues;
    private readonly Arrivals arrivals;
    private readonly BodySeal seal;
    private readonly QueueRights rights;
    private readonly Authorizer authorizer;
    private readonly ServiceMetrics metrics;

    internal QueueSender(
        Database database,
        Queues queues,
        Arrivals arrivals,
        BodySeal seal,
        QueueRights rights,
        Authorizer authorizer,
        ServiceMetrics metrics
    )
    {
        this.metrics = metrics;
        this.rights = rights;
        this.authorizer = authorizer;
        this.database = database;
        this.queues = queues;
        this.arrivals = arrivals;
        this.seal = seal;
    }

    /// <summary>Whether there is such a queue.</summary>
    public bool Exists(string queueArn) => queues.FindByArn(queueArn) is not null;

    /// <summary>Sends and answers the message's id once it is durable.</summary>
    /// <exception cref="AwsException">QueueDoesNotExist, InvalidParameterValue and what else SendMessage answers.</exception>
    public async Task<string> Send(
        string queueArn,
        string body,
        IReadOnlyDictionary<string, MessageAttribute>? attributes,
        Caller caller,
        string? groupId = null,
        string? deduplicationId = null
    )
    {
        var prepared = await Prepare(queueArn, body, attributes, caller, groupId, deduplicationId).ConfigureAwait(false);
        return await database.Write(transaction => Enqueue(transaction, prepared)).ConfigureAwait(false);
    }

    /// <summary>
    /// Checks and seals a message, to be enqueued in the same transaction that records its delivery: then it arrives exactly once.
    /// </summary>
    public async Task<PreparedMessage> Prepare(
        string queueArn,
        string body,
        IReadOnlyDictionary<string, MessageAttribute>? attributes,
        Caller caller,
        string? groupId = null,
        string? deduplicationId = null
    )
    {
        var entry = new SendMessageEntry
        {
            MessageBody = body,
            MessageAttributes = attributes,
            MessageGroupId = groupId,
            MessageDeduplicationId = deduplicationId,
        };
        return Prepare(await Admit(queueArn, caller).ConfigureAwait(false), entry);
    }

    /// <summary>Looks once, for all messages of a request, whether a service may send to a queue, and gets the key that seals them.</summary>
    /// <exception cref="AwsException">QueueDoesNotExist, AccessDenied, KMS's.</exception>
    internal async Task<SendPermit> Admit(string queueArn, Caller caller)
    {
        foreach (var access in rights.ToSend(queueArn, caller))
        {
            authorizer.Require(caller, access, access.Denied!);
        }

        var queue = queues.FindByArn(queueArn) ?? throw SqsErrors.QueueDoesNotExist();
        return new SendPermit(queue, caller, await seal.Key(queue, caller).ConfigureAwait(false));
    }

    /// <summary>Whether a prepared message's queue is still there.</summary>
    internal bool Exists(Transaction transaction, PreparedMessage message) =>
        queues.Shelf.Get(transaction, message.Queue.Scope, message.Queue.Name) is not null;

    /// <summary>Puts a prepared message into its queue and answers its id.</summary>
    public string Enqueue(Transaction transaction, PreparedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Put(transaction, message).MessageId;
    }

    internal async Task<PreparedMessage> Prepare(Queue queue, SendMessageEntry entry, Caller caller)
    {
        Check(queue, entry);
        return Seal(new SendPermit(queue, caller, await seal.Key(queue, caller).ConfigureAwait(false)), entry);
    }

    /// <exception cref="AwsException">InvalidParameterValue and what else SendMessage answers.</exception>
    internal static PreparedMessage Prepare(SendPermit permit, SendMessageEntry entry)
    {
        Check(permit.Queue, entry);
        return Seal(permit, entry);
    }

    private static PreparedMessage Seal(SendPermit permit, SendMessageEntry entry)
    {
        var queue = permit.Queue;
        var deduplicationId = queue.Fifo
            ? entry.MessageDeduplicationId ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entry.MessageBody!)))
            : null;
        var (body, envelope) = permit.Key.Seal(entry.MessageBody!);
        return new PreparedMessage(
            queue,
            new StoredMessage
            {
                MessageId = Guid.NewGuid().ToString(),
                Body = body,
                Envelope = envelope,
                Attributes = entry.MessageAttributes is { Count: > 0 } attributes ? attributes : null,
                Sent = 0,
                Visible = entry.DelaySeconds ?? queue.DelaySeconds,
                GroupId = entry.MessageGroupId,
                DeduplicationId = deduplicationId,
                Sender = permit.Caller.UserId,
                TraceHeader = entry.MessageSystemAttributes?.GetValueOrDefault("AWSTraceHeader")?.StringValue ?? permit.Caller.TraceHeader,
            }
        );
    }

    /// <summary>The message's id and, in a FIFO queue, its sequence number: those of the first where it is a duplicate.</summary>
    internal (string MessageId, string? Sequence) Put(Transaction transaction, PreparedMessage prepared)
    {
        var queue = queues.Find(transaction, prepared.Queue);
        var now = queues.Now;
        var message = prepared.Message with
        {
            Sent = now.ToUnixTimeMilliseconds(),
            Visible = now.AddSeconds(prepared.Message.Visible).ToUnixTimeMilliseconds(),
        };
        var key = queue.DeduplicatesByGroup ? $"{message.GroupId}/{message.DeduplicationId}" : message.DeduplicationId;
        if (queue.Fifo && Messages.FindDuplicate(transaction, queue, key!, message.Sent) is var (firstId, sequence))
        {
            return (firstId, sequence);
        }

        var id = Messages.Insert(transaction, queue, message);
        transaction.AfterCommit(() =>
        {
            arrivals.Signal(queue.Arn);
            metrics.Add(queue.Metric("NumberOfMessagesSent"));
        });
        if (!queue.Fifo)
        {
            return (message.MessageId, null);
        }

        Messages.RememberDuplicate(
            transaction,
            queue,
            key!,
            message.MessageId,
            StoredMessage.Sequence(id),
            (now + DeduplicationWindow).ToUnixTimeMilliseconds()
        );
        return (message.MessageId, StoredMessage.Sequence(id));
    }

    private static void Check(Queue queue, SendMessageEntry entry)
    {
        CheckParameters(queue, entry);
        MessageBody.Check(entry.MessageBody, entry.MessageAttributes, queue);
    }

    private static void CheckParameters(Queue queue, SendMessageEntry entry)
    {
        if (entry.DelaySeconds is { } delay)
        {
            if (queue.Fifo && delay != queue.DelaySeconds)
            {
                throw SqsErrors.InvalidParameter(
                    $"{delay}",
                    "DelaySeconds",
                    "The request include parameter that is not valid for this queue type."
                );
            }

            if (delay is < 0 or > 900)
            {
                throw SqsErrors.InvalidParameter($"{delay}", "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
            }
        }

        if (queue.Fifo)
        {
            if (string.IsNullOrEmpty(entry.MessageGroupId))
            {
                throw SqsErrors.Missing("MessageGroupId");
            }

            if (entry.MessageDeduplicationId is null && !queue.ContentBasedDeduplication)
            {
                throw SqsErrors.NoDeduplication();
            }
        }
        else if (entry.MessageDeduplicationId is { } id)
        {
            throw SqsErrors.InvalidParameter(
                id,
                "MessageDeduplicationId",
                "The request includes a parameter that is not valid for this queue type."
            );
        }

        CheckId(entry.MessageGroupId, "MessageGroupId");
        CheckId(entry.MessageDeduplicationId, "MessageDeduplicationId");
        foreach (var (name, attribute) in entry.MessageSystemAttributes ?? new Dictionary<string, MessageAttribute>())
        {
            if (name != "AWSTraceHeader" || attribute.DataType != "String" || attribute.StringValue is null)
            {
                throw SqsErrors.InvalidParameter(
                    $"Message system attribute name '{name}' is invalid. Valid is AWSTraceHeader, of type String."
                );
            }
        }
    }

    private static void CheckId(string? id, string parameter)
    {
        if (id is not null && (id.Length is 0 or > 128 || !id.All(letter => letter is > ' ' and <= '~')))
        {
            throw SqsErrors.InvalidParameter(
                id,
                parameter,
                $"{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
            );
        }
    }
}

/// <summary>Who may send to which queue, and what seals the messages, within one request.</summary>
internal sealed record SendPermit(Queue Queue, Caller Caller, BodyKey Key);

/// <summary>A message that is checked and sealed, ready to be put in its queue.</summary>
public sealed class PreparedMessage
{
    internal PreparedMessage(Queue queue, StoredMessage message)
    {
        Queue = queue;
        Message = message;
    }

    internal Queue Queue { get; }

    /// <summary>As it will be stored, but for the times: <see cref="StoredMessage.Visible"/> is the delay in seconds here.</summary>
    internal StoredMessage Message { get; }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

/// <summary>A message as a receiver has it, for as long as its visibility timeout runs.</summary>
/// <param name="SystemAttributes">All of them: SenderId, SentTimestamp, ApproximateReceiveCount, …</param>
public sealed record ReceivedMessage(
    string MessageId,
    string ReceiptHandle,
    string Body,
    string Md5OfBody,
    IReadOnlyDictionary<string, MessageAttribute>? Attributes,
    IReadOnlyDictionary<string, string> SystemAttributes
);

/// <summary>Receives and deletes: ReceiveMessage's own way, and the one of services that poll a queue (Lambda's event source mapping).</summary>
public sealed class QueueReader
{
    private readonly Database database;
    private readonly Queues queues;
    private readonly Arrivals arrivals;
    private readonly BodySeal seal;

    internal QueueReader(Database database, Queues queues, Arrivals arrivals, BodySeal seal)
    {
        this.database = database;
        this.queues = queues;
        this.arrivals = arrivals;
        this.seal = seal;
    }

    public bool Exists(string queueArn) => queues.FindByArn(queueArn) is not null;

    /// <summary>The queue's visibility timeout in seconds: a mapping's function must not run longer.</summary>
    /// <exception cref="AwsException">QueueDoesNotExist.</exception>
    public int VisibilityTimeout(string queueArn) => Find(queueArn).VisibilityTimeout;

    /// <summary>
    /// Calls <paramref name="signal"/> after each commit that may have made a message receivable. Timeouts that run out by
    /// themselves signal nothing: ask <see cref="NextVisible"/>.
    /// </summary>
    public IDisposable Subscribe(string queueArn, Action signal) => arrivals.Subscribe(queueArn, signal);

    /// <summary>When the next message that is delayed or in flight becomes visible by itself; null where there is none.</summary>
    public DateTimeOffset? NextVisible(string queueArn)
    {
        var queue = Find(queueArn);
        var now = queues.Now.ToUnixTimeMilliseconds();
        return database.Read(transaction => Messages.NextVisible(transaction, queue, now)) is { } next
            ? DateTimeOffset.FromUnixTimeMilliseconds(next)
            : null;
    }

    /// <summary>Takes up to <paramref name="limit"/> messages at once, without a wait.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> Receive(string queueArn, int limit, TimeSpan? visibilityTimeout = null)
    {
        var queue = Find(queueArn);
        return await Take(queue, limit, visibilityTimeout is { } span ? (int)span.TotalSeconds : null).ConfigureAwait(false);
    }

    /// <summary>Deletes messages that were received, all in one commit; those that are gone already are no error.</summary>
    public Task Delete(string queueArn, IReadOnlyCollection<string> receiptHandles)
    {
        var queue = Find(queueArn);
        return database.Write(transaction =>
        {
            foreach (var handle in receiptHandles)
            {
                Delete(transaction, queue, queues.Handles.Parse(queue, handle), handle);
            }
        });
    }

    /// <summary>Makes messages that were received visible again after a time from now: at once, to give them back.</summary>
    public Task ChangeVisibility(string queueArn, IReadOnlyCollection<string> receiptHandles, TimeSpan timeout)
    {
        var queue = Find(queueArn);
        return database.Write(transaction =>
        {
            foreach (var handle in receiptHandles)
            {
                var parsed = queues.Handles.Parse(queue, handle);
                if (Messages.Find(transaction, queue, parsed.Id) is { } message && message.Receipt == parsed.Receipt)
                {
                    Messages.SetVisible(transaction, message.Id, (queues.Now + timeout).ToUnixTimeMilliseconds());
                }
            }

            transaction.AfterCommit(() => arrivals.Signal(queue.Arn));
        });
    }

    internal async Task<IReadOnlyList<ReceivedMessage>> Receive(
        Queue queue,
        int limit,
        int? visibilityTimeout,
        TimeSpan wait,
        Clock.Busy busy,
        CancellationToken cancellation
    )
    {
        var deadline = queues.Now + wait;
        var work = busy;
        try
        {
            while (true)
            {
                // Made before looking, so that what arrives in between wakes it.
                using var waiter = arrivals.Wait(queue.Arn);
                var messages = await Take(queue, limit, visibilityTimeout).ConfigureAwait(false);
                var now = queues.Now;
                if (messages.Count > 0 || now >= deadline)
                {
                    return messages;
                }

                var next = database.Read(transaction => Messages.NextVisible(transaction, queue, now.ToUnixTimeMilliseconds()));
                var due =
                    next is { } time && DateTimeOffset.FromUnixTimeMilliseconds(time) < deadline
                        ? DateTimeOffset.FromUnixTimeMilliseconds(time)
                        : deadline;
                var waiting = waiter.Until(due, cancellation);
                work.Dispose();
                work = await waiting.ConfigureAwait(false);
            }
        }
        finally
        {
            work.Dispose();
        }
    }

    /// <summary>
    /// Standard: the latest receive's handle deletes, an older one does nothing and is not an error. FIFO: a handle whose
    /// timeout has run out is an error (recorded on AWS 2023-05-06).
    /// </summary>
    internal void Delete(Transaction transaction, Queue queue, ReceiptHandle handle, string text)
    {
        if (Messages.Find(transaction, queue, handle.Id) is not { } message)
        {
            return;
        }

        if (queue.Fifo && (message.Receipt != handle.Receipt || message.Visible <= queues.Now.ToUnixTimeMilliseconds()))
        {
            throw SqsErrors.InvalidParameter(text, "ReceiptHandle", "The receipt handle has expired.");
        }

        if (message.Receipt == handle.Receipt)
        {
            Messages.Delete(transaction, message.Id);
            if (queue.Fifo)
            {
                // The group's next one can be received now.
                transaction.AfterCommit(() => arrivals.Signal(queue.Arn));
            }
        }
    }

    private Queue Find(string queueArn) => queues.FindByArn(queueArn) ?? throw SqsErrors.QueueDoesNotExist();

    private async Task<IReadOnlyList<ReceivedMessage>> Take(Queue queue, int limit, int? visibilityTimeout)
    {
        // Reading first spares a commit where there is nothing: a waiter looks often.
        var before = queues.Now.ToUnixTimeMilliseconds();
        if (database.Read(transaction => Messages.Visible(transaction, queue, before, 1).Count) == 0)
        {
            return queues.Shelf.Get(queue.Scope, queue.Name) is null ? throw SqsErrors.QueueDoesNotExist() : [];
        }

        var taken = await database
            .Write(transaction => Take(transaction, queues.Find(transaction, queue), limit, visibilityTimeout))
            .ConfigureAwait(false);
        return
        [
            .. taken.Select(message =>
            {
                var body = seal.Open(message, queue);
                return new ReceivedMessage(
                    message.MessageId,
                    queues.Handles.Text(queue, new ReceiptHandle(message.Id, message.Receipt!)),
                    body,
                    MessageBody.Md5(body),
                    message.Attributes,
                    ReceiveMessage.Describe(message, queue)
                );
            }),
        ];
    }

    private List<StoredMessage> Take(Transaction transaction, Queue queue, int limit, int? visibilityTimeout)
    {
        var time = queues.Now;
        var now = time.ToUnixTimeMilliseconds();
        Messages.Expire(transaction, queue, time);
        // AWS: 120,000 in flight in a standard queue, 20,000 in a FIFO queue.
        if (Messages.InFlight(transaction, queue, now) >= (queue.Fifo ? 20_000 : 120_000))
        {
            throw SqsErrors.OverLimit();
        }

        var redrive = queue.Redrive();
        var deadLetters = redrive is null ? null : queues.FindByArn(redrive.Value.TargetArn);
        var visible = time.AddSeconds(visibilityTimeout ?? queue.VisibilityTimeout).ToUnixTimeMilliseconds();
        var taken = new List<StoredMessage>();
        while (taken.Count < limit)
        {
            var wanted = limit - taken.Count;
            var found = queue.Fifo
                ? Messages.VisibleInOrder(transaction, queue, now, limit)
                : Messages.Visible(transaction, queue, now, wanted);
            found.RemoveAll(message => taken.Exists(other => other.Id == message.Id));
            if (found.Count == 0)
            {
                break;
            }

            var moved = false;
            foreach (var message in found.Take(wanted))
            {
                if (deadLetters is not null && message.ReceiveCount >= redrive!.Value.MaxReceiveCount)
                {
                    Messages.Move(transaction, message, deadLetters, queue.Arn, now);
                    transaction.AfterCommit(() => arrivals.Signal(deadLetters.Arn));
                    moved = true;
                    continue;
                }

                var receipt = Guid.NewGuid().ToString("N");
                Messages.MarkReceived(transaction, message, receipt, now, visible);
                taken.Add(
                    message with
                    {
                        Receipt = receipt,
                        ReceiveCount = message.ReceiveCount + 1,
                        FirstReceived = message.FirstReceived ?? now,
                    }
                );
            }

            if (!moved)
            {
                break;
            }
        }

        return taken;
    }
}

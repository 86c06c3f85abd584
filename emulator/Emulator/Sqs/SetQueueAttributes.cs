using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

internal sealed record SetQueueAttributesRequest(string? QueueUrl, IReadOnlyDictionary<string, string>? Attributes);

/// <summary>Changes attributes of a queue; effective at once, where AWS takes up to a minute.</summary>
internal sealed class SetQueueAttributes(Database database, Queues queues, Arrivals arrivals)
{
    public Task Run(SetQueueAttributesRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "SetQueueAttributes");
        var attributes = request.Attributes ?? throw SqsErrors.Missing("Attributes");
        return database.Write(transaction => Set(transaction, queue, attributes));
    }

    public Queue Set(Transaction transaction, Queue queue, IReadOnlyDictionary<string, string> attributes)
    {
        var current = queues.Find(transaction, queue);
        var changed = current with { Set = QueueAttributes.Apply(current.Set, attributes, current.Name), Modified = queues.Now };
        DeadLetterQueues.CheckTarget(transaction, queues, changed);
        queues.Shelf.Put(transaction, changed.Scope, changed.Name, changed);
        transaction.AfterCommit(() => arrivals.Signal(changed.Arn));
        return changed;
    }
}

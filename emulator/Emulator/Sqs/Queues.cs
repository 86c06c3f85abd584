using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

/// <summary>The queues by name, and their URLs.</summary>
internal sealed class Queues(Database database, Clock clock, EmulatorEndpoint endpoint, Tokens tokens)
{
    private readonly Shelf<Queue> shelf = new(database, "sqs.queue", SqsDocuments.Default.Queue);
    private readonly Shelf<DeletedQueue> deleted = new(database, "sqs.deleted", SqsDocuments.Default.DeletedQueue);

    public Shelf<Queue> Shelf => shelf;

    /// <summary>When queues of these names were deleted: a name is free again after 60 seconds.</summary>
    public Shelf<DeletedQueue> Deleted => deleted;

    public ReceiptHandles Handles { get; } = new(tokens);

    public Listings Lists { get; } = new(tokens, "sqs", () => SqsErrors.InvalidParameter("Invalid or expired next token."));

    public DateTimeOffset Now => clock.GetUtcNow();

    public string Url(Queue queue) => $"{endpoint.Uri.ToString().TrimEnd('/')}/{queue.Account}/{queue.Name}";

    public Queue? FindByArn(string arn) => Arn.TryParse(arn) is { Service: "sqs" } parsed ? shelf.Get(parsed.Scope, parsed.Resource) : null;

    /// <summary>The queue that a URL names; host and port are not looked at, so that a URL outlives a change of port.</summary>
    /// <exception cref="AwsException">MissingParameter, InvalidAddress, QueueDoesNotExist, AccessDenied.</exception>
    public Queue Find(string? url, Caller caller, string operation)
    {
        if (string.IsNullOrEmpty(url))
        {
            throw SqsErrors.Missing("QueueUrl");
        }

        if (Place(url, caller) is not var (account, name))
        {
            throw SqsErrors.InvalidAddress(url);
        }

        var queue = shelf.Get(new Scope(account, caller.Region), name) ?? throw SqsErrors.QueueDoesNotExist();
        return account == caller.Account || queue.Set.ContainsKey("Policy")
            ? queue
            : throw SqsErrors.AccessDenied("sqs:" + operation.ToLowerInvariant(), queue.Arn);
    }

    /// <summary>The account and the name that a queue's URL holds; a bare name is taken for the caller's own (recorded on AWS).</summary>
    public static (string Account, string Name)? Place(string url, Caller caller) =>
        url.TrimEnd('/').Split('/') switch
        {
            [.., { Length: 12 } account, { Length: > 0 } name] when account.All(char.IsAsciiDigit) => (account, name),
            [{ Length: > 0 } name] => (caller.Account, name),
            _ => null,
        };

    /// <summary>The queue as this write sees it: it may have gone since the request came.</summary>
    public Queue Find(Transaction transaction, Queue queue) =>
        shelf.Get(transaction, queue.Scope, queue.Name) ?? throw SqsErrors.QueueDoesNotExist();
}

/// <summary>A name that was deleted.</summary>
internal sealed record DeletedQueue(DateTimeOffset At);

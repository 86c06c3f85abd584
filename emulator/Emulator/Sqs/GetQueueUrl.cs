using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

internal sealed record GetQueueUrlRequest(string? QueueName, string? QueueOwnerAWSAccountId);

internal sealed record GetQueueUrlResult(string QueueUrl);

/// <summary>Answers the URL of a queue by its name.</summary>
internal sealed class GetQueueUrl(Queues queues)
{
    public GetQueueUrlResult Run(GetQueueUrlRequest request, Caller caller)
    {
        var name = request.QueueName ?? throw SqsErrors.Missing("QueueName");
        var queue = queues.Shelf.Get(new Scope(request.QueueOwnerAWSAccountId ?? caller.Account, caller.Region), name);
        return new(queues.Url(queue ?? throw SqsErrors.QueueDoesNotExist()));
    }
}

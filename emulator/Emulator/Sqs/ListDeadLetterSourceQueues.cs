using Disa.Emulator.Aws;

namespace Disa.Emulator.Sqs;

internal sealed record ListDeadLetterSourceQueuesRequest(string? QueueUrl, string? NextToken, int? MaxResults);

internal sealed record ListDeadLetterSourceQueuesResult(IReadOnlyList<string> queueUrls, string? NextToken);

/// <summary>Lists the queues whose dead letters come to this one.</summary>
internal sealed class ListDeadLetterSourceQueues(Queues queues)
{
    public ListDeadLetterSourceQueuesResult Run(ListDeadLetterSourceQueuesRequest request, Caller caller)
    {
        var target = queues.Find(request.QueueUrl, caller, "ListDeadLetterSourceQueues");
        var sources = queues.Shelf.List(target.Scope).Values.Where(queue => queue.Redrive()?.TargetArn == target.Arn);
        var (page, next) = ListQueues.Page(
            queues.Lists.Of("ListDeadLetterSourceQueues", caller.Scope, target.Arn),
            sources,
            request.MaxResults,
            request.NextToken
        );
        return new(page.ConvertAll(queues.Url), next);
    }
}

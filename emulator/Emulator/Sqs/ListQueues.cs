using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Sqs;

internal sealed record ListQueuesRequest(string? QueueNamePrefix, string? NextToken, int? MaxResults);

internal sealed record ListQueuesResult(IReadOnlyList<string>? QueueUrls, string? NextToken);

/// <summary>Lists the URLs of queues by name; a page only where MaxResults asks for one, else the first thousand.</summary>
internal sealed class ListQueues(Queues queues)
{
    public ListQueuesResult Run(ListQueuesRequest request, Caller caller)
    {
        var names = queues
            .Shelf.List(caller.Scope)
            .Where(entry => entry.Key.StartsWith(request.QueueNamePrefix ?? "", StringComparison.Ordinal));
        var (page, next) = Page(
            queues.Lists.Of("ListQueues", caller.Scope, request.QueueNamePrefix),
            names.Select(entry => entry.Value),
            request.MaxResults,
            request.NextToken
        );
        return new(page.Count == 0 ? null : page.ConvertAll(queues.Url), next);
    }

    /// <summary>A page of queues in the order of their names: a token comes only where the request says how many it wants.</summary>
    public static (List<Queue> Items, string? Next) Page(Listing list, IEnumerable<Queue> queues, int? maxResults, string? token)
    {
        if (maxResults is < 1 or > 1000)
        {
            throw SqsErrors.InvalidParameter($"{maxResults}", "MaxResults", "MaxResults must be an integer between 1 and 1000.");
        }

        var (items, next) = list.Page(queues, queue => queue.Name, maxResults ?? 1000, token);
        return (items, maxResults is null ? null : next);
    }
}

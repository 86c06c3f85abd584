using System.Text;
using Disa.Emulator.Aws;

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
        var (page, next) = QueuePage.Of(names.Select(entry => entry.Value), request.MaxResults, request.NextToken);
        return new(page.Count == 0 ? null : page.ConvertAll(queues.Url), next);
    }
}

/// <summary>A page of queues in the order of their names; the token is the last name, encoded.</summary>
internal static class QueuePage
{
    public static (List<Queue> Page, string? Next) Of(IEnumerable<Queue> queues, int? maxResults, string? token)
    {
        if (maxResults is < 1 or > 1000)
        {
            throw SqsErrors.InvalidParameter($"{maxResults}", "MaxResults", "MaxResults must be an integer between 1 and 1000.");
        }

        var after = "";
        if (token is not null)
        {
            var bytes = new byte[token.Length];
            after = Convert.TryFromBase64String(token, bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : throw SqsErrors.InvalidParameter("Invalid or expired next token.");
        }

        var rest = queues.Where(queue => string.CompareOrdinal(queue.Name, after) > 0).Take((maxResults ?? 1000) + 1).ToList();
        if (rest.Count <= (maxResults ?? 1000))
        {
            return (rest, null);
        }

        rest.RemoveAt(rest.Count - 1);
        return (rest, maxResults is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(rest[^1].Name)));
    }
}

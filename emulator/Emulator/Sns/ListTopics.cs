using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

internal sealed record NextTokenInput(string? NextToken);

internal sealed record TopicEntry(string TopicArn);

internal sealed record ListTopicsResponse(IReadOnlyList<TopicEntry> Topics, string? NextToken);

/// <summary>Lists the topics of the account in the Region, a hundred a page.</summary>
internal sealed class ListTopics(Topics topics)
{
    public ListTopicsResponse Run(NextTokenInput input, Caller caller)
    {
        var (page, next) = Page.Of(topics.Shelf.List(caller.Scope), input.NextToken);
        return new(page.ConvertAll(topic => new TopicEntry(topic.Arn)), next);
    }
}

/// <summary>A page of a hundred, as SNS answers lists; the token is the last name, encoded.</summary>
internal static class Page
{
    private const int Size = 100;

    public static (List<T> Items, string? Next) Of<T>(IEnumerable<KeyValuePair<string, T>> sorted, string? token)
    {
        var after = "";
        if (!string.IsNullOrEmpty(token))
        {
            var bytes = new byte[token.Length];
            after = Convert.TryFromBase64String(token, bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : throw SnsErrors.Invalid("NextToken");
        }

        var rest = sorted.Where(entry => string.CompareOrdinal(entry.Key, after) > 0).Take(Size + 1).ToList();
        var next = rest.Count > Size ? Convert.ToBase64String(Encoding.UTF8.GetBytes(rest[Size - 1].Key)) : null;
        return (rest.Take(Size).Select(entry => entry.Value).ToList(), next);
    }
}

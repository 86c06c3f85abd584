using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

internal sealed record NextTokenInput(string? NextToken);

internal sealed record TopicEntry(string TopicArn);

internal sealed record ListTopicsResponse(IReadOnlyList<TopicEntry> Topics, string? NextToken);

/// <summary>Lists the topics of the account in the Region, a hundred a page.</summary>
internal sealed class ListTopics(Topics topics)
{
    /// <summary>How many SNS answers at once, of topics and of subscriptions.</summary>
    public const int PageSize = 100;

    public ListTopicsResponse Run(NextTokenInput input, Caller caller)
    {
        var (page, next) = topics
            .Lists.Of("ListTopics", caller.Scope)
            .Page(topics.Shelf.List(caller.Scope).Values, topic => topic.Name, PageSize, Topics.TokenOf(input.NextToken));
        return new(page.ConvertAll(topic => new TopicEntry(topic.Arn)), next);
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListActivitiesRequest
{
    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListActivitiesResponse(IReadOnlyList<ActivityItem> Activities, string? NextToken);

internal sealed record ActivityItem(string ActivityArn, string Name, DateTimeOffset CreationDate);

/// <summary>Lists the activities of an account and Region.</summary>
internal sealed class ListActivities(Activities activities)
{
    public ListActivitiesResponse Run(ListActivitiesRequest request, Caller caller)
    {
        var page = Page.Of(request.MaxResults, request.NextToken);
        var items = activities
            .List(caller.Scope)
            .Where(activity => page.After is null || string.CompareOrdinal(activity.Name, page.After) > 0)
            .Select(activity => new ActivityItem(activity.Arn, activity.Name, activity.Created))
            .Take(page.Size + 1)
            .ToList();
        return items.Count <= page.Size ? new(items, null) : new(items[..page.Size], Page.Token(items[page.Size - 1].Name));
    }
}

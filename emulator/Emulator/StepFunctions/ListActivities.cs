using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListActivitiesRequest
{
    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListActivitiesResponse(IReadOnlyList<ActivityItem> Activities, string? NextToken);

internal sealed record ActivityItem(string ActivityArn, string Name, DateTimeOffset CreationDate);

/// <summary>Lists the activities of an account and Region.</summary>
internal sealed class ListActivities(Activities activities, Listings lists)
{
    public ListActivitiesResponse Run(ListActivitiesRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken);
        var (page, next) = lists
            .Of("ListActivities", caller.Scope)
            .Page(activities.List(caller.Scope), activity => activity.Name, size, request.NextToken);
        return new(page.ConvertAll(activity => new ActivityItem(activity.Arn, activity.Name, activity.Created)), next);
    }
}

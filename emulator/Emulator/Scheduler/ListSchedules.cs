using Disa.Emulator.Aws;

namespace Disa.Emulator.Scheduler;

public sealed record ListSchedulesRequest(string? GroupName, string? NamePrefix, string? State, string? NextToken, int? MaxResults);

public sealed record ListSchedulesResponse(IReadOnlyList<ScheduleSummary> Schedules, string? NextToken);

public sealed record ScheduleSummary(
    string Arn,
    string Name,
    string GroupName,
    string State,
    DateTimeOffset CreationDate,
    DateTimeOffset LastModificationDate,
    TargetSummary Target
);

public sealed record TargetSummary(string Arn);

/// <summary>The schedules of a group, or of all.</summary>
internal sealed class ListSchedules(Schedules schedules)
{
    public ListSchedulesResponse Run(ListSchedulesRequest request, Caller caller)
    {
        var found = schedules
            .All.List(caller.Scope)
            .Where(entry =>
                (request.GroupName is null || entry.Value.Group == request.GroupName)
                && (request.NamePrefix is null || entry.Value.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal))
                && (request.State is null || entry.Value.State == request.State)
            );
        var (page, next) = schedules
            .Lists.Of("ListSchedules", caller.Scope, request.GroupName)
            .Page(found, entry => entry.Key, SchedulerErrors.PageSize(request.MaxResults), request.NextToken);
        return new(
            page.Select(entry => new ScheduleSummary(
                    entry.Value.Arn,
                    entry.Value.Name,
                    entry.Value.Group,
                    entry.Value.State,
                    entry.Value.Created,
                    entry.Value.Modified,
                    new TargetSummary(entry.Value.Target.Arn!)
                ))
                .ToList(),
            next
        );
    }
}

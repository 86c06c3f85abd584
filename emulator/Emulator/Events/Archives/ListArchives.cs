using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ListArchivesRequest(string? NamePrefix, string? EventSourceArn, string? State, string? NextToken, int? Limit);

public sealed record ListArchivesResponse(IReadOnlyList<ArchiveEntry> Archives, string? NextToken);

public sealed record ArchiveEntry(
    string ArchiveName,
    string EventSourceArn,
    string State,
    int RetentionDays,
    long SizeBytes,
    long EventCount,
    DateTimeOffset CreationTime
);

/// <summary>The archives of the account, by the start of their name, their bus or their state.</summary>
internal sealed class ListArchives(Archives archives)
{
    public ListArchivesResponse Run(ListArchivesRequest request, Caller caller)
    {
        Archives.CheckFilters(
            "ListArchives",
            request.State,
            request.EventSourceArn,
            request.NamePrefix,
            "ENABLED",
            "DISABLED",
            "CREATING",
            "UPDATING",
            "CREATE_FAILED",
            "UPDATE_FAILED"
        );
        var bus = request.EventSourceArn is { } arn ? archives.BusOf(arn, caller) : null;
        var found = archives
            .Bus.Archives.List(caller.Scope)
            .Values.Where(archive =>
                (request.NamePrefix is not { } prefix || archive.Name.StartsWith(prefix, StringComparison.Ordinal))
                && (bus is null || archive.Bus == bus)
                && request.State is null or Archive.Enabled
            );
        var (page, next) = archives
            .Rules.Lists.Of("ListArchives", caller.Scope)
            .Page(found, archive => archive.Name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new([.. page.Select(archive => Entry(archive, caller.Scope))], next);
    }

    private ArchiveEntry Entry(Archive archive, Scope scope)
    {
        var (count, size) = archives.Count(archive);
        return new(
            archive.Name,
            EventBuses.ArnOf(archive.Bus, scope),
            Archive.Enabled,
            archive.RetentionDays,
            size,
            count,
            archive.Created
        );
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.DynamoDb;

internal sealed record ListExportsRequest(string? TableArn, int? MaxResults, string? NextToken);

internal sealed record ListExportsResponse(List<ExportSummary> ExportSummaries, string? NextToken);

internal sealed record ExportSummary(string ExportArn, string ExportStatus, string ExportType);

/// <summary>The caller's exports of the last 90 days, of one table or of all, at most 25 at once.</summary>
internal sealed class ListExports(ExportStore exports, TimeProvider clock, Listings lists)
{
    private const int Most = 25;
    private static readonly TimeSpan Shown = TimeSpan.FromDays(90);

    public ListExportsResponse Run(ListExportsRequest request, Caller caller)
    {
        new Checks().AtLeast("maxResults", request.MaxResults, 1).AtMost("maxResults", request.MaxResults, Most).Throw();
        var found = exports
            .Shelf.List(caller.Scope)
            .Values.Where(export =>
                (request.TableArn is null || export.Table.Arn == request.TableArn) && clock.GetUtcNow() - export.Started < Shown
            )
            .OrderBy(export => export.Arn, StringComparer.Ordinal);
        var (page, next) = lists
            .Of("ListExports", caller.Scope, request.TableArn)
            .Page(found, export => export.Arn, request.MaxResults ?? Most, request.NextToken);
        return new ListExportsResponse(page.ConvertAll(export => new ExportSummary(export.Arn, export.Status, "FULL_EXPORT")), next);
    }
}

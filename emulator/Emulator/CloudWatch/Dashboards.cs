using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.CloudWatch;

public sealed record PutDashboardRequest(string? DashboardName, string? DashboardBody);

public sealed record PutDashboardResponse(IReadOnlyList<DashboardValidationMessage> DashboardValidationMessages);

public sealed record DashboardValidationMessage(string? DataPath, string Message);

public sealed record GetDashboardRequest(string? DashboardName);

public sealed record GetDashboardResponse(string DashboardArn, string DashboardBody, string DashboardName);

public sealed record ListDashboardsRequest(string? DashboardNamePrefix, string? NextToken);

public sealed record ListDashboardsResponse(IReadOnlyList<DashboardEntry> DashboardEntries, string? NextToken);

public sealed record DashboardEntry(string DashboardName, string DashboardArn, DateTimeOffset LastModified, long Size);

public sealed record DeleteDashboardsRequest(List<string>? DashboardNames);

internal sealed record Dashboard(string Body, DateTimeOffset Modified);

/// <summary>Dashboards: kept and given back, the same in every Region; that the body is JSON with widgets is checked.</summary>
internal sealed class Dashboards(Database database, Shelf<Dashboard> shelf, Clock clock, Listings lists)
{
    private const int PageSize = 1000;

    public async Task<PutDashboardResponse> Put(PutDashboardRequest request, Caller caller, CancellationToken cancellation)
    {
        if (
            request.DashboardName is not { Length: > 0 and <= 255 } name
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        )
        {
            throw Invalid("The dashboard name is invalid: it may have up to 255 of A-Z, a-z, 0-9, - and _.");
        }

        Check(request.DashboardBody);
        await database
            .Write(transaction =>
                shelf.Put(transaction, Everywhere(caller), name, new Dashboard(request.DashboardBody!, clock.GetUtcNow()))
            )
            .ConfigureAwait(false);
        return new([]);
    }

    public GetDashboardResponse Get(GetDashboardRequest request, Caller caller)
    {
        var name = request.DashboardName ?? throw CloudWatchErrors.Missing("DashboardName");
        var dashboard = shelf.Get(Everywhere(caller), name) ?? throw CloudWatchErrors.DashboardNotFound(name);
        return new(ArnOf(name, caller), dashboard.Body, name);
    }

    public ListDashboardsResponse List(ListDashboardsRequest request, Caller caller)
    {
        var found = shelf
            .List(Everywhere(caller))
            .Where(entry => entry.Key.StartsWith(request.DashboardNamePrefix ?? "", StringComparison.Ordinal));
        var (page, next) = lists.Of("ListDashboards", Everywhere(caller)).Page(found, entry => entry.Key, PageSize, request.NextToken);
        return new(
            page.Select(entry => new DashboardEntry(
                    entry.Key,
                    ArnOf(entry.Key, caller),
                    entry.Value.Modified,
                    Encoding.UTF8.GetByteCount(entry.Value.Body)
                ))
                .ToList(),
            next
        );
    }

    public Task<EmptyResponse> Delete(DeleteDashboardsRequest request, Caller caller, CancellationToken cancellation) =>
        database.Write(transaction =>
        {
            foreach (var name in request.DashboardNames ?? throw CloudWatchErrors.Missing("DashboardNames"))
            {
                if (!shelf.Remove(transaction, Everywhere(caller), name))
                {
                    throw CloudWatchErrors.DashboardNotFound(name);
                }
            }

            return new EmptyResponse();
        });

    private static Scope Everywhere(Caller caller) => Scope.Global(caller.Account);

    private static string ArnOf(string name, Caller caller) =>
        $"arn:{Arn.Partition(caller.Region)}:cloudwatch::{caller.Account}:dashboard/{name}";

    private static void Check(string? body)
    {
        JsonElement json;
        try
        {
            json = JsonInput.Parse(body ?? "");
        }
        catch (JsonException)
        {
            throw Invalid("The field DashboardBody must be a valid JSON object");
        }

        if (
            json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("widgets", out var widgets)
            || widgets.ValueKind != JsonValueKind.Array
        )
        {
            throw Invalid(
                "The dashboard body is invalid, there are 1 validation errors: [{\"dataPath\":\"\",\"message\":\"Should have property 'widgets', an array\"}]"
            );
        }
    }

    private static AwsException Invalid(string message) =>
        new("DashboardInvalidInputError", message) { QueryCode = "InvalidParameterInput" };
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record UpdateContributorInsightsRequest(string? TableName, string? IndexName)
{
    public string? ContributorInsightsAction { get; init; }

    public string? ContributorInsightsMode { get; init; }
}

internal sealed record UpdateContributorInsightsResponse(
    string TableName,
    string? IndexName,
    string ContributorInsightsStatus,
    string? ContributorInsightsMode
);

internal sealed record DescribeContributorInsightsRequest(string? TableName, string? IndexName);

internal sealed record DescribeContributorInsightsResponse(string TableName, string? IndexName)
{
    public List<string>? ContributorInsightsRuleList { get; init; }

    public required string ContributorInsightsStatus { get; init; }

    public DateTimeOffset? LastUpdateDateTime { get; init; }

    public string? ContributorInsightsMode { get; init; }
}

internal sealed record ListContributorInsightsRequest(string? TableName, string? NextToken, int? MaxResults);

internal sealed record ListContributorInsightsResponse(List<ContributorInsightsSummary> ContributorInsightsSummaries, string? NextToken);

internal sealed record ContributorInsightsSummary(
    string TableName,
    string? IndexName,
    string ContributorInsightsStatus,
    string? ContributorInsightsMode
);

/// <summary>The setting of a table or an index as it is kept.</summary>
/// <param name="IndexName">Null for the table.</param>
internal sealed record InsightsDocument(string? IndexName, bool IsEnabled, string Mode, DateTimeOffset Changed);

/// <summary>UpdateContributorInsights, DescribeContributorInsights and ListContributorInsights: a setting that is kept and shown.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html</remarks>
internal sealed class ContributorInsights(Database database, Clock clock, Tables tables, Listings lists)
{
    private const string DefaultMode = "ACCESSED_AND_THROTTLED_KEYS";

    public async Task<UpdateContributorInsightsResponse> Update(
        UpdateContributorInsightsRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        Checked(request.TableName, request.IndexName)
            .NotNull("contributorInsightsAction", request.ContributorInsightsAction)
            .OneOf("contributorInsightsAction", request.ContributorInsightsAction, "ENABLE", "DISABLE")
            .OneOf("contributorInsightsMode", request.ContributorInsightsMode, DefaultMode, "THROTTLED_KEYS")
            .Throw();
        var document = await database
            .Write(transaction =>
            {
                var table = tables.Find(transaction, caller.Scope, request.TableName!);
                CheckIndex(table, request.IndexName);
                var there = Of(table, request.IndexName);
                var changed = new InsightsDocument(
                    request.IndexName,
                    request.ContributorInsightsAction == "ENABLE",
                    request.ContributorInsightsMode ?? there?.Mode ?? DefaultMode,
                    clock.GetUtcNow()
                );
                tables.Shelf.Put(
                    transaction,
                    caller.Scope,
                    table.Name,
                    table with
                    {
                        Insights = [.. (table.Insights ?? []).Where(other => other != there), changed],
                    }
                );
                return changed;
            })
            .ConfigureAwait(false);
        return new UpdateContributorInsightsResponse(
            Tables.NameOf(request.TableName!),
            request.IndexName,
            document.IsEnabled ? "ENABLING" : "DISABLING",
            document.Mode
        );
    }

    public DescribeContributorInsightsResponse Describe(DescribeContributorInsightsRequest request, Caller caller)
    {
        Checked(request.TableName, request.IndexName).Throw();
        var name = Tables.NameOf(request.TableName!);
        var table = tables.Shelf.Get(caller.Scope, name) ?? throw Errors.TableNotFound(name);
        CheckIndex(table, request.IndexName);
        var insights = Of(table, request.IndexName);
        return new DescribeContributorInsightsResponse(name, request.IndexName)
        {
            ContributorInsightsRuleList = insights?.IsEnabled == true ? Rules(table, insights) : null,
            ContributorInsightsStatus = Status(insights),
            LastUpdateDateTime = insights?.Changed,
            ContributorInsightsMode = insights?.IsEnabled == true ? insights.Mode : null,
        };
    }

    public ListContributorInsightsResponse List(ListContributorInsightsRequest request, Caller caller)
    {
        var checks = new Checks();
        if (request.TableName is not null)
        {
            checks.Table(request.TableName);
        }

        checks.AtMost("maxResults", request.MaxResults, 100).Throw();
        var (name, limit) = (request.TableName is null ? null : Tables.NameOf(request.TableName), Math.Max(request.MaxResults ?? 100, 1));
        var found = tables
            .Shelf.List(caller.Scope)
            .Values.Where(table => name is null || table.Name == name)
            .SelectMany(table =>
                (table.Insights ?? []).Select(insights => new ContributorInsightsSummary(
                    table.Name,
                    insights.IndexName,
                    Status(insights),
                    insights.Mode
                ))
            )
            .OrderBy(Place, StringComparer.Ordinal);
        var (page, next) = lists.Of("ListContributorInsights", caller.Scope, name).Page(found, Place, limit, request.NextToken);
        return new ListContributorInsightsResponse(page, next);
    }

    private static string Place(ContributorInsightsSummary summary) => $"{summary.TableName}/{summary.IndexName}";

    private static string Status(InsightsDocument? insights) => insights?.IsEnabled == true ? "ENABLED" : "DISABLED";

    private static InsightsDocument? Of(TableDocument table, string? index) => table.Insights?.Find(one => one.IndexName == index);

    /// <summary>Most accessed and most throttled items, by the partition key and, where there is one, by the whole key.</summary>
    private static List<string> Rules(TableDocument table, InsightsDocument insights)
    {
        var index = table.Indexes.Find(one => one.Name == insights.IndexName);
        var hasRange = (index?.KeySchema ?? table.KeySchema).Exists(element => element.KeyType == "RANGE");
        var resource = index is null ? table.Name : $"{table.Name}/{index.Name}";
        var kinds = insights.Mode == DefaultMode ? "CT" : "T";
        return
        [
            .. (hasRange ? (string[])["PK", "SK"] : ["PK"]).SelectMany(key =>
                kinds.Select(kind => $"DynamoDBContributorInsights-{key}{kind}-{resource}-{table.Created.ToUnixTimeMilliseconds()}")
            ),
        ];
    }

    private static Checks Checked(string? table, string? index) =>
        new Checks().Table(table).Name("indexName", index).Length("indexName", index, 3, 255);

    private static void CheckIndex(TableDocument table, string? index)
    {
        if (index is not null && !table.Indexes.Exists(one => one.IsGlobal && one.Name == index))
        {
            throw Errors.ResourceNotFound($"Index: {index} not found");
        }
    }
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record DescribeLogGroupsRequest
{
    public string? LogGroupNamePrefix { get; init; }

    public string? LogGroupNamePattern { get; init; }

    public string? LogGroupClass { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }
}

internal sealed record DescribeLogGroupsResponse(IReadOnlyList<LogGroupDescription> LogGroups, string? NextToken);

internal sealed record LogGroupDescription
{
    public required string LogGroupName { get; init; }

    public required long CreationTime { get; init; }

    public int? RetentionInDays { get; init; }

    public int MetricFilterCount { get; init; }

    /// <summary>With <c>:*</c> at the end, as policies want it.</summary>
    public required string Arn { get; init; }

    public required string LogGroupArn { get; init; }

    public long? StoredBytes { get; init; }

    public string? KmsKeyId { get; init; }

    public required string LogGroupClass { get; init; }

    public bool? DeletionProtectionEnabled { get; init; }
}

/// <summary>The groups by name, a page at a time; the token is the last name of the page, in clear (recorded on AWS).</summary>
internal static class DescribeLogGroups
{
    public static DescribeLogGroupsResponse Run(LogStore logs, DescribeLogGroupsRequest request, Caller caller)
    {
        if (request.LogGroupNamePrefix is not null && request.LogGroupNamePattern is not null)
        {
            throw LogsErrors.Invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        var limit = LogsLimits.Limit(request.Limit, 50, 50);
        var found = logs
            .Groups.List(caller.Scope)
            .Values.Where(group => request.LogGroupNamePrefix is not { } prefix || group.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(group =>
                request.LogGroupNamePattern is not { } pattern || group.Name.Contains(pattern, StringComparison.OrdinalIgnoreCase)
            )
            .Where(group => request.LogGroupClass is not { } kind || group.Class == kind)
            .Where(group => request.NextToken is not { } token || string.CompareOrdinal(group.Name, token) > 0)
            .Take(limit + 1)
            .ToList();
        var page = found.Take(limit).ToList();
        return new(
            logs.Database.Read(transaction =>
                page.ConvertAll(group => new LogGroupDescription
                {
                    LogGroupName = group.Name,
                    CreationTime = group.Created,
                    RetentionInDays = group.RetentionInDays,
                    MetricFilterCount = group.MetricFilters.Count,
                    Arn = LogStore.ArnOf(caller.Scope, group.Name) + ":*",
                    LogGroupArn = LogStore.ArnOf(caller.Scope, group.Name),
                    // A search by pattern answers neither of them (recorded 03-02-2026).
                    StoredBytes = request.LogGroupNamePattern is not null
                        ? null
                        : transaction.Number("SELECT sum(plain_length(message) + 26) FROM logs_event WHERE grp = $1", group.Id) ?? 0,
                    DeletionProtectionEnabled = request.LogGroupNamePattern is null ? false : null,
                    KmsKeyId = group.KmsKeyId,
                    LogGroupClass = group.Class,
                })
            ),
            found.Count > limit ? page[^1].Name : null
        );
    }
}

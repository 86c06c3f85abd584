using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record PutSubscriptionFilterRequest
{
    public string? LogGroupName { get; init; }

    public string? FilterName { get; init; }

    public string? FilterPattern { get; init; }

    public string? DestinationArn { get; init; }

    public string? RoleArn { get; init; }

    public string? Distribution { get; init; }

    public bool? ApplyOnTransformedLogs { get; init; }
}

internal sealed record DescribeSubscriptionFiltersRequest
{
    public string? LogGroupName { get; init; }

    public string? FilterNamePrefix { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }
}

internal sealed record DescribeSubscriptionFiltersResponse(
    IReadOnlyList<SubscriptionFilterDescription> SubscriptionFilters,
    string? NextToken
);

internal sealed record SubscriptionFilterDescription(
    string FilterName,
    string LogGroupName,
    string FilterPattern,
    string DestinationArn,
    string? RoleArn,
    string Distribution,
    bool ApplyOnTransformedLogs,
    long CreationTime
);

internal sealed record DeleteSubscriptionFilterRequest(string? LogGroupName, string? FilterName);

/// <summary>A subscription filter as its group keeps it.</summary>
internal sealed record SubscriptionFilter(string Name, string Pattern, string DestinationArn, string Distribution, long Created);

/// <summary>Subscription filters: functions that get the events of a group that match, as they come in.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html</remarks>
internal sealed class SubscriptionFilters(LogStore logs, SubscriptionDeliveries deliveries)
{
    /// <summary>Of a group.</summary>
    private const int Most = 2;

    public async Task Put(PutSubscriptionFilterRequest request, Caller caller, CancellationToken cancellation)
    {
        var group = LogsLimits.GroupName(request.LogGroupName);
        var name = LogsLimits.FilterName(request.FilterName);
        var pattern = request.FilterPattern ?? throw LogsErrors.Null("filterPattern");
        LogsLimits.Longest(pattern, "filterPattern", 1024);
        FilterPattern.Parse(pattern);
        var destination = request.DestinationArn ?? throw LogsErrors.Null("destinationArn");
        if (request.Distribution is not (null or "Random" or "ByLogStream"))
        {
            throw LogsErrors.Constraint(request.Distribution, "distribution", "Member must satisfy enum value set: [Random, ByLogStream]");
        }

        if (Arn.TryParse(destination) is not { } arn)
        {
            throw LogsErrors.Invalid("destinationArn is not a valid ARN.");
        }

        // Both come before AWS looks for the group (recorded 06-02-2026).
        if (arn.Service == "lambda" && arn.Account != caller.Account)
        {
            throw new AwsException(
                "AccessDeniedException",
                "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers."
            );
        }

        if (arn.Service is "kinesis" or "firehose" && request.RoleArn is null)
        {
            throw LogsErrors.Invalid($"destinationArn for vendor {arn.Service} cannot be used without roleArn");
        }

        if (arn.Service != "lambda")
        {
            throw AwsException.NotImplemented($"the destination {arn.Service} of logs:PutSubscriptionFilter");
        }

        if (request.RoleArn is not null)
        {
            throw LogsErrors.Invalid("destinationArn for vendor lambda cannot be used with roleArn");
        }

        logs.Group(caller.Scope, group);
        await deliveries.Try(caller.Scope, group, destination, cancellation).ConfigureAwait(false);
        await logs
            .Database.Write(transaction =>
            {
                var current = logs.Group(transaction, caller.Scope, group);
                var before = current.SubscriptionFilters.FirstOrDefault(filter => filter.Name == name);
                if (before is null && current.SubscriptionFilters.Count >= Most)
                {
                    throw LogsErrors.LimitExceeded();
                }

                current = current with
                {
                    SubscriptionFilters =
                    [
                        .. current.SubscriptionFilters.Where(filter => filter.Name != name),
                        new(name, pattern, destination, request.Distribution ?? "ByLogStream", before?.Created ?? logs.Now),
                    ],
                };
                LogsLimits.Expressions(current);
                logs.Groups.Put(transaction, caller.Scope, group, current);
            })
            .ConfigureAwait(false);
    }

    public DescribeSubscriptionFiltersResponse Describe(DescribeSubscriptionFiltersRequest request, Caller caller)
    {
        var group = logs.Group(caller.Scope, LogsLimits.GroupName(request.LogGroupName));
        var (page, next) = logs
            .Lists.Of("DescribeSubscriptionFilters", caller.Scope, group.Name, request.FilterNamePrefix)
            .PageByCount(
                group
                    .SubscriptionFilters.Where(filter => filter.Name.StartsWith(request.FilterNamePrefix ?? "", StringComparison.Ordinal))
                    .OrderBy(filter => filter.Name, StringComparer.Ordinal),
                LogsLimits.Limit(request.Limit, 50, 50),
                request.NextToken
            );
        return new(
            page.ConvertAll(filter => new SubscriptionFilterDescription(
                filter.Name,
                group.Name,
                filter.Pattern,
                filter.DestinationArn,
                null,
                filter.Distribution,
                false,
                filter.Created
            )),
            next
        );
    }

    public Task Delete(DeleteSubscriptionFilterRequest request, Caller caller)
    {
        var (group, name) = (LogsLimits.GroupName(request.LogGroupName), LogsLimits.FilterName(request.FilterName));
        return logs.Database.Write(transaction =>
        {
            var current = logs.Group(transaction, caller.Scope, group);
            if (!current.SubscriptionFilters.Any(filter => filter.Name == name))
            {
                throw LogsErrors.NoSubscriptionFilter();
            }

            logs.Groups.Put(
                transaction,
                caller.Scope,
                group,
                current with
                {
                    SubscriptionFilters = [.. current.SubscriptionFilters.Where(filter => filter.Name != name)],
                }
            );
        });
    }
}

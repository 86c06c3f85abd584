using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch;

namespace Disa.Emulator.Logs;

internal sealed record MetricTransformation
{
    public string? MetricName { get; init; }

    public string? MetricNamespace { get; init; }

    /// <summary>A number, or the field that has it: <c>$.path</c> of a JSON pattern, <c>$name</c> of a space-delimited one.</summary>
    public string? MetricValue { get; init; }

    /// <summary>Published where events come in and none matches.</summary>
    public double? DefaultValue { get; init; }

    /// <summary>Names of dimensions, and the fields that have their values.</summary>
    public Dictionary<string, string>? Dimensions { get; init; }

    public string? Unit { get; init; }
}

internal sealed record PutMetricFilterRequest
{
    public string? LogGroupName { get; init; }

    public string? FilterName { get; init; }

    public string? FilterPattern { get; init; }

    public List<MetricTransformation>? MetricTransformations { get; init; }

    public bool? ApplyOnTransformedLogs { get; init; }
}

internal sealed record DescribeMetricFiltersRequest
{
    public string? LogGroupName { get; init; }

    public string? FilterNamePrefix { get; init; }

    public string? MetricName { get; init; }

    public string? MetricNamespace { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }
}

internal sealed record DescribeMetricFiltersResponse(IReadOnlyList<MetricFilterDescription> MetricFilters, string? NextToken);

internal sealed record MetricFilterDescription(
    string FilterName,
    string FilterPattern,
    IReadOnlyList<MetricTransformation> MetricTransformations,
    long CreationTime,
    string LogGroupName,
    bool ApplyOnTransformedLogs
);

internal sealed record DeleteMetricFilterRequest(string? LogGroupName, string? FilterName);

internal sealed record TestMetricFilterRequest(string? FilterPattern, List<string>? LogEventMessages);

internal sealed record TestMetricFilterResponse(IReadOnlyList<MetricFilterMatch> Matches);

internal sealed record MetricFilterMatch(long EventNumber, string EventMessage, IReadOnlyDictionary<string, string> ExtractedValues);

/// <summary>A metric filter as its group keeps it.</summary>
internal sealed record MetricFilter(string Name, string Pattern, MetricTransformation Transformation, long Created);

/// <summary>Metric filters: rules by which events that come into a group become values of metrics.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html</remarks>
internal sealed class MetricFilters(LogStore logs)
{
    /// <summary>Of a group.</summary>
    private const int Most = 100;

    private const int MostDimensions = 3;
    private const int MostMessages = 50;

    public Task Put(PutMetricFilterRequest request, Caller caller)
    {
        var group = LogsLimits.GroupName(request.LogGroupName);
        var name = LogsLimits.FilterName(request.FilterName);
        var text = request.FilterPattern ?? throw LogsErrors.Null("filterPattern");
        LogsLimits.Longest(text, "filterPattern", 1024);
        var pattern = FilterPattern.Parse(text);
        if (request.MetricTransformations is not [var transformation])
        {
            throw LogsErrors.Constraint(
                $"[{string.Join(", ", (request.MetricTransformations ?? []).Select(Shown))}]",
                "metricTransformations",
                request.MetricTransformations is { Count: > 1 }
                    ? "Member must have length less than or equal to 1"
                    : "Member must have length greater than or equal to 1"
            );
        }

        Check(pattern, transformation);
        return logs.Database.Write(transaction =>
        {
            var current = logs.Group(transaction, caller.Scope, group);
            var before = current.MetricFilters.FirstOrDefault(filter => filter.Name == name);
            if (before is null && current.MetricFilters.Count >= Most)
            {
                throw LogsErrors.LimitExceeded();
            }

            current = current with
            {
                MetricFilters =
                [
                    .. current.MetricFilters.Where(filter => filter.Name != name),
                    new(name, text, transformation, before?.Created ?? logs.Now),
                ],
            };
            LogsLimits.Expressions(current);
            logs.Groups.Put(transaction, caller.Scope, group, current);
        });
    }

    public DescribeMetricFiltersResponse Describe(DescribeMetricFiltersRequest request, Caller caller)
    {
        LogsLimits.Longest(request.FilterNamePrefix, "filterNamePrefix", 512);
        LogsLimits.Longest(request.MetricName, "metricName", 255);
        LogsLimits.Longest(request.MetricNamespace, "metricNamespace", 255);
        if (request.MetricName is null != request.MetricNamespace is null)
        {
            throw LogsErrors.Invalid("metricName and metricNamespace must both be specified or both be null.");
        }

        IEnumerable<LogGroup> groups = request.LogGroupName is null
            ? logs.Groups.List(caller.Scope).Values
            : [logs.Group(caller.Scope, LogsLimits.GroupName(request.LogGroupName))];
        var found = groups
            .SelectMany(group => group.MetricFilters.Select(filter => (Group: group.Name, Filter: filter)))
            .Where(pair => pair.Filter.Name.StartsWith(request.FilterNamePrefix ?? "", StringComparison.Ordinal))
            .Where(pair =>
                request.MetricName is null
                || (
                    pair.Filter.Transformation.MetricName == request.MetricName
                    && pair.Filter.Transformation.MetricNamespace == request.MetricNamespace
                )
            )
            .OrderBy(pair => pair.Filter.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Group, StringComparer.Ordinal);
        var (page, next) = logs
            .Lists.Of(
                "DescribeMetricFilters",
                caller.Scope,
                request.LogGroupName,
                request.FilterNamePrefix,
                request.MetricName,
                request.MetricNamespace
            )
            .PageByCount(found, LogsLimits.Limit(request.Limit, 50, 50), request.NextToken);
        return new(
            page.ConvertAll(pair => new MetricFilterDescription(
                pair.Filter.Name,
                pair.Filter.Pattern,
                [pair.Filter.Transformation],
                pair.Filter.Created,
                pair.Group,
                false
            )),
            next
        );
    }

    public Task Delete(DeleteMetricFilterRequest request, Caller caller)
    {
        var (group, name) = (LogsLimits.GroupName(request.LogGroupName), LogsLimits.FilterName(request.FilterName));
        return logs.Database.Write(transaction =>
        {
            var current = logs.Group(transaction, caller.Scope, group);
            if (!current.MetricFilters.Any(filter => filter.Name == name))
            {
                throw LogsErrors.NoMetricFilter();
            }

            logs.Groups.Put(
                transaction,
                caller.Scope,
                group,
                current with
                {
                    MetricFilters = [.. current.MetricFilters.Where(filter => filter.Name != name)],
                }
            );
        });
    }

    public static TestMetricFilterResponse Test(TestMetricFilterRequest request)
    {
        var pattern = FilterPattern.Parse(request.FilterPattern ?? throw LogsErrors.Null("filterPattern"));
        if (request.LogEventMessages is not { Count: >= 1 and <= MostMessages } messages)
        {
            throw LogsErrors.Constraint(
                "",
                "logEventMessages",
                request.LogEventMessages is { Count: > MostMessages }
                    ? $"Member must have length less than or equal to {MostMessages}"
                    : "Member must have length greater than or equal to 1"
            );
        }

        return new([
            .. messages
                .Select((message, i) => (Message: message, Number: i + 1))
                .Where(log => pattern.Matches(log.Message))
                .Select(log => new MetricFilterMatch(log.Number, log.Message, pattern.Fields(log.Message))),
        ]);
    }

    /// <summary>As AWS writes a transformation into a refusal (recorded 05-02-2026).</summary>
    private static string Shown(MetricTransformation each) =>
        $"MetricTransformation(metricName={each.MetricName ?? "null"}, metricNamespace={each.MetricNamespace ?? "null"}, "
        + $"metricValue={each.MetricValue ?? "null"}, defaultValue={each.DefaultValue?.ToString(CultureInfo.InvariantCulture) ?? "null"}, "
        + $"unit={each.Unit ?? "null"}, dimensions={(each.Dimensions is { } all ? $"{{{string.Join(", ", all.Select(pair => $"{pair.Key}={pair.Value}"))}}}" : "null")})";

    private static void Check(FilterPattern pattern, MetricTransformation transformation)
    {
        const string Member = "metricTransformations.1.member.";
        LogsLimits.Text(transformation.MetricName, Member + "metricName", 255, ":*$");
        LogsLimits.Text(transformation.MetricNamespace, Member + "metricNamespace", 255, ":*$");
        LogsLimits.Text(transformation.MetricValue, Member + "metricValue", 100, "");
        if (
            !double.TryParse(transformation.MetricValue, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            && pattern.Selector(transformation.MetricValue!) is null
        )
        {
            throw LogsErrors.Invalid(
                $"Invalid metric transformation: the metric value {transformation.MetricValue} is neither a number nor a field of the filter pattern."
            );
        }

        if (transformation.Unit is { } unit && !PutMetricData.Units.Contains(unit))
        {
            throw LogsErrors.Constraint(
                unit,
                Member + "unit",
                $"Member must satisfy enum value set: [{string.Join(", ", PutMetricData.Units)}]"
            );
        }

        if (transformation.Dimensions is not { Count: > 0 } dimensions)
        {
            return;
        }

        if (transformation.DefaultValue is not null)
        {
            throw LogsErrors.Invalid("Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
        }

        if (dimensions.Count > MostDimensions)
        {
            throw LogsErrors.Invalid($"Invalid metric transformation: at most {MostDimensions} dimensions are allowed.");
        }

        foreach (var (dimension, field) in dimensions)
        {
            if (dimension.Length is 0 or > 255 || pattern.Selector(field) is null)
            {
                throw LogsErrors.Invalid($"Invalid metric transformation: the dimension {dimension} is not a field of the filter pattern.");
            }
        }
    }
}

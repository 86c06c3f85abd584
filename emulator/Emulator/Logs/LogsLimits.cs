using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

/// <summary>What names, tags and periods may be (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html).</summary>
internal static partial class LogsLimits
{
    /// <summary>The days that PutRetentionPolicy takes.</summary>
    private static readonly int[] RetentionDays =
    [
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
        1096,
        1827,
        2192,
        2557,
        2922,
        3288,
        3653,
    ];

    public static string GroupName(string? name)
    {
        NotTooLong(name);
        if (string.IsNullOrEmpty(name) || !GroupNames().IsMatch(name))
        {
            throw LogsErrors.Constraint(
                name ?? "",
                "logGroupName",
                string.IsNullOrEmpty(name)
                    ? "Member must have length greater than or equal to 1"
                    : "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
            );
        }

        return name;
    }

    public static string StreamName(string? name)
    {
        NotTooLong(name);
        if (string.IsNullOrEmpty(name) || name.AsSpan().ContainsAny(':', '*'))
        {
            throw LogsErrors.Constraint(name ?? "", "logStreamName", "Member must satisfy regular expression pattern: [^:*]*");
        }

        return name;
    }

    /// <summary>AWS has one sentence for both (recorded 03-02-2026).</summary>
    private static void NotTooLong(string? name)
    {
        if (name?.Length > 512)
        {
            throw LogsErrors.Invalid("Invalid LogGroup or LogStream, both must have length less than or equal to 512.");
        }
    }

    /// <summary>A text that may be missing, and may not be longer than this.</summary>
    public static void Longest(string? text, string member, int most)
    {
        if (text?.Length > most)
        {
            throw LogsErrors.Constraint(text, member, $"Member must have length less than or equal to {most}");
        }
    }

    /// <summary>Of a metric filter or a subscription filter.</summary>
    public static string FilterName(string? name)
    {
        Text(name, "filterName", 512, ":*");
        return name!;
    }

    /// <summary>A text of at least one character and none of some.</summary>
    public static void Text(string? text, string member, int most, string without)
    {
        if (text is null)
        {
            throw LogsErrors.Null(member);
        }

        if (text.Length == 0 || text.Length > most || text.AsSpan().ContainsAny(without))
        {
            throw LogsErrors.Constraint(
                text,
                member,
                text.Length == 0 ? "Member must have length greater than or equal to 1"
                    : text.Length > most ? $"Member must have length less than or equal to {most}"
                    : $"Member must satisfy regular expression pattern: [^{without}]*"
            );
        }
    }

    /// <summary>"There is a quota of five regular expression patterns per log group": API_PutMetricFilter and API_PutSubscriptionFilter.</summary>
    public static void Expressions(LogGroup group)
    {
        var patterns = group
            .MetricFilters.Select(filter => filter.Pattern)
            .Concat(group.SubscriptionFilters.Select(filter => filter.Pattern));
        if (patterns.Sum(pattern => FilterPattern.Parse(pattern).Expressions) > 5)
        {
            throw LogsErrors.LimitExceeded();
        }
    }

    public static void Retention(int days)
    {
        if (!RetentionDays.Contains(days))
        {
            throw LogsErrors.Constraint(
                days.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "retentionInDays",
                $"Member must satisfy enum value set: [{string.Join(", ", RetentionDays)}]"
            );
        }
    }

    public static int Limit(int? limit, int most, int otherwise) =>
        limit switch
        {
            null => otherwise,
            < 1 => throw LogsErrors.Constraint(limit.ToString()!, "limit", "Member must have value greater than or equal to 1"),
            _ when limit > most => throw LogsErrors.Constraint(
                limit.ToString()!,
                "limit",
                $"Member must have value less than or equal to {most}"
            ),
            _ => limit.Value,
        };

    /// <summary>A group by its name, or by its ARN without the closing <c>:*</c>.</summary>
    public static string GroupNameOf(string? name, string? identifier, Scope scope)
    {
        if (name is not null && identifier is not null)
        {
            throw new AwsException("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
        }

        if (name is null && identifier is null)
        {
            throw LogsErrors.Invalid("Either logGroupName or logGroupIdentifier must be given.");
        }

        if (identifier is not null && !Identifiers().IsMatch(identifier))
        {
            throw LogsErrors.Constraint(
                identifier,
                "logGroupIdentifier",
                @"Member must satisfy regular expression pattern: [\w#+=/:,.@-]*"
            );
        }

        return GroupName(name ?? NameIn(identifier!, scope));
    }

    public static string NameIn(string identifier, Scope scope)
    {
        if (Arn.TryParse(identifier) is not { } arn)
        {
            return identifier;
        }

        if (arn.Service != "logs" || arn.Scope != scope || !arn.Resource.StartsWith("log-group:", StringComparison.Ordinal))
        {
            throw LogsErrors.NoGroup();
        }

        var name = arn.Resource["log-group:".Length..];
        return name.EndsWith(":*", StringComparison.Ordinal) ? name[..^2] : name;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_#+=/:,.@-]*\z")]
    private static partial Regex Identifiers();

    [GeneratedRegex(@"^[\.\-_/#A-Za-z0-9]+\z")]
    private static partial Regex GroupNames();
}

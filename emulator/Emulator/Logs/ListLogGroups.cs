using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record ListLogGroupsRequest(
    string? LogGroupNamePattern,
    string? LogGroupClass,
    bool? IncludeLinkedAccounts,
    List<string>? AccountIdentifiers,
    string? NextToken,
    int? Limit
);

internal sealed record ListLogGroupsResponse(IReadOnlyList<LogGroupSummary> LogGroups, string? NextToken);

internal sealed record LogGroupSummary(string LogGroupName, string LogGroupArn, string LogGroupClass);

/// <summary>The groups whose names a regular expression of a few signs matches, in order of their names.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html</remarks>
internal static partial class ListLogGroups
{
    private const string AllowedPattern = @"^(\^?[\.\-_\/#A-Za-z0-9]{3,24})(\|\^?[\.\-_\/#A-Za-z0-9]{3,24}){0,4}$";

    public static ListLogGroupsResponse Run(LogStore logs, ListLogGroupsRequest request, Caller caller)
    {
        if (request.IncludeLinkedAccounts == true || request.AccountIdentifiers is { Count: > 0 })
        {
            throw AwsException.NotImplemented("logs:ListLogGroups of linked accounts");
        }

        var found = logs
            .Groups.List(caller.Scope)
            .Values.Where(group => request.LogGroupClass is not { } kind || group.Class == kind)
            .Where(Matching(request.LogGroupNamePattern));
        var (page, next) = logs
            .Lists.Of("ListLogGroups", caller.Scope, request.LogGroupNamePattern, request.LogGroupClass)
            .PageByCount(found, LogsLimits.Limit(request.Limit, 1000, 50), request.NextToken);
        return new(page.ConvertAll(group => new LogGroupSummary(group.Name, LogStore.ArnOf(caller.Scope, group.Name), group.Class)), next);
    }

    /// <summary>"up to five regular expressions", divided by <c>|</c>, where <c>^</c> anchors one at the start of the name.</summary>
    private static Func<LogGroup, bool> Matching(string? pattern)
    {
        if (pattern is null)
        {
            return _ => true;
        }

        if (!Allowed().IsMatch(pattern))
        {
            throw LogsErrors.Constraint(
                pattern,
                "logGroupNamePattern",
                $"Member must satisfy regular expression pattern: {AllowedPattern}"
            );
        }

        var parts = pattern.Split('|');
        return group =>
            parts.Any(part =>
                part.StartsWith('^')
                    ? group.Name.StartsWith(part[1..], StringComparison.Ordinal)
                    : group.Name.Contains(part, StringComparison.Ordinal)
            );
    }

    [GeneratedRegex(AllowedPattern + @"\z")]
    private static partial Regex Allowed();
}

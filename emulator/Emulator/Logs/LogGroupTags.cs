using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record TagLogGroupRequest(string? LogGroupName, Dictionary<string, string>? Tags);

internal sealed record UntagLogGroupRequest(string? LogGroupName, IReadOnlyList<string>? Tags);

internal sealed record ListTagsLogGroupRequest(string? LogGroupName);

internal sealed record TagResourceRequest(string? ResourceArn, Dictionary<string, string>? Tags);

internal sealed record UntagResourceRequest(string? ResourceArn, IReadOnlyList<string>? TagKeys);

internal sealed record ListTagsForResourceRequest(string? ResourceArn);

internal sealed record ListTagsResponse(Dictionary<string, string> Tags);

/// <summary>The tag operations, by a group's name (the older three) or its ARN.</summary>
internal static class LogGroupTags
{
    public static Task Add(LogStore logs, string? group, Dictionary<string, string>? tags, Caller caller)
    {
        if (tags is not { Count: > 0 })
        {
            throw LogsErrors.Invalid("1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must not be empty");
        }

        return Change(
            logs,
            group,
            caller,
            current =>
            {
                foreach (var (key, value) in tags)
                {
                    current[key] = value;
                }

                if (current.Count > 50)
                {
                    throw new AwsException("TooManyTagsException", "A log group can have at most 50 tags.");
                }
            }
        );
    }

    public static Task Remove(LogStore logs, string? group, IReadOnlyList<string>? keys, Caller caller) =>
        Change(logs, group, caller, current => (keys ?? []).ToList().ForEach(key => current.Remove(key)));

    public static ListTagsResponse List(LogStore logs, string? group, Caller caller) =>
        new(logs.Group(caller.Scope, Name(group, caller)).Tags);

    private static Task Change(LogStore logs, string? group, Caller caller, Action<Dictionary<string, string>> change)
    {
        var name = Name(group, caller);
        return logs.Database.Write(transaction =>
        {
            var found = logs.Group(transaction, caller.Scope, name);
            var tags = new Dictionary<string, string>(found.Tags);
            change(tags);
            logs.Groups.Put(transaction, caller.Scope, name, found with { Tags = tags });
        });
    }

    private static string Name(string? group, Caller caller) => LogsLimits.GroupName(LogsLimits.NameIn(group ?? "", caller.Scope));
}

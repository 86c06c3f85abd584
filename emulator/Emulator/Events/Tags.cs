using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ListTagsForResourceRequest(string? ResourceARN);

public sealed record ListTagsForResourceResponse(IReadOnlyList<Tag> Tags);

public sealed record TagResourceRequest(string? ResourceARN, List<Tag>? Tags);

public sealed record UntagResourceRequest(string? ResourceARN, List<string>? TagKeys);

public sealed record EmptyResponse;

/// <summary>Tags of rules and buses.</summary>
internal sealed class Tags(Rules rules)
{
    public static IReadOnlyDictionary<string, string> Of(List<Tag>? tags)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            map[EventsErrors.Text(tag.Key, "tags.1.member.key", 128)] = tag.Value ?? "";
        }

        return map;
    }

    /// <summary>The tags of a rule or a bus, for conditions; none where there is no such.</summary>
    public IReadOnlyDictionary<string, string> Of(string arn, Caller caller) =>
        Arn.TryParse(arn)?.Resource.Split('/') switch
        {
            ["rule", var name] => rules.Bus.Rules.Get(caller.Scope, Rule.Key(EventBus.Default, name))?.Tags,
            ["rule", var bus, var name] => rules.Bus.Rules.Get(caller.Scope, Rule.Key(bus, name))?.Tags,
            ["event-bus", var bus] => rules.Bus.Buses.Get(caller.Scope, bus)?.Tags,
            _ => null,
        } ?? new Dictionary<string, string>();

    public ListTagsForResourceResponse List(ListTagsForResourceRequest request, Caller caller)
    {
        var (shelf, key) = Where(request.ResourceARN);
        var tags =
            (shelf == "rule" ? rules.Bus.Rules.Get(caller.Scope, key)?.Tags : rules.Bus.Buses.Get(caller.Scope, key)?.Tags)
            ?? (shelf == "bus" && key == EventBus.Default ? new Dictionary<string, string>() : throw Unknown(shelf, key));
        return new(tags.Select(tag => new Tag(tag.Key, tag.Value)).ToList());
    }

    public Task<EmptyResponse> Add(TagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        Change(request.ResourceARN, caller, tags => Of([.. tags.Select(tag => new Tag(tag.Key, tag.Value)), .. request.Tags ?? []]));

    public Task<EmptyResponse> Remove(UntagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        Change(
            request.ResourceARN,
            caller,
            tags => tags.Where(tag => request.TagKeys?.Contains(tag.Key) != true).ToDictionary(tag => tag.Key, tag => tag.Value)
        );

    private Task<EmptyResponse> Change(
        string? arn,
        Caller caller,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change
    )
    {
        var (shelf, key) = Where(arn);
        return rules.Database.Write(transaction =>
        {
            if (shelf == "rule")
            {
                var rule = rules.Bus.Rules.Get(transaction, caller.Scope, key) ?? throw Unknown(shelf, key);
                rules.Bus.Rules.Put(transaction, caller.Scope, key, rule with { Tags = change(rule.Tags) });
            }
            else
            {
                // The default bus is there without having been made: what is kept of it is its tags.
                var bus =
                    rules.Bus.Buses.Get(transaction, caller.Scope, key)
                    ?? (
                        key == EventBus.Default
                            ? new Bus(key, null, DateTimeOffset.UnixEpoch, new Dictionary<string, string>())
                            : throw Unknown(shelf, key)
                    );
                rules.Bus.Buses.Put(transaction, caller.Scope, key, bus with { Tags = change(bus.Tags) });
            }

            return new EmptyResponse();
        });
    }

    private static (string Shelf, string Key) Where(string? text) =>
        Arn.TryParse(text) is { Service: "events" } arn
            ? arn.Resource.Split('/') switch
            {
                ["rule", var name] => ("rule", Rule.Key(EventBus.Default, name)),
                ["rule", var bus, var name] => ("rule", Rule.Key(bus, name)),
                ["event-bus", var bus] => ("bus", bus),
                _ => throw EventsErrors.NotFound($"Resource {text} does not exist."),
            }
            : throw EventsErrors.Validation("Parameter ResourceARN is not valid. Reason: Provided Arn is not in correct format.");

    private static AwsException Unknown(string shelf, string key) =>
        shelf == "rule" && key.Split('|') is [var bus, var name] ? EventsErrors.RuleNotFound(name, bus) : EventsErrors.BusNotFound(key);
}

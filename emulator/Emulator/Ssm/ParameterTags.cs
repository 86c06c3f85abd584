using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

/// <summary>A tag on the wire.</summary>
internal sealed record ParameterTag(string? Key, string? Value);

internal sealed record AddTagsToResourceRequest(string? ResourceType, string? ResourceId, IReadOnlyList<ParameterTag>? Tags);

internal sealed record RemoveTagsFromResourceRequest(string? ResourceType, string? ResourceId, IReadOnlyList<string>? TagKeys);

internal sealed record ListTagsForResourceRequest(string? ResourceType, string? ResourceId);

internal sealed record ListTagsForResourceResult(IReadOnlyList<ParameterTag> TagList);

/// <summary>AddTagsToResource, RemoveTagsFromResource and ListTagsForResource, of parameters.</summary>
internal sealed class ParameterTags(Parameters parameters)
{
    private const int Most = 50;

    private static readonly string[] Types =
    [
        "Association",
        "MaintenanceWindow",
        "Automation",
        "OpsItem",
        "Document",
        "PatchBaseline",
        "OpsMetadata",
        "ManagedInstance",
        "Parameter",
    ];

    public Task<EmptyResult> Add(AddTagsToResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request.ResourceType, "AddTagsToResource");
        var added = SsmErrors.Required(request.Tags, "tags");
        return Change(request.ResourceId, caller, tags => Merge(tags, added));
    }

    public Task<EmptyResult> Remove(RemoveTagsFromResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request.ResourceType, "RemoveTagsFromResource");
        var keys = SsmErrors.Required(request.TagKeys, "tagKeys");
        return Change(
            request.ResourceId,
            caller,
            tags => tags.Where(tag => !keys.Contains(tag.Key)).ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal)
        );
    }

    public ListTagsForResourceResult List(ListTagsForResourceRequest request, Caller caller)
    {
        Check(request.ResourceType, "ListTagsForResource");
        var found =
            parameters.Shelf.Get(caller.Scope, SsmErrors.Required(request.ResourceId, "resourceId")) ?? throw SsmErrors.NoResource();
        return new([.. found.Tags.Select(tag => new ParameterTag(tag.Key, tag.Value))]);
    }

    /// <exception cref="AwsException">ValidationException, TooManyTagsError.</exception>
    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> present, IReadOnlyList<ParameterTag>? added)
    {
        var tags = new Dictionary<string, string>(present, StringComparer.Ordinal);
        foreach (var (at, tag) in (added ?? []).Index())
        {
            var member = $"tags.{at + 1}.member.";
            var key = Checked(tag.Key, member + "key", 1, 128);
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw SsmErrors.Invalid("aws: prefixed tag key names are not allowed for external use.");
            }

            tags[key] = Checked(tag.Value, member + "value", 0, 256);
        }

        return tags.Count <= Most ? tags : throw SsmErrors.TooManyTags();
    }

    private Task<EmptyResult> Change(
        string? name,
        Caller caller,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change
    ) =>
        parameters.Database.Write(transaction =>
        {
            var parameter =
                parameters.Shelf.Get(transaction, caller.Scope, SsmErrors.Required(name, "resourceId")) ?? throw SsmErrors.NoResource();
            parameters.Shelf.Put(transaction, caller.Scope, parameter.Name, parameter with { Tags = change(parameter.Tags) });
            return EmptyResult.Value;
        });

    private static void Check(string? type, string operation)
    {
        if (!Types.Contains(SsmErrors.Required(type, "resourceType")))
        {
            throw SsmErrors.Constraint(type, "resourceType", $"Member must satisfy enum value set: [{string.Join(", ", Types)}]");
        }

        if (type != "Parameter")
        {
            throw AwsException.NotImplemented($"ssm:{operation} of the resource type {type}");
        }
    }

    private static string Checked(string? text, string member, int least, int most)
    {
        var given = SsmErrors.Required(text, member);
        return given.Length < least ? throw SsmErrors.Constraint(given, member, $"Member must have length greater than or equal to {least}")
            : given.Length > most ? throw SsmErrors.Constraint(given, member, $"Member must have length less than or equal to {most}")
            : given;
    }
}

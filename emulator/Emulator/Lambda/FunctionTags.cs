using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record TagResourceRequest
{
    public string? Resource { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}

internal sealed record UntagResourceRequest
{
    public string? Resource { get; init; }

    public IReadOnlyList<string>? TagKeys { get; init; }
}

internal sealed record ListTagsRequest
{
    public string? Resource { get; init; }
}

internal sealed record ListTagsResponse(IReadOnlyDictionary<string, string> Tags);

/// <summary>TagResource, UntagResource and ListTags, of functions and of event source mappings.</summary>
internal static class FunctionTags
{
    private const string ResourcePattern =
        "arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?"
        + "|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})";

    /// <remarks>The refusals are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api, TestLambdaTags.</remarks>
    public static Task Add(FunctionStore functions, MappingStore mappings, TagResourceRequest request, Caller caller) =>
        Change(
            functions,
            mappings,
            request.Resource,
            caller,
            tags =>
            {
                if (request.Tags is not { Count: > 0 })
                {
                    throw LambdaErrors.Invalid("An error occurred and the request cannot be processed.");
                }

                foreach (var (key, value) in request.Tags)
                {
                    tags[key] = value;
                }

                if (tags.Count > 50)
                {
                    throw LambdaErrors.Invalid("Number of tags exceeds resource tag limit.");
                }
            }
        );

    public static Task Remove(FunctionStore functions, MappingStore mappings, UntagResourceRequest request, Caller caller) =>
        Change(
            functions,
            mappings,
            request.Resource,
            caller,
            tags =>
            {
                if (request.TagKeys is not { Count: > 0 })
                {
                    throw LambdaErrors.Constraints(["Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"]);
                }

                foreach (var key in request.TagKeys)
                {
                    tags.Remove(key);
                }
            }
        );

    public static ListTagsResponse List(FunctionStore functions, MappingStore mappings, ListTagsRequest request, Caller caller) =>
        new(
            MappingId(request.Resource) is { } id
                ? (mappings.Mappings.Get(caller.Scope, id) ?? throw NoMapping(request.Resource)).Tags
                : functions.Get(Reference(request.Resource, caller)).Tags
        );

    private static Task Change(
        FunctionStore functions,
        MappingStore mappings,
        string? resource,
        Caller caller,
        Action<Dictionary<string, string>> change
    ) =>
        functions.Database.Write(transaction =>
        {
            if (MappingId(resource) is { } id)
            {
                var mapping = mappings.Mappings.Get(transaction, caller.Scope, id) ?? throw NoMapping(resource);
                mappings.Put(transaction, mapping with { Tags = Changed(mapping.Tags, change) });
                return;
            }

            var reference = Reference(resource, caller);
            var function = functions.Get(transaction, reference);
            functions.Put(
                transaction,
                reference.Scope,
                function.Revised(null, FunctionStore.NewRevision()) with
                {
                    Tags = Changed(function.Tags, change),
                }
            );
        });

    private static Dictionary<string, string> Changed(IReadOnlyDictionary<string, string> tags, Action<Dictionary<string, string>> change)
    {
        var changed = tags.ToDictionary();
        change(changed);
        return changed;
    }

    private static AwsException NoMapping(string? arn) => LambdaErrors.NotFound($"Event source mapping not found: {arn}");

    /// <exception cref="AwsException">ValidationException: more than an id follows.</exception>
    private static string? MappingId(string? resource)
    {
        const string prefix = "event-source-mapping:";
        if (Arn.TryParse(resource) is not { } arn || !arn.Resource.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var id = arn.Resource[prefix.Length..];
        return Guid.TryParse(id, out _) ? id : throw Malformed(resource);
    }

    private static AwsException Malformed(string? resource) =>
        LambdaErrors.Constraint(resource ?? "null", "resource", $"Member must satisfy regular expression pattern: {ResourcePattern}");

    private static FunctionReference Reference(string? resource, Caller caller) =>
        Arn.TryParse(resource) is not { Service: "lambda" } ? throw Malformed(resource)
        : FunctionReference.Parse(resource, null, caller.Scope) is { Qualifier: null } reference ? reference
        : throw LambdaErrors.Invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.");
}

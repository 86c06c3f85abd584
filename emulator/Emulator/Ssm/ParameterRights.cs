using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Ssm;

/// <summary>The rights that Parameter Store's operations need, on the parameter or the path.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html</remarks>
internal sealed class ParameterRights(Parameters parameters)
{
    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            PutParameterRequest put =>
            [
                On(operation, put.Name, caller) with
                {
                    Facts = [("ssm:Overwrite", put.Overwrite == true ? "true" : "false")],
                },
            ],
            GetParameterRequest get => [On(operation, get.Name, caller)],
            GetParametersRequest get => [.. (get.Names ?? []).Select(name => On(operation, name, caller))],
            GetParametersByPathRequest path =>
            [
                On(operation, path.Path, caller) with
                {
                    Facts = [("ssm:Recursive", path.Recursive == true ? "true" : "false")],
                },
            ],
            GetParameterHistoryRequest get => [On(operation, get.Name, caller)],
            DescribeParametersRequest => [new("ssm:" + operation, Arn.Of("ssm", caller.Scope, "*"))],
            DeleteParameterRequest delete => [On(operation, delete.Name, caller)],
            DeleteParametersRequest delete => [.. (delete.Names ?? []).Select(name => On(operation, name, caller))],
            LabelParameterVersionRequest label => [On(operation, label.Name, caller)],
            UnlabelParameterVersionRequest label => [On(operation, label.Name, caller)],
            AddTagsToResourceRequest tags => [On(operation, tags.ResourceId, caller)],
            RemoveTagsFromResourceRequest tags => [On(operation, tags.ResourceId, caller)],
            ListTagsForResourceRequest tags => [On(operation, tags.ResourceId, caller)],
            _ => null,
        };

    public IReadOnlyDictionary<string, string> TagsOf(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "ssm" } named && named.Resource.StartsWith("parameter/", StringComparison.Ordinal)
            ? parameters.TryFind(new(named.Scope, named.Resource["parameter".Length..], null, IsArn: true))?.Tags
                ?? new Dictionary<string, string>()
            : new Dictionary<string, string>();

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            PutParameterRequest put => Pairs(put.Tags),
            AddTagsToResourceRequest add => Pairs(add.Tags),
            RemoveTagsFromResourceRequest remove => (remove.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(IReadOnlyList<ParameterTag>? tags) =>
        (tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value));

    private static Access On(string operation, string? name, Caller caller)
    {
        if (string.IsNullOrEmpty(name))
        {
            return new("ssm:" + operation, Arn.Of("ssm", caller.Scope, "parameter/"));
        }

        var colon = name.StartsWith("arn:", StringComparison.Ordinal) ? -1 : name.IndexOf(':', StringComparison.Ordinal);
        return new(
            "ssm:" + operation,
            Arn.TryParse(name) is { } arn
                ? (arn with { Resource = arn.Resource.Split(':')[0] }).ToString()
                : ParameterName.ArnOf(caller.Scope, colon > 0 ? name[..colon] : name)
        );
    }
}

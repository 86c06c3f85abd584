using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Ssm;

/// <summary>What a template says of a parameter; its tags are a map.</summary>
internal sealed record ParameterProperties
{
    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Value { get; init; }

    public string? Description { get; init; }

    public string? AllowedPattern { get; init; }

    public string? Tier { get; init; }

    public string? Policies { get; init; }

    public string? DataType { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}

/// <summary><c>AWS::SSM::Parameter</c>: Ref is the name. CloudFormation makes no secure strings.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html</remarks>
internal sealed class ParameterResource(Parameters parameters) : IResource
{
    public string Type => "AWS::SSM::Parameter";

    public ResourceActions? Actions =>
        new(
            "ssm:PutParameter ssm:AddTagsToResource",
            "ssm:PutParameter ssm:AddTagsToResource ssm:RemoveTagsFromResource",
            "ssm:DeleteParameter"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["Name"] = new(UpdateType.Replacement),
            ["Type"] = new(Required: true),
            ["Value"] = new(Required: true),
            ["Description"] = new(),
            ["AllowedPattern"] = new(),
            ["Tier"] = new(),
            ["Policies"] = new(),
            ["DataType"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Type", "Value"];

    public JsonTypeInfo Schema => SsmTemplates.Default.ParameterProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var name = wanted.Name ?? GeneratedName(request);
        return State(
            await Put(request, wanted, name, overwrite: parameters.Shelf.Get(request.Caller.Scope, name)?.CreatedBy == request.Token)
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        State(await Put(request, Read(request), request.PhysicalId!, overwrite: true).ConfigureAwait(false));

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        parameters.Database.Write(transaction => parameters.Shelf.Remove(transaction, request.Caller.Scope, request.PhysicalId ?? ""));

    private Task<Parameter> Put(ResourceRequest request, ParameterProperties wanted, string name, bool overwrite)
    {
        var tags = ParameterTags.Merge(
            new Dictionary<string, string>(),
            wanted.Tags?.Select(tag => new ParameterTag(tag.Key, tag.Value)).ToList()
        );
        foreach (var (key, value) in request.StackTags)
        {
            tags.TryAdd(key, value);
        }

        return new PutParameter(parameters).Write(
            new()
            {
                Name = name,
                Type = wanted.Type,
                Value = wanted.Value,
                Description = wanted.Description ?? (overwrite ? "" : null),
                AllowedPattern = wanted.AllowedPattern ?? (overwrite ? "" : null),
                Tier = wanted.Tier,
                Policies = wanted.Policies,
                DataType = wanted.DataType,
                Overwrite = overwrite,
            },
            request.Caller,
            request.Token,
            parameter => parameter with { Tags = tags, CreatedBy = parameter.CreatedBy ?? request.Token }
        );
    }

    /// <summary>Without the stack's name: that is how CloudFormation names parameters.</summary>
    private static string GeneratedName(ResourceRequest request)
    {
        var generated = request.GenerateName(1011);
        return $"CFN-{request.LogicalId}-{generated[(generated.LastIndexOf('-') + 1)..]}";
    }

    private static ParameterProperties Read(ResourceRequest request)
    {
        var wanted = TemplateProperties.Read(request, SsmTemplates.Default.ParameterProperties);
        return wanted.Type is ParameterVersion.String or ParameterVersion.StringList
            ? wanted
            : throw new AwsException(
                "ValidationException",
                $"Properties validation failed for resource {request.LogicalId} with message: [#/Type: {wanted.Type} is not a valid enum value]"
            );
    }

    private static ResourceState State(Parameter parameter) =>
        ResourceState.Of(parameter.Name, ("Type", parameter.Latest.Type), ("Value", parameter.Latest.Value));
}

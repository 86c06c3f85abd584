using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record VersionProperties
{
    public string? FunctionName { get; init; }

    public string? Description { get; init; }

    public string? CodeSha256 { get; init; }
}

/// <summary><c>AWS::Lambda::Version</c>: Ref is the ARN with the version.</summary>
internal sealed class VersionResource(FunctionStore functions, FunctionActivation activation) : IResource
{
    public string Type => "AWS::Lambda::Version";

    public ResourceActions? Actions => new("lambda:PublishVersion", "lambda:PublishVersion", "lambda:DeleteFunction");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FunctionName"] = new(UpdateType.Replacement, Required: true),
            ["Description"] = new(UpdateType.Replacement),
            ["CodeSha256"] = new(UpdateType.Replacement),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Version", "FunctionArn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.VersionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.VersionProperties);
        var function = FunctionReference.Parse(properties.FunctionName, null, request.Caller.Scope);
        await activation.Activate(function.Scope, function.Name).ConfigureAwait(false);
        var published = await PublishVersion
            .Run(
                functions,
                new PublishVersionRequest
                {
                    FunctionName = properties.FunctionName,
                    Description = properties.Description,
                    CodeSha256 = properties.CodeSha256,
                },
                request.Caller
            )
            .ConfigureAwait(false);
        return State(published.FunctionArn, published.Version);
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(State(request.PhysicalId!, request.PhysicalId![(request.PhysicalId!.LastIndexOf(':') + 1)..]));

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await DeleteFunction
                .Run(functions, new DeleteFunctionRequest { FunctionName = request.PhysicalId }, request.Caller)
                .ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // The function went first, and its versions with it.
        }
    }

    private static ResourceState State(string arn, string version) => ResourceState.Of(arn, ("Version", version), ("FunctionArn", arn));
}

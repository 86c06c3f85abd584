using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record LayerVersionProperties
{
    public string? LayerName { get; init; }

    public string? Description { get; init; }

    public InlineCode? Content { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public string? LicenseInfo { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }
}

/// <summary><c>AWS::Lambda::LayerVersion</c>: Ref is the version's ARN; every change is a new version.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html</remarks>
internal sealed class LayerVersionResource(Layers layers) : IResource
{
    public string Type => "AWS::Lambda::LayerVersion";

    public ResourceActions? Actions => new("lambda:PublishLayerVersion", "lambda:PublishLayerVersion", "lambda:DeleteLayerVersion");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Content"] = new(UpdateType.Replacement, Required: true),
            ["LayerName"] = new(UpdateType.Replacement),
            ["Description"] = new(UpdateType.Replacement),
            ["CompatibleRuntimes"] = new(UpdateType.Replacement),
            ["LicenseInfo"] = new(UpdateType.Replacement),
            ["CompatibleArchitectures"] = new(UpdateType.Replacement),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["LayerVersionArn"];

    public JsonTypeInfo Schema => LambdaResourceJson.Default.LayerVersionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.LayerVersionProperties);
        var made = await layers
            .Publish(
                new PublishLayerVersionRequest
                {
                    // Without a name, the layer has the name of its resource (the reference's LayerName says nothing of it).
                    LayerName = properties.LayerName ?? request.LogicalId,
                    Description = properties.Description,
                    Content = new FunctionCodeLocation
                    {
                        S3Bucket = properties.Content?.S3Bucket,
                        S3Key = properties.Content?.S3Key,
                        S3ObjectVersion = properties.Content?.S3ObjectVersion,
                    },
                    CompatibleRuntimes = properties.CompatibleRuntimes,
                    LicenseInfo = properties.LicenseInfo,
                    CompatibleArchitectures = properties.CompatibleArchitectures,
                },
                request.Caller,
                request.Token
            )
            .ConfigureAwait(false);
        return State(made.LayerVersionArn);
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(State(request.PhysicalId!));

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (LayerReference.TryParse(request.PhysicalId) is { } version)
        {
            await layers
                .Delete(new LayerVersionRequest { LayerName = version.LayerArn, VersionNumber = version.Version }, request.Caller)
                .ConfigureAwait(false);
        }
    }

    private static ResourceState State(string arn) => ResourceState.Of(arn, ("LayerVersionArn", arn));
}

internal sealed record LayerVersionPermissionProperties
{
    public string? LayerVersionArn { get; init; }

    public string? Action { get; init; }

    public string? Principal { get; init; }

    public string? OrganizationId { get; init; }
}

/// <summary><c>AWS::Lambda::LayerVersionPermission</c>: Ref is the version's ARN with the statement's id.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversionpermission.html</remarks>
internal sealed class LayerVersionPermissionResource(FunctionStore functions) : IResource
{
    public string Type => "AWS::Lambda::LayerVersionPermission";

    public ResourceActions? Actions =>
        new("lambda:AddLayerVersionPermission", "lambda:AddLayerVersionPermission", "lambda:RemoveLayerVersionPermission");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["LayerVersionArn"] = new(UpdateType.Replacement, Required: true),
            ["Action"] = new(UpdateType.Replacement, Required: true),
            ["Principal"] = new(UpdateType.Replacement, Required: true),
            ["OrganizationId"] = new(UpdateType.Replacement),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public JsonTypeInfo Schema => LambdaResourceJson.Default.LayerVersionPermissionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.LayerVersionPermissionProperties);
        var version = LayerReference.Parse(properties.LayerVersionArn);
        var statement = request.GenerateName(100);
        await LayerPermissions
            .Add(
                functions,
                new AddLayerVersionPermissionRequest
                {
                    LayerName = version.LayerArn,
                    VersionNumber = version.Version,
                    StatementId = statement,
                    Action = properties.Action,
                    Principal = properties.Principal,
                    OrganizationId = properties.OrganizationId,
                },
                request.Caller,
                repeat: true
            )
            .ConfigureAwait(false);
        return State($"{version.VersionArn}#{statement}");
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(State(request.PhysicalId!));

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (request.PhysicalId!.Split('#') is [var arn, var statement] && LayerReference.TryParse(arn) is { } version)
        {
            try
            {
                await LayerPermissions
                    .Remove(
                        functions,
                        new RemoveLayerVersionPermissionRequest
                        {
                            LayerName = version.LayerArn,
                            VersionNumber = version.Version,
                            StatementId = statement,
                        },
                        request.Caller
                    )
                    .ConfigureAwait(false);
            }
            catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
            {
                // The version went first, and its policy with it.
            }
        }
    }

    private static ResourceState State(string id) => ResourceState.Of(id, ("Id", id));
}

using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record PublishLayerVersionRequest
{
    public string? LayerName { get; init; }

    public string? Description { get; init; }

    public FunctionCodeLocation? Content { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public string? LicenseInfo { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }
}

/// <summary>Of the operations that name one version.</summary>
internal sealed record LayerVersionRequest
{
    public string? LayerName { get; init; }

    public long? VersionNumber { get; init; }
}

internal sealed record GetLayerVersionByArnRequest
{
    public string? Arn { get; init; }
}

internal sealed record ListLayersRequest
{
    public string? CompatibleRuntime { get; init; }

    public string? CompatibleArchitecture { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record ListLayerVersionsRequest
{
    public string? LayerName { get; init; }

    public string? CompatibleRuntime { get; init; }

    public string? CompatibleArchitecture { get; init; }

    public string? Marker { get; init; }

    public int? MaxItems { get; init; }
}

internal sealed record LayerContent(string Location, string CodeSha256, long CodeSize);

/// <summary>A version as PublishLayerVersion and GetLayerVersion answer it, and in lists without its layer and its content.</summary>
internal sealed record LayerVersionDescription
{
    public LayerContent? Content { get; init; }

    public string? LayerArn { get; init; }

    public required string LayerVersionArn { get; init; }

    public required string Description { get; init; }

    public required string CreatedDate { get; init; }

    public required long Version { get; init; }

    public IReadOnlyList<string>? CompatibleRuntimes { get; init; }

    public string? LicenseInfo { get; init; }

    public IReadOnlyList<string>? CompatibleArchitectures { get; init; }
}

internal sealed record LayerDescription(string LayerName, string LayerArn, LayerVersionDescription LatestMatchingVersion);

internal sealed record ListLayersResponse(IReadOnlyList<LayerDescription> Layers, string? NextMarker);

internal sealed record ListLayerVersionsResponse(IReadOnlyList<LayerVersionDescription> LayerVersions, string? NextMarker);

/// <summary>PublishLayerVersion, GetLayerVersion, GetLayerVersionByArn, ListLayers, ListLayerVersions and DeleteLayerVersion.</summary>
/// <remarks>Answers and refusals are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api, TestLambdaLayer.</remarks>
internal sealed class Layers(FunctionStore functions, FunctionCodeSource source, EmulatorEndpoint endpoint)
{
    private const int Page = 50;

    /// <param name="request">What it is.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="token">Of a CloudFormation step: the step repeated finds its version instead of making another one.</param>
    public async Task<LayerVersionDescription> Publish(PublishLayerVersionRequest request, Caller caller, string? token = null)
    {
        var reference = LayerReference.Named(request.LayerName, caller.Scope);
        LayerLimits.Check(request);
        var package = await source.Fetch(request.Content ?? new FunctionCodeLocation(), caller).ConfigureAwait(false);
        return await functions
            .Database.Write(transaction =>
            {
                var layer = functions.Layers.Layers.Get(transaction, caller.Scope, reference.Name) ?? new Layer(reference.Name);
                if (token is not null && layer.Versions.FirstOrDefault(version => version.Token == token) is { } repeated)
                {
                    return Describe(reference, repeated);
                }

                FunctionStore.PutCode(transaction, caller.Account, package);
                var made = new LayerVersion(layer.LastVersion + 1)
                {
                    CodeSha256 = package.Sha256,
                    CodeSize = package.Zip.Length,
                    UnzippedSize = package.UnzippedSize,
                    Created = functions.Clock.GetUtcNow(),
                    Description = request.Description ?? "",
                    LicenseInfo = request.LicenseInfo,
                    CompatibleRuntimes = request.CompatibleRuntimes,
                    CompatibleArchitectures = request.CompatibleArchitectures,
                    RevisionId = FunctionStore.NewRevision(),
                    Token = token,
                };
                functions.Layers.Layers.Put(
                    transaction,
                    caller.Scope,
                    layer.Name,
                    layer with
                    {
                        LastVersion = made.Number,
                        Versions = [.. layer.Versions, made],
                    }
                );
                return Describe(reference, made);
            })
            .ConfigureAwait(false);
    }

    public LayerVersionDescription Get(LayerVersionRequest request, Caller caller) =>
        Found(LayerReference.Of(request.LayerName, request.VersionNumber, caller.Scope));

    public LayerVersionDescription GetByArn(GetLayerVersionByArnRequest request) => Found(LayerReference.Parse(request.Arn));

    /// <summary>Layers that have a version that fits, each with the latest such version.</summary>
    public ListLayersResponse List(ListLayersRequest request, Caller caller)
    {
        LayerLimits.Check(request.CompatibleRuntime, request.CompatibleArchitecture);
        var all = functions
            .Layers.Layers.List(caller.Scope)
            .Values.Select(layer =>
                (Layer: layer, Version: Matching(layer, request.CompatibleRuntime, request.CompatibleArchitecture).FirstOrDefault())
            )
            .Where(entry => entry.Version is not null)
            .Select(entry =>
            {
                var reference = new LayerReference(caller.Scope, entry.Layer.Name, 0);
                return new LayerDescription(entry.Layer.Name, reference.LayerArn, Listed(reference, entry.Version!));
            });
        var (page, next) = functions
            .Lists.Of("ListLayers", caller.Scope, request.CompatibleRuntime, request.CompatibleArchitecture)
            .PageByCount(all, LambdaErrors.PageSize(request.MaxItems, Page), request.Marker);
        return new(page, next);
    }

    /// <summary>The latest version first; none of a layer that is not there.</summary>
    public ListLayerVersionsResponse ListVersions(ListLayerVersionsRequest request, Caller caller)
    {
        LayerLimits.Check(request.CompatibleRuntime, request.CompatibleArchitecture);
        var reference = LayerReference.Named(request.LayerName, caller.Scope);
        var layer = functions.Layers.Layers.Get(reference.Scope, reference.Name);
        var all = layer is null ? [] : Matching(layer, request.CompatibleRuntime, request.CompatibleArchitecture);
        var (page, next) = functions
            .Lists.Of("ListLayerVersions", caller.Scope, reference.LayerArn, request.CompatibleRuntime, request.CompatibleArchitecture)
            .PageByCount(all.Select(version => Listed(reference, version)), LambdaErrors.PageSize(request.MaxItems, Page), request.Marker);
        return new(page, next);
    }

    /// <summary>Deletes a version. Functions that use it keep their copy; a version that does not exist is no error.</summary>
    public Task Delete(LayerVersionRequest request, Caller caller)
    {
        var reference = LayerReference.Of(request.LayerName, request.VersionNumber, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            if (functions.Layers.Find(transaction, reference) is not { } version)
            {
                return;
            }

            var layer = functions.Layers.Layers.Get(transaction, reference.Scope, reference.Name)!;
            functions.Layers.Layers.Put(
                transaction,
                reference.Scope,
                layer.Name,
                layer with
                {
                    Versions = [.. layer.Versions.Where(other => other.Number != version.Number)],
                }
            );
            functions.SweepCode(transaction, reference.Scope, reference.Scope.Account, version.CodeSha256);
        });
    }

    private LayerVersionDescription Found(LayerReference reference) =>
        functions.Layers.Find(reference) is { } version
            ? Describe(reference, version)
            : throw LambdaErrors.NotFound("The resource you requested does not exist.");

    private static IEnumerable<LayerVersion> Matching(Layer layer, string? runtime, string? architecture) =>
        layer
            .Versions.Where(version =>
                (runtime is null || version.CompatibleRuntimes?.Contains(runtime) == true)
                && (architecture is null || version.CompatibleArchitectures?.Contains(architecture) == true)
            )
            .OrderByDescending(version => version.Number);

    private LayerVersionDescription Describe(LayerReference reference, LayerVersion version)
    {
        var path = $"_disa/lambda/code/{reference.Scope.Account}/{Convert.ToHexStringLower(Convert.FromBase64String(version.CodeSha256))}";
        return Listed(reference, version) with
        {
            LayerArn = reference.LayerArn,
            Content = new(new Uri(endpoint.Uri, path).ToString(), version.CodeSha256, version.CodeSize),
        };
    }

    private static LayerVersionDescription Listed(LayerReference reference, LayerVersion version) =>
        new()
        {
            LayerVersionArn = (reference with { Version = version.Number }).VersionArn,
            Description = version.Description,
            CreatedDate = version.Created.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture),
            Version = version.Number,
            CompatibleRuntimes = version.CompatibleRuntimes,
            LicenseInfo = version.LicenseInfo,
            CompatibleArchitectures = version.CompatibleArchitectures,
        };
}

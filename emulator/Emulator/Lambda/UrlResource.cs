using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record UrlProperties
{
    public string? TargetFunctionArn { get; init; }

    public string? Qualifier { get; init; }

    public string? AuthType { get; init; }

    public Cors? Cors { get; init; }

    public string? InvokeMode { get; init; }
}

/// <summary><c>AWS::Lambda::Url</c>: Ref is the ARN of its function or alias.</summary>
internal sealed class UrlResource(FunctionUrlConfigs urls) : IResource
{
    public string Type => "AWS::Lambda::Url";

    public ResourceActions? Actions =>
        new("lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig", "lambda:DeleteFunctionUrlConfig");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["TargetFunctionArn"] = new(UpdateType.Replacement, Required: true),
            ["Qualifier"] = new(UpdateType.Replacement),
            ["AuthType"] = new(Required: true),
            ["Cors"] = new(),
            ["InvokeMode"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["FunctionArn", "FunctionUrl"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.UrlProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) =>
        State(await urls.Create(Wanted(request), request.Caller, request.Token).ConfigureAwait(false));

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Wanted(request);
        return State(await urls.Update(wanted with { Cors = wanted.Cors ?? new Cors() }, request.Caller).ConfigureAwait(false));
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Wanted(request);
        try
        {
            await urls.Delete(new() { FunctionName = wanted.FunctionName, Qualifier = wanted.Qualifier }, request.Caller)
                .ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // The function went first, and its URL with it.
        }
    }

    private static FunctionUrlConfigRequest Wanted(ResourceRequest request)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.UrlProperties);
        return new()
        {
            FunctionName = properties.TargetFunctionArn,
            Qualifier = properties.Qualifier,
            AuthType = properties.AuthType,
            Cors = properties.Cors,
            InvokeMode = properties.InvokeMode,
        };
    }

    private static ResourceState State(FunctionUrlConfig url) =>
        ResourceState.Of(url.FunctionArn, ("FunctionArn", url.FunctionArn), ("FunctionUrl", url.FunctionUrl));
}

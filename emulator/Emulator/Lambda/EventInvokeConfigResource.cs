using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record EventInvokeConfigProperties
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeInSeconds { get; init; }

    public DestinationConfig? DestinationConfig { get; init; }
}

/// <summary><c>AWS::Lambda::EventInvokeConfig</c>: there is one for a function and qualifier.</summary>
internal sealed class EventInvokeConfigResource(FunctionStore functions) : IResource
{
    public string Type => "AWS::Lambda::EventInvokeConfig";

    public ResourceActions? Actions =>
        new("lambda:PutFunctionEventInvokeConfig", "lambda:PutFunctionEventInvokeConfig", "lambda:DeleteFunctionEventInvokeConfig");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FunctionName"] = new(UpdateType.Replacement, Required: true),
            ["Qualifier"] = new(UpdateType.Replacement, Required: true),
            ["MaximumRetryAttempts"] = new(),
            ["MaximumEventAgeInSeconds"] = new(),
            ["DestinationConfig"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.EventInvokeConfigProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        await Put(request).ConfigureAwait(false);
        return ResourceState.Of(request.GenerateName(64));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        await Put(request).ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.EventInvokeConfigProperties);
        try
        {
            await EventInvokeConfigs
                .Delete(
                    functions,
                    new GetFunctionRequest { FunctionName = properties.FunctionName, Qualifier = properties.Qualifier },
                    request.Caller
                )
                .ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // The function went first, and this with it.
        }
    }

    private Task<EventInvokeConfigDescription> Put(ResourceRequest request)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.EventInvokeConfigProperties);
        return EventInvokeConfigs.Put(
            functions,
            new PutFunctionEventInvokeConfigRequest
            {
                FunctionName = properties.FunctionName,
                Qualifier = properties.Qualifier,
                MaximumRetryAttempts = properties.MaximumRetryAttempts,
                MaximumEventAgeInSeconds = properties.MaximumEventAgeInSeconds,
                DestinationConfig = properties.DestinationConfig,
            },
            merge: false,
            request.Caller
        );
    }
}

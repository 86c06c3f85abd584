using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record AliasProperties
{
    public string? FunctionName { get; init; }

    public string? Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }
}

/// <summary><c>AWS::Lambda::Alias</c>: Ref is the ARN with the alias.</summary>
internal sealed class AliasResource(FunctionStore functions) : IResource
{
    public string Type => "AWS::Lambda::Alias";

    public ResourceActions? Actions => new("lambda:CreateAlias", "lambda:UpdateAlias", "lambda:DeleteAlias");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FunctionName"] = new(UpdateType.Replacement, Required: true),
            ["Name"] = new(UpdateType.Replacement, Required: true),
            ["FunctionVersion"] = new(Required: true),
            ["Description"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["AliasArn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.AliasProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.AliasProperties);
        var made = await Aliases
            .Create(
                functions,
                new CreateAliasRequest
                {
                    FunctionName = properties.FunctionName,
                    Name = properties.Name,
                    FunctionVersion = properties.FunctionVersion,
                    Description = properties.Description,
                },
                request.Caller,
                request.Token
            )
            .ConfigureAwait(false);
        return ResourceState.Of(made.AliasArn, ("AliasArn", made.AliasArn));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.AliasProperties);
        await Aliases
            .Update(
                functions,
                new UpdateAliasRequest
                {
                    FunctionName = properties.FunctionName,
                    Name = properties.Name,
                    FunctionVersion = properties.FunctionVersion,
                    Description = properties.Description ?? "",
                },
                request.Caller
            )
            .ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!, ("AliasArn", request.PhysicalId!));
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.AliasProperties);
        try
        {
            await Aliases
                .Delete(functions, new AliasRequest { FunctionName = properties.FunctionName, Name = properties.Name }, request.Caller)
                .ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // The function went first, and its aliases with it.
        }
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Lambda;

internal sealed record PermissionProperties
{
    public string? FunctionName { get; init; }

    public string? Action { get; init; }

    public string? Principal { get; init; }

    public string? SourceArn { get; init; }

    public string? SourceAccount { get; init; }

    public string? EventSourceToken { get; init; }

    public string? PrincipalOrgID { get; init; }

    public string? FunctionUrlAuthType { get; init; }

    public bool? InvokedViaFunctionUrl { get; init; }
}

/// <summary><c>AWS::Lambda::Permission</c>: Ref is the statement's id; every change is a new statement.</summary>
internal sealed class PermissionResource(FunctionStore functions) : IResource
{
    public string Type => "AWS::Lambda::Permission";

    public ResourceActions? Actions =>
        new("lambda:AddPermission", "lambda:AddPermission lambda:RemovePermission", "lambda:RemovePermission");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FunctionName"] = new(UpdateType.Replacement, Required: true),
            ["Action"] = new(UpdateType.Replacement, Required: true),
            ["Principal"] = new(UpdateType.Replacement, Required: true),
            ["SourceArn"] = new(UpdateType.Replacement),
            ["SourceAccount"] = new(UpdateType.Replacement),
            ["EventSourceToken"] = new(UpdateType.Replacement),
            ["PrincipalOrgID"] = new(UpdateType.Replacement),
            ["FunctionUrlAuthType"] = new(UpdateType.Replacement),
            ["InvokedViaFunctionUrl"] = new(UpdateType.Replacement),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => LambdaResourceJson.Default.PermissionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.PermissionProperties);
        var id = request.GenerateName(100);
        await Permissions
            .Add(
                functions,
                new AddPermissionRequest
                {
                    FunctionName = properties.FunctionName,
                    StatementId = id,
                    Action = properties.Action,
                    Principal = properties.Principal,
                    SourceArn = properties.SourceArn,
                    SourceAccount = properties.SourceAccount,
                    EventSourceToken = properties.EventSourceToken,
                    PrincipalOrgId = properties.PrincipalOrgID,
                    FunctionUrlAuthType = properties.FunctionUrlAuthType,
                    InvokedViaFunctionUrl = properties.InvokedViaFunctionUrl,
                },
                request.Caller,
                repeat: true
            )
            .ConfigureAwait(false);
        return ResourceState.Of(id, ("Id", id));
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(ResourceState.Of(request.PhysicalId!, ("Id", request.PhysicalId!)));

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = LambdaResources.Read(request, LambdaResourceJson.Default.PermissionProperties);
        try
        {
            await Permissions
                .Remove(
                    functions,
                    new RemovePermissionRequest { FunctionName = properties.FunctionName, StatementId = request.PhysicalId },
                    request.Caller
                )
                .ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // The function went first, and its policy with it.
        }
    }
}

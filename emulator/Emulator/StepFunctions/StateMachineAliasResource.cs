using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

/// <summary>What a template says of an alias.</summary>
internal sealed record StateMachineAliasProperties
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<Route>? RoutingConfiguration { get; init; }

    public DeploymentPreference? DeploymentPreference { get; init; }
}

/// <summary>How an alias goes over to another version.</summary>
internal sealed record DeploymentPreference
{
    /// <summary><c>ALL_AT_ONCE</c>, <c>LINEAR</c> or <c>CANARY</c>.</summary>
    public string? Type { get; init; }

    public string? StateMachineVersionArn { get; init; }

    /// <summary>How much goes over at a time.</summary>
    public int? Percentage { get; init; }

    /// <summary>In minutes.</summary>
    public int? Interval { get; init; }

    public IReadOnlyList<string>? Alarms { get; init; }
}

/// <summary><c>AWS::StepFunctions::StateMachineAlias</c>: Ref is the ARN with the name.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachinealias.html, and its handlers at
/// github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions.
/// </remarks>
internal sealed class StateMachineAliasResource(
    CreateStateMachineAlias create,
    UpdateStateMachineAlias update,
    DeleteStateMachineAlias delete
) : IResource
{
    public string Type => "AWS::StepFunctions::StateMachineAlias";

    public ResourceActions? Actions =>
        new(
            "states:CreateStateMachineAlias states:DescribeStateMachineAlias",
            "states:UpdateStateMachineAlias states:DescribeStateMachineAlias",
            "states:DescribeStateMachineAlias states:DeleteStateMachineAlias"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement),
            ["Description"] = new(),
            ["RoutingConfiguration"] = new(),
            ["DeploymentPreference"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => StateMachineResourceJson.Default.StateMachineAliasProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var alias = await create
            .RunOnce(
                new CreateStateMachineAliasRequest
                {
                    Name = wanted.Name ?? request.GenerateName(80),
                    Description = wanted.Description,
                    RoutingConfiguration = Routes(wanted),
                },
                request.Token
            )
            .ConfigureAwait(false);
        return ResourceState.Of(alias.Arn, ("Arn", alias.Arn));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        await update
            .Run(
                new UpdateStateMachineAliasRequest
                {
                    StateMachineAliasArn = request.PhysicalId,
                    Description = wanted.Description,
                    RoutingConfiguration = Routes(wanted),
                },
                request.Caller,
                cancellation
            )
            .ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!, ("Arn", request.PhysicalId!));
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        delete.Run(new DeleteStateMachineAliasRequest { StateMachineAliasArn = request.PhysicalId }, request.Caller, cancellation);

    private static IReadOnlyList<Route>? Routes(StateMachineAliasProperties wanted) =>
        wanted.DeploymentPreference is { } preference
            ? [new Route { StateMachineVersionArn = preference.StateMachineVersionArn, Weight = 100 }]
            : wanted.RoutingConfiguration;

    private static StateMachineAliasProperties Read(ResourceRequest request)
    {
        var wanted = TemplateProperties.Read(request, StateMachineResourceJson.Default.StateMachineAliasProperties);
        var given = (wanted.RoutingConfiguration is null ? 0 : 1) + (wanted.DeploymentPreference is null ? 0 : 1);
        if (given != 1)
        {
            throw Wrong(request, $"#: {given} subschemas matched instead of one");
        }

        return wanted.DeploymentPreference switch
        {
            null or { Type: "ALL_AT_ONCE", StateMachineVersionArn: not null } => wanted,
            { Type: null } => throw Wrong(request, "#/DeploymentPreference: required key [Type] not found"),
            { StateMachineVersionArn: null } => throw Wrong(
                request,
                "#/DeploymentPreference: required key [StateMachineVersionArn] not found"
            ),
            { Type: "LINEAR" or "CANARY" } gradual => throw AwsException.NotImplemented(
                $"AWS::StepFunctions::StateMachineAlias with a DeploymentPreference of the Type {gradual.Type}"
            ),
            { Type: { } other } => throw Wrong(request, $"#/DeploymentPreference/Type: {other} is not a valid enum value"),
        };
    }

    private static AwsException Wrong(ResourceRequest request, string what) =>
        new("ValidationError", $"Properties validation failed for resource {request.LogicalId} with message: [{what}]");
}

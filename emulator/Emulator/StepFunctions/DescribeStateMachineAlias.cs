using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record DescribeStateMachineAliasRequest
{
    public string? StateMachineAliasArn { get; init; }
}

internal sealed record DescribeStateMachineAliasResponse
{
    public required string StateMachineAliasArn { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<Route> RoutingConfiguration { get; init; }

    public required DateTimeOffset CreationDate { get; init; }

    public required DateTimeOffset UpdateDate { get; init; }
}

/// <summary>Shows an alias.</summary>
internal sealed class DescribeStateMachineAlias(StateMachineVersions versions)
{
    public DescribeStateMachineAliasResponse Run(DescribeStateMachineAliasRequest request, Caller caller)
    {
        var arn = request.StateMachineAliasArn ?? throw StepFunctionsErrors.Missing("stateMachineAliasArn");
        var alias = versions.Alias(arn) ?? throw StepFunctionsErrors.NoSuchResource();
        return new DescribeStateMachineAliasResponse
        {
            StateMachineAliasArn = alias.Arn,
            Name = alias.Name,
            Description = alias.Description,
            RoutingConfiguration = alias.Routes,
            CreationDate = alias.Created,
            UpdateDate = alias.Updated,
        };
    }
}

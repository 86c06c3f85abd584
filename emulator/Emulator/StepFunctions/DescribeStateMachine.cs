using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record DescribeStateMachineRequest
{
    public string? StateMachineArn { get; init; }

    public string? IncludedData { get; init; }
}

internal sealed record DescribeStateMachineResponse
{
    public required string StateMachineArn { get; init; }

    public required string Name { get; init; }

    public string Status { get; init; } = "ACTIVE";

    public string? Definition { get; init; }

    public required string RoleArn { get; init; }

    public required string Type { get; init; }

    public required DateTimeOffset CreationDate { get; init; }

    public required LoggingConfiguration LoggingConfiguration { get; init; }

    public required TracingConfiguration TracingConfiguration { get; init; }

    public string? RevisionId { get; init; }

    /// <summary>The version's.</summary>
    public string? Description { get; init; }

    public EncryptionConfiguration EncryptionConfiguration { get; init; } = new() { Type = "AWS_OWNED_KEY" };

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? VariableReferences { get; init; }
}

/// <summary>Shows a state machine, or one of its versions.</summary>
internal sealed class DescribeStateMachine(StateMachineVersions versions)
{
    public DescribeStateMachineResponse Run(DescribeStateMachineRequest request, Caller caller)
    {
        var (machine, version, alias) = versions.Find(request.StateMachineArn);
        if (alias is not null)
        {
            throw StepFunctionsErrors.StateMachineDoesNotExist(alias.Arn);
        }

        return new DescribeStateMachineResponse
        {
            StateMachineArn = version?.Arn ?? machine.Arn,
            Name = machine.Name,
            Definition = request.IncludedData == "METADATA_ONLY" ? null : machine.Definition,
            RoleArn = machine.RoleArn,
            Type = machine.Type,
            CreationDate = version?.Created ?? machine.Created,
            LoggingConfiguration = machine.Logging,
            TracingConfiguration = machine.Tracing,
            RevisionId = machine.RevisionId,
            Description = version?.Description,
            VariableReferences = machine.References,
        };
    }
}

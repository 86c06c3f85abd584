using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.StepFunctions;

internal sealed record DescribeStateMachineForExecutionRequest
{
    public string? ExecutionArn { get; init; }

    public string? IncludedData { get; init; }
}

internal sealed record DescribeStateMachineForExecutionResponse
{
    public required string StateMachineArn { get; init; }

    public required string Name { get; init; }

    public string? Definition { get; init; }

    public required string RoleArn { get; init; }

    public required DateTimeOffset UpdateDate { get; init; }

    public required LoggingConfiguration LoggingConfiguration { get; init; }

    public required TracingConfiguration TracingConfiguration { get; init; }

    public string? MapRunArn { get; init; }

    public string? Label { get; init; }

    public string? RevisionId { get; init; }

    public EncryptionConfiguration EncryptionConfiguration { get; init; } = new() { Type = "AWS_OWNED_KEY" };

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? VariableReferences { get; init; }
}

/// <summary>Shows the state machine as it was when an execution began.</summary>
internal sealed class DescribeStateMachineForExecution(Database database)
{
    public DescribeStateMachineForExecutionResponse Run(DescribeStateMachineForExecutionRequest request, Caller caller) =>
        database.Read(transaction =>
        {
            var execution = Executions.FindStandard(transaction, request.ExecutionArn);
            var machine = StateMachines.Revision(transaction, execution.Machine, execution.Revision, execution.Arn);
            return new DescribeStateMachineForExecutionResponse
            {
                StateMachineArn = machine.Arn,
                Name = machine.Name,
                Definition = request.IncludedData == "METADATA_ONLY" ? null : machine.Definition,
                RoleArn = machine.RoleArn,
                UpdateDate = machine.Updated ?? machine.Created,
                LoggingConfiguration = machine.Logging,
                TracingConfiguration = machine.Tracing,
                MapRunArn = execution.MapRun,
                Label = machine.Label,
                RevisionId = machine.RevisionId,
                VariableReferences = machine.References,
            };
        });
}

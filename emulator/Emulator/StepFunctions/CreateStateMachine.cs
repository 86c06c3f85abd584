using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record CreateStateMachineRequest
{
    public string? Name { get; init; }

    public string? Definition { get; init; }

    public string? RoleArn { get; init; }

    public string? Type { get; init; }

    public LoggingConfiguration? LoggingConfiguration { get; init; }

    public TracingConfiguration? TracingConfiguration { get; init; }

    public EncryptionConfiguration? EncryptionConfiguration { get; init; }

    public IReadOnlyList<Tag>? Tags { get; init; }
}

internal sealed record CreateStateMachineResponse(string StateMachineArn, DateTimeOffset CreationDate);

/// <summary>Creates a state machine; the same again answers as the first time.</summary>
internal sealed class CreateStateMachine(Database database, StateMachines machines, Clock clock, LogDelivery delivery)
{
    public async Task<CreateStateMachineResponse> Run(CreateStateMachineRequest request, Caller caller, CancellationToken cancellation)
    {
        var machine = await Run(request, caller, token: null).ConfigureAwait(false);
        return new(machine.Arn, machine.Created);
    }

    /// <param name="token">CloudFormation's, which makes a repeated step find what it made.</param>
    public Task<StateMachineDocument> Run(CreateStateMachineRequest request, Caller caller, string? token)
    {
        var name = StateMachines.CheckName(request.Name);
        var arn = StateMachines.ArnOf(caller.Scope, name);
        var type = StateMachines.CheckType(request.Type);
        var role = StateMachines.CheckRole(request.RoleArn);
        machines.Check(request.Definition ?? throw StepFunctionsErrors.Missing("definition"), type);
        StateMachines.CheckEncryption(request.EncryptionConfiguration);
        var machine = new StateMachineDocument
        {
            Arn = arn,
            Name = name,
            Definition = request.Definition,
            RoleArn = role,
            Type = type,
            Created = clock.GetUtcNow(),
            Revision = Guid.NewGuid().ToString(),
            Logging = StateMachines.CheckLogging(request.LoggingConfiguration),
            Tracing = StateMachines.CheckTracing(request.TracingConfiguration),
            Tags = StateMachines.CheckTags(request.Tags, arn),
            Token = token,
        };
        delivery.Check(machine);
        return database.Write(transaction =>
        {
            if (machines.Get(transaction, arn) is not { } existing)
            {
                machines.Put(transaction, machine);
                return machine;
            }

            // Tags and the role are no part of the comparison (Step Functions API reference, CreateStateMachine).
            var isSame =
                existing.Definition == machine.Definition
                && existing.Type == machine.Type
                && existing.Logging.Level == machine.Logging.Level
                && existing.Tracing == machine.Tracing;
            return (token is null ? isSame : existing.Token == token) ? existing : throw StepFunctionsErrors.StateMachineAlreadyExists(arn);
        });
    }
}

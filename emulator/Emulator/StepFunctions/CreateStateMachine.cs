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

    public bool? Publish { get; init; }

    public string? VersionDescription { get; init; }
}

internal sealed record CreateStateMachineResponse(string StateMachineArn, DateTimeOffset CreationDate, string? StateMachineVersionArn);

/// <summary>Creates a state machine; the same again answers as the first time.</summary>
internal sealed class CreateStateMachine(
    Database database,
    StateMachines machines,
    StateMachineVersions versions,
    Clock clock,
    LogDelivery delivery
)
{
    public async Task<CreateStateMachineResponse> Run(CreateStateMachineRequest request, Caller caller, CancellationToken cancellation)
    {
        var machine = await Run(request, caller, token: null, cancellation).ConfigureAwait(false);
        return new(machine.Arn, machine.Created, machine.WasPublished ? StateMachines.Qualified(machine.Arn, "1") : null);
    }

    /// <param name="token">CloudFormation's, which makes a repeated step find what it made.</param>
    public async Task<StateMachineDocument> Run(
        CreateStateMachineRequest request,
        Caller caller,
        string? token,
        CancellationToken cancellation
    )
    {
        var name = StateMachines.CheckName(request.Name);
        var arn = StateMachines.ArnOf(caller.Scope, name);
        var type = StateMachines.CheckType(request.Type);
        var role = StateMachines.CheckRole(request.RoleArn);
        PublishStateMachineVersion.CheckDescription(request.VersionDescription, request.Publish);
        machines.Check(request.Definition ?? throw StepFunctionsErrors.Missing("definition"), type);
        StateMachines.CheckEncryption(request.EncryptionConfiguration);
        var revision = Guid.NewGuid().ToString();
        var machine = new StateMachineDocument
        {
            Arn = arn,
            Name = name,
            Definition = request.Definition,
            RoleArn = role,
            Type = type,
            Created = clock.GetUtcNow(),
            Revision = revision,
            FirstRevision = revision,
            WasPublished = request.Publish == true,
            VersionDescription = request.VersionDescription,
            Logging = StateMachines.CheckLogging(request.LoggingConfiguration),
            Tracing = StateMachines.CheckTracing(request.TracingConfiguration),
            Tags = StateMachines.CheckTags(request.Tags, arn),
            Token = token,
        };
        await delivery.Begin(machine, cancellation).ConfigureAwait(false);
        return await database
            .Write(transaction =>
            {
                if (machines.Get(transaction, arn) is not { } existing)
                {
                    machines.Put(transaction, machine);
                    if (machine.WasPublished)
                    {
                        versions.Publish(transaction, machine, machine.VersionDescription, machine.Created);
                    }

                    return machine;
                }

                // Tags and the role are no part of the comparison (Step Functions API reference, CreateStateMachine).
                var isSame =
                    existing.Definition == machine.Definition
                    && existing.Type == machine.Type
                    && existing.Logging.Level == machine.Logging.Level
                    && existing.Tracing == machine.Tracing
                    && existing.WasPublished == machine.WasPublished
                    && existing.VersionDescription == machine.VersionDescription;
                return (token is null ? isSame : existing.Token == token)
                    ? existing
                    : throw StepFunctionsErrors.StateMachineAlreadyExists(arn);
            })
            .ConfigureAwait(false);
    }
}

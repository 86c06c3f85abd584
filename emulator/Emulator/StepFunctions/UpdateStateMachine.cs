using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record UpdateStateMachineRequest
{
    public string? StateMachineArn { get; init; }

    public string? Definition { get; init; }

    public string? RoleArn { get; init; }

    public LoggingConfiguration? LoggingConfiguration { get; init; }

    public TracingConfiguration? TracingConfiguration { get; init; }

    public EncryptionConfiguration? EncryptionConfiguration { get; init; }

    public bool? Publish { get; init; }

    public string? VersionDescription { get; init; }
}

internal sealed record UpdateStateMachineResponse(DateTimeOffset UpdateDate, string? RevisionId, string? StateMachineVersionArn);

/// <summary>Makes a new revision; executions that run keep the one they began with.</summary>
internal sealed class UpdateStateMachine(
    Database database,
    StateMachines machines,
    StateMachineVersions versions,
    Clock clock,
    LogDelivery delivery
)
{
    public async Task<UpdateStateMachineResponse> Run(UpdateStateMachineRequest request, Caller caller, CancellationToken cancellation)
    {
        var (machine, version) = await Change(request, tags: null, cancellation).ConfigureAwait(false);
        return new(machine.Updated!.Value, machine.RevisionId, version?.Arn);
    }

    /// <param name="tags">All its tags, where they change too.</param>
    public async Task<StateMachineDocument> Run(
        UpdateStateMachineRequest request,
        IReadOnlyList<Tag>? tags,
        CancellationToken cancellation
    ) => (await Change(request, tags, cancellation).ConfigureAwait(false)).Machine;

    private async Task<(StateMachineDocument Machine, VersionDocument? Version)> Change(
        UpdateStateMachineRequest request,
        IReadOnlyList<Tag>? tags,
        CancellationToken cancellation
    )
    {
        var before = machines.Find(request.StateMachineArn);
        if (
            request is
            { Definition: null, RoleArn: null, LoggingConfiguration: null, TracingConfiguration: null, EncryptionConfiguration: null }
        )
        {
            throw StepFunctionsErrors.MissingRequiredParameter();
        }

        PublishStateMachineVersion.CheckDescription(request.VersionDescription, request.Publish);
        if (request.Definition is not null)
        {
            machines.Check(request.Definition, before.Type);
        }

        StateMachines.CheckEncryption(request.EncryptionConfiguration);
        var role = request.RoleArn is null ? null : StateMachines.CheckRole(request.RoleArn);
        var logging = request.LoggingConfiguration is null ? null : StateMachines.CheckLogging(request.LoggingConfiguration);
        var tracing = request.TracingConfiguration is null ? null : StateMachines.CheckTracing(request.TracingConfiguration);
        var delivered = before with { RoleArn = role ?? before.RoleArn, Logging = logging ?? before.Logging };
        await (logging is null ? delivery.Check(delivered, cancellation) : delivery.Begin(delivered, cancellation)).ConfigureAwait(false);
        return await database
            .Write(transaction =>
            {
                var there = machines.Find(transaction, request.StateMachineArn);
                var machine = there with
                {
                    Definition = request.Definition ?? there.Definition,
                    RoleArn = role ?? there.RoleArn,
                    Logging = logging ?? there.Logging,
                    Tracing = tracing ?? there.Tracing,
                    Tags = tags ?? there.Tags,
                    Updated = clock.GetUtcNow(),
                };

                // A revision is what executions begin with: where that is as it was, so is the revision (recorded on AWS).
                machine = IsSame(there, machine) ? machine : machine with { Revision = Guid.NewGuid().ToString() };
                machines.Put(transaction, machine);
                var version =
                    request.Publish == true
                        ? versions.Publish(transaction, machine, request.VersionDescription, machine.Updated!.Value)
                        : null;
                return (machine, version);
            })
            .ConfigureAwait(false);
    }

    private static bool IsSame(StateMachineDocument before, StateMachineDocument after) =>
        before.Definition == after.Definition
        && before.RoleArn == after.RoleArn
        && before.Tracing == after.Tracing
        && IsSame(before.Logging, after.Logging);

    private static bool IsSame(LoggingConfiguration before, LoggingConfiguration after) =>
        before with { Destinations = null } == after with { Destinations = null }
        && (before.Destinations ?? []).SequenceEqual(after.Destinations ?? []);
}

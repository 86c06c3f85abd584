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
}

internal sealed record UpdateStateMachineResponse(DateTimeOffset UpdateDate, string RevisionId);

/// <summary>Makes a new revision; executions that run keep the one they began with.</summary>
internal sealed class UpdateStateMachine(Database database, StateMachines machines, Clock clock, LogDelivery delivery)
{
    public async Task<UpdateStateMachineResponse> Run(UpdateStateMachineRequest request, Caller caller, CancellationToken cancellation)
    {
        var machine = await Run(request, tags: null).ConfigureAwait(false);
        return new(machine.Updated!.Value, machine.Revision);
    }

    /// <param name="tags">All its tags, where they change too.</param>
    public Task<StateMachineDocument> Run(UpdateStateMachineRequest request, IReadOnlyList<Tag>? tags)
    {
        var before = machines.Find(request.StateMachineArn);
        if (
            request is
            { Definition: null, RoleArn: null, LoggingConfiguration: null, TracingConfiguration: null, EncryptionConfiguration: null }
        )
        {
            throw StepFunctionsErrors.MissingRequiredParameter();
        }

        if (request.Definition is not null)
        {
            machines.Check(request.Definition, before.Type);
        }

        StateMachines.CheckEncryption(request.EncryptionConfiguration);
        var role = request.RoleArn is null ? null : StateMachines.CheckRole(request.RoleArn);
        var logging = request.LoggingConfiguration is null ? null : StateMachines.CheckLogging(request.LoggingConfiguration);
        var tracing = request.TracingConfiguration is null ? null : StateMachines.CheckTracing(request.TracingConfiguration);
        delivery.Check(before with { RoleArn = role ?? before.RoleArn, Logging = logging ?? before.Logging });
        return database.Write(transaction =>
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
            return machine;
        });
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

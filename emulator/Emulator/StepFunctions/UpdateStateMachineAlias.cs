using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

internal sealed record UpdateStateMachineAliasRequest
{
    public string? StateMachineAliasArn { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<Route>? RoutingConfiguration { get; init; }
}

internal sealed record UpdateStateMachineAliasResponse(DateTimeOffset UpdateDate);

/// <summary>Points an alias to other versions, or describes it again.</summary>
internal sealed class UpdateStateMachineAlias(Database database, StateMachineVersions versions, Clock clock)
{
    public Task<UpdateStateMachineAliasResponse> Run(UpdateStateMachineAliasRequest request, Caller caller, CancellationToken cancellation)
    {
        var arn = request.StateMachineAliasArn ?? throw StepFunctionsErrors.Missing("stateMachineAliasArn");
        if (request is { Description: null, RoutingConfiguration: null })
        {
            throw StepFunctionsErrors.Invalid("Either the description or the RoutingConfiguration must be specified");
        }

        PublishStateMachineVersion.CheckDescription(request.Description, "description");
        var routes = request.RoutingConfiguration is null ? null : CreateStateMachineAlias.CheckRoutes(request.RoutingConfiguration);
        versions.Alias(arn);
        return database.Write(transaction =>
        {
            var alias = versions.Alias(transaction, arn) ?? throw StepFunctionsErrors.NoSuchResource();
            if (routes is not null && CreateStateMachineAlias.MachineOf(transaction, versions, routes) != alias.Machine)
            {
                throw StepFunctionsErrors.NoSuchResource();
            }

            var updated = alias with
            {
                Description = request.Description ?? alias.Description,
                Routes = routes ?? alias.Routes,
                Updated = clock.GetUtcNow(),
            };
            versions.Put(transaction, updated);
            return new UpdateStateMachineAliasResponse(updated.Updated);
        });
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record UpdateTimeToLiveRequest(string? TableName, TimeToLiveSpecification? TimeToLiveSpecification);

internal sealed record TimeToLiveSpecification(bool? Enabled, string? AttributeName);

internal sealed record UpdateTimeToLiveResponse(TimeToLiveSpecification TimeToLiveSpecification);

/// <summary>Says by which attribute items expire: what is in the table already counts too. AWS takes up to an hour to begin; here it is at once.</summary>
internal sealed class UpdateTimeToLive(Database database, Tables tables, TimeToLive timeToLive)
{
    public async Task<UpdateTimeToLiveResponse> Run(UpdateTimeToLiveRequest request, Caller caller, CancellationToken cancellation)
    {
        var specification = request.TimeToLiveSpecification;
        new Checks()
            .Table(request.TableName)
            .NotNull("timeToLiveSpecification", specification)
            .NotNull("timeToLiveSpecification.enabled", specification is null ? "" : specification.Enabled)
            .NotNull("timeToLiveSpecification.attributeName", specification is null ? "" : specification.AttributeName)
            .Length("timeToLiveSpecification.attributeName", specification?.AttributeName, 1, 255)
            .Throw();
        await database
            .Write(transaction =>
                Set(transaction, caller.Scope, tables.Find(transaction, caller.Scope, request.TableName!), specification!)
            )
            .ConfigureAwait(false);
        return new UpdateTimeToLiveResponse(specification!);
    }

    public TableDocument Set(Transaction transaction, Scope scope, TableDocument document, TimeToLiveSpecification specification)
    {
        if (document.Status == "CREATING")
        {
            throw Errors.ResourceInUse($"Attempt to change a resource which is still in use: Table is being created: {document.Name}");
        }

        if (specification.Enabled == true && document.TimeToLiveAttribute is { } attribute)
        {
            throw Errors.Validation(
                attribute == specification.AttributeName
                    ? "TimeToLive is already enabled"
                    : $"TimeToLive is active on a different AttributeName: current AttributeName is {attribute}"
            );
        }

        if (specification.Enabled == false && document.TimeToLiveAttribute is null)
        {
            throw Errors.Validation("TimeToLive is already disabled");
        }

        if (specification.Enabled == false && document.TimeToLiveAttribute != specification.AttributeName)
        {
            throw Errors.Validation(
                $"TimeToLive is active on a different AttributeName: current AttributeName is {document.TimeToLiveAttribute}"
            );
        }

        var changed = document with { TimeToLiveAttribute = specification.Enabled == true ? specification.AttributeName : null };
        tables.Shelf.Put(transaction, scope, document.Name, changed);
        timeToLive.Restart(transaction, tables.Open(scope, changed));
        return changed;
    }
}

using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record DeleteTableRequest(string? TableName);

internal sealed record DeleteTableResponse(TableDescription TableDescription);

/// <summary>Deletes a table with its items and indexes; its stream can be read for another 24 hours.</summary>
internal sealed class DeleteTable(Database database, Clock clock, Tables tables, StreamWriter streams)
{
    public async Task<DeleteTableResponse> Run(DeleteTableRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks().Table(request.TableName).Throw();
        var scope = Tables.ScopeOf(caller.Scope, request.TableName);
        var description = await database
            .Write(transaction =>
            {
                var table = tables.Find(transaction, scope, request.TableName!);
                if (table.Status == "CREATING")
                {
                    throw Errors.ResourceInUse($"Attempt to change a resource which is still in use: Table is being created: {table.Name}");
                }

                if (table.Status == "UPDATING")
                {
                    throw Errors.ResourceInUse($"Attempt to change a resource which is still in use: Table is being updated: {table.Name}");
                }

                if (table.DeletionProtection)
                {
                    throw Errors.Validation(
                        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
                    );
                }

                if (table.Status == "DELETING")
                {
                    return new TableDescription
                    {
                        TableName = table.Name,
                        TableStatus = "DELETING",
                        TableArn = table.Arn,
                        TableId = table.Id,
                    };
                }

                streams.Disable(transaction, scope, table);
                table = table with { Status = "DELETING", SettlesAt = clock.GetUtcNow() + Tables.SettlingTime, StreamViewType = null };
                tables.Put(transaction, scope, table);
                return new TableDescription
                {
                    TableName = table.Name,
                    TableStatus = table.Status,
                    ProvisionedThroughput = ProvisionedThroughputDescription.Of(table.Throughput),
                    TableSizeBytes = 0,
                    ItemCount = 0,
                    TableArn = table.Arn,
                    TableId = table.Id,
                    BillingModeSummary =
                        table.BillingMode == "PAY_PER_REQUEST" ? new BillingModeSummary(table.BillingMode, table.OnDemandSince) : null,
                    DeletionProtectionEnabled = table.DeletionProtection,
                };
            })
            .ConfigureAwait(false);
        return new DeleteTableResponse(description);
    }
}

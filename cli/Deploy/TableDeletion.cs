using Amazon.DynamoDBv2.Model;

namespace Disa.Cli.Deploy;

/// <summary>Takes tables off an AWS, and the protection that keeps them from it.</summary>
internal sealed class TableDeletion(AwsSession session)
{
    /// <summary>Switches the protection; a table that is gone needs none.</summary>
    public async Task Protect(string table, bool on, CancellationToken cancellation)
    {
        foreach (var pause in Pauses.Of(session.Target))
        {
            TableDescription description;
            try
            {
                description = (await session.DynamoDb.DescribeTableAsync(table, cancellation).ConfigureAwait(false)).Table;
            }
            catch (Amazon.DynamoDBv2.Model.ResourceNotFoundException)
            {
                return;
            }

            if (
                description.TableStatus == "DELETING"
                || (description.TableStatus == "ACTIVE" && description.DeletionProtectionEnabled == on)
            )
            {
                return;
            }

            if (description.TableStatus == "ACTIVE")
            {
                try
                {
                    await session
                        .DynamoDb.UpdateTableAsync(
                            new UpdateTableRequest { TableName = table, DeletionProtectionEnabled = on },
                            cancellation
                        )
                        .ConfigureAwait(false);
                }
                catch (ResourceInUseException)
                {
                    // It is being updated: by this call, whose answer was lost, or by someone else. The next look tells.
                }
            }

            await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when the table is gone.</summary>
    public async Task Delete(string table, CancellationToken cancellation)
    {
        try
        {
            try
            {
                await session.DynamoDb.DeleteTableAsync(table, cancellation).ConfigureAwait(false);
            }
            catch (ResourceInUseException)
            {
                // It is being deleted already where the answer was lost, and the SDK has repeated the call.
                if ((await session.DynamoDb.DescribeTableAsync(table, cancellation).ConfigureAwait(false)).Table.TableStatus != "DELETING")
                {
                    throw;
                }
            }

            foreach (var pause in Pauses.Of(session.Target))
            {
                await session.DynamoDb.DescribeTableAsync(table, cancellation).ConfigureAwait(false);
                await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (Amazon.DynamoDBv2.Model.ResourceNotFoundException)
        {
            // That is what was asked.
        }
    }
}

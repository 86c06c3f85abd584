using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Who did what by hand: a record of the control table, one for each action.</summary>
internal static class ActionRecord
{
    /// <summary>Writes the record; the same id again overwrites it, so that an action says how it ended.</summary>
    /// <remarks>So a call that the SDK repeats, because its answer was lost, does no harm either.</remarks>
    /// <param name="what">redrive or cancel.</param>
    /// <param name="id">The action's.</param>
    /// <param name="details">What it was, in JSON.</param>
    public static async Task<string> Write(
        AwsSession session,
        Deployment deployment,
        string what,
        string? id,
        string details,
        CancellationToken cancellation
    )
    {
        var now = Instant.Text(await EmulatorApi.Now(session, cancellation).ConfigureAwait(false));
        id ??= $"{what}#{now}#{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await session
            .DynamoDb.PutItemAsync(
                new PutItemRequest
                {
                    TableName = deployment.ControlTableName,
                    Item = new()
                    {
                        ["id"] = new() { S = id },
                        ["by"] = new() { S = $"{Environment.UserName}@{Environment.MachineName}" },
                        ["at"] = new() { S = now },
                        ["details"] = new() { S = details },
                    },
                },
                cancellation
            )
            .ConfigureAwait(false);
        return id;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Init;

/// <summary>Puts the messages of a FIFO topic into the line of their group, in the order in which the stream hands them over.</summary>
/// <remarks>
/// Each item says behind which one it stands; a record of the control table says which one stands last. Both change in one transaction,
/// whose request token makes a repetition harmless (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
/// Natural key: an item that has its place keeps it, however often its record comes.
/// </remarks>
public sealed class GroupLines(AmazonDynamoDBClient client, string tableName, string controlTable, Log log)
{
    /// <summary>Items of one transaction, which takes a hundred actions.</summary>
    private const int MaxItems = 50;

    private const int Tries = 8;

    /// <summary>Gives those that have a group and no place theirs.</summary>
    /// <param name="keys">Items in their order.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task JoinAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var chunk in keys.DistinctBy(key => key.Identity).Chunk(MaxItems))
        {
            for (var tried = 1; !await JoinOnceAsync(chunk, cancellation).ConfigureAwait(false); tried++)
            {
                if (tried == Tries)
                {
                    throw new AmazonDynamoDBException($"The lines of the groups changed {Tries} times while items were put into them.");
                }
            }
        }
    }

    private async Task<bool> JoinOnceAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellation)
    {
        var items = new List<(ItemKey Key, string Group)>();
        foreach (var key in keys)
        {
            var item = (
                await client
                    .GetItemAsync(
                        new GetItemRequest
                        {
                            TableName = tableName,
                            Key = key.ToDictionary(),
                            ConsistentRead = true,
                            ProjectionExpression = $"{SendAttributes.GroupId}, {SendAttributes.Place}, {SendAttributes.Status}",
                        },
                        cancellation
                    )
                    .ConfigureAwait(false)
            ).Item;
            if (
                item?.GetValueOrDefault(SendAttributes.GroupId)?.S is { Length: > 0 } group
                && !item.ContainsKey(SendAttributes.Place)
                && item.GetValueOrDefault(SendAttributes.Status)?.S != SendAttributes.Successful
            )
            {
                items.Add((key, group));
            }
        }

        foreach (var group in items.GroupBy(item => item.Group, item => item.Key, StringComparer.Ordinal))
        {
            if (!await JoinGroupAsync(RecordId(group.Key), [.. group], cancellation).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> JoinGroupAsync(string recordId, IReadOnlyList<ItemKey> keys, CancellationToken cancellation)
    {
        var id = new Dictionary<string, AttributeValue> { ["id"] = new() { S = recordId } };
        var record = (
            await client
                .GetItemAsync(
                    new GetItemRequest
                    {
                        TableName = controlTable,
                        Key = id,
                        ConsistentRead = true,
                    },
                    cancellation
                )
                .ConfigureAwait(false)
        ).Item;
        var last = record?.GetValueOrDefault("last")?.S ?? "";
        var behind = last;
        var actions = new List<TransactWriteItem>();
        foreach (var key in keys)
        {
            var place = new GroupPlace(key, Guid.NewGuid().ToString("N"));
            actions.Add(
                new()
                {
                    Update = new()
                    {
                        TableName = tableName,
                        Key = key.ToDictionary(),
                        UpdateExpression = $"SET {SendAttributes.Place} = :place, {SendAttributes.Behind} = :behind",
                        ConditionExpression = $"attribute_exists(#key) AND attribute_not_exists({SendAttributes.Place})",
                        ExpressionAttributeNames = new() { ["#key"] = key.AttributeName },
                        ExpressionAttributeValues = new()
                        {
                            [":place"] = new() { S = place.Token },
                            [":behind"] = new() { S = behind },
                        },
                    },
                }
            );
            behind = place.ToString();
        }

        actions.Add(
            new()
            {
                Update = new()
                {
                    TableName = controlTable,
                    Key = id,
                    UpdateExpression = "SET #last = :new",
                    ConditionExpression = last.Length == 0 ? "attribute_not_exists(#last)" : "#last = :last",
                    ExpressionAttributeNames = new() { ["#last"] = "last" },
                    ExpressionAttributeValues =
                        last.Length == 0
                            ? new() { [":new"] = new() { S = behind } }
                            : new()
                            {
                                [":new"] = new() { S = behind },
                                [":last"] = new() { S = last },
                            },
                },
            }
        );
        try
        {
            await client
                .TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = actions }, cancellation)
                .ConfigureAwait(false);
            return true;
        }
        catch (TransactionCanceledException e)
        {
            log.Write(
                "info",
                "The line of a group changed meanwhile.",
                ("items", keys.Count.ToString(CultureInfo.InvariantCulture)),
                ("text", e.Message)
            );
            return false;
        }
    }

    /// <summary>Group ids have up to 128 characters of any kind; the record's key is short.</summary>
    private static string RecordId(string group) =>
        $"group-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(group)))[..40]}";
}

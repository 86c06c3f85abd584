using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Client;

/// <summary>Puts messages into Disa's table, and reads what became of them.</summary>
/// <remarks>Where the table is one of your own that Disa was attached to, only items with a message are Disa's; all others it leaves alone.</remarks>
/// <param name="client">Any client of DynamoDB.</param>
/// <param name="table">The table of messages.</param>
public sealed class DisaOutbox(IAmazonDynamoDB client, DisaTable table)
{
    /// <summary>The table of messages.</summary>
    public DisaTable Table => table;

    /// <summary>The item of a message, for whoever writes it by other means.</summary>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">Its key; see <see cref="DisaKey.New(DisaTable, TimeProvider?)"/>.</param>
    /// <exception cref="ArgumentException">No attempt could ever send it; the text says why.</exception>
    public Dictionary<string, AttributeValue> Item(DisaMessage message, DisaKey key)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(key);
        return message.Item(table, key);
    }

    /// <summary>The entry of a transaction: the message is sent if the transaction is committed, and only then.</summary>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">Its key. The transaction fails where an item has it already.</param>
    /// <exception cref="ArgumentException">No attempt could ever send it; the text says why.</exception>
    public TransactWriteItem Entry(DisaMessage message, DisaKey key) => new()
    {
        Put = new Put { TableName = table.Name, Item = Item(message, key), ConditionExpression = "attribute_not_exists(#key)", ExpressionAttributeNames = new() { ["#key"] = table.PartitionKeyName } },
    };

    /// <summary>The same with a new key.</summary>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">The key that it got.</param>
    public TransactWriteItem Entry(DisaMessage message, out DisaKey key) => Entry(message, key = DisaKey.New(table));

    /// <summary>Puts a message; an item that exists is never overwritten, for a message is sent once.</summary>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">Its key; null takes a new one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">No attempt could ever send it; the text says why.</exception>
    /// <exception cref="ConditionalCheckFailedException">There is an item of that key.</exception>
    public async Task<DisaKey> PutAsync(DisaMessage message, DisaKey? key = null, CancellationToken cancellationToken = default)
    {
        key ??= DisaKey.New(table);
        await client.PutItemAsync(
            new PutItemRequest
            {
                TableName = table.Name,
                Item = Item(message, key),
                ConditionExpression = "attribute_not_exists(#key)",
                ExpressionAttributeNames = new() { ["#key"] = table.PartitionKeyName },
            },
            cancellationToken).ConfigureAwait(false);
        return key;
    }

    /// <summary>What became of a message; null where there is no such item.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<DisaStatus?> StatusAsync(DisaKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var answer = await client.GetItemAsync(
            new GetItemRequest { TableName = table.Name, Key = key.Attributes(table), ConsistentRead = true }, cancellationToken).ConfigureAwait(false);
        return answer.Item is { Count: > 0 } item ? DisaStatus.Of(item) : null;
    }
}

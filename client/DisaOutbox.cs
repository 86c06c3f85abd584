using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Client;

/// <summary>Puts messages into Disa's table, and reads what became of them.</summary>
/// <remarks>Where the table is one of your own that Disa was attached to, only items with a message are Disa's; all others it leaves alone.</remarks>
/// <param name="client">Any client of DynamoDB.</param>
/// <param name="table">The table of messages.</param>
public sealed class DisaOutbox(IAmazonDynamoDB client, DisaTable table)
{
    private const string Token = "sendToken";
    private const int TokenDigits = 32;

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
    /// <remarks>
    /// A transaction whose answer is lost is repeated by the SDK under the same ClientRequestToken, and DynamoDB then answers as it did
    /// the first time. AWS SDK for .NET fills the token in, once for each call of TransactWriteItems. A call that you repeat yourself is
    /// another one: give it a ClientRequestToken of your own.
    /// </remarks>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">Its key. The transaction fails where an item has it already.</param>
    /// <exception cref="ArgumentException">No attempt could ever send it; the text says why.</exception>
    public TransactWriteItem Entry(DisaMessage message, DisaKey key) =>
        new()
        {
            Put = new Put
            {
                TableName = table.Name,
                Item = Item(message, key),
                ConditionExpression = "attribute_not_exists(#key)",
                ExpressionAttributeNames = new() { ["#key"] = table.PartitionKeyName },
            },
        };

    /// <summary>The same with a new key.</summary>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">The key that it got.</param>
    public TransactWriteItem Entry(DisaMessage message, out DisaKey key) => Entry(message, key = DisaKey.New(table));

    /// <summary>Puts a message; an item that exists is never overwritten, for a message is sent once.</summary>
    /// <remarks>
    /// The item gets the attribute <c>sendToken</c>, 32 hexadecimal digits of this call's own. Where the answer is lost the SDK repeats the
    /// call, and is told that the item exists; the token says that it is the one that this call has put.
    /// </remarks>
    /// <param name="message">What is to be sent.</param>
    /// <param name="key">Its key; null takes a new one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">No attempt could ever send it; the text says why.</exception>
    /// <exception cref="ConditionalCheckFailedException">There is an item of that key that another call has put.</exception>
    public async Task<DisaKey> PutAsync(DisaMessage message, DisaKey? key = null, CancellationToken cancellationToken = default)
    {
        key ??= DisaKey.New(table);
        var token = RandomNumberGenerator.GetHexString(TokenDigits, lowercase: true);
        var item = Item(message, key);
        item[Token] = new() { S = token };
        try
        {
            await client
                .PutItemAsync(
                    new PutItemRequest
                    {
                        TableName = table.Name,
                        Item = item,
                        ConditionExpression = "attribute_not_exists(#key)",
                        ExpressionAttributeNames = new() { ["#key"] = table.PartitionKeyName },
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException refused) when (refused.Item?.GetValueOrDefault(Token)?.S == token)
        {
            // This call's own effect: its first answer was lost.
        }

        return key;
    }

    /// <summary>What became of a message; null where there is no such item.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<DisaStatus?> StatusAsync(DisaKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var answer = await client
            .GetItemAsync(
                new GetItemRequest
                {
                    TableName = table.Name,
                    Key = key.Attributes(table),
                    ConsistentRead = true,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return answer.Item is { Count: > 0 } item ? DisaStatus.Of(item) : null;
    }
}

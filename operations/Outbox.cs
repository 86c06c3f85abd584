using System.Globalization;
using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>The table of messages: items in, what became of them out.</summary>
internal sealed class Outbox(AwsSession session, Deployment deployment)
{
    private const string Token = "sendToken";
    private const int TokenDigits = 32;
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(2);

    /// <summary>A key of that type that sorts by time and is nobody else's.</summary>
    public static AttributeValue NewKey(string type) =>
        type switch
        {
            "N" => new AttributeValue
            {
                N =
                    TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
                    + RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture),
            },
            "B" => new AttributeValue { B = new MemoryStream(NewGuid().ToByteArray(bigEndian: true)) },
            _ => new AttributeValue { S = NewGuid().ToString() },
        };

    /// <summary>Puts a new item, and never over another one.</summary>
    /// <exception cref="FailureException">There is an item of that key.</exception>
    public async Task<string> Put(Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        Complete(item, (_, type) => NewKey(type));
        var id = ItemKey.Of(item, deployment.Shape.KeyNames).Id;
        return await PutOrMeet(item, cancellation).ConfigureAwait(false) is null
            ? id
            : throw new FailureException($"an item {id} already exists; a message is sent once.");
    }

    /// <summary>Gives an item the keys that it lacks.</summary>
    /// <param name="item">The item.</param>
    /// <param name="make">Makes a key's value from its name and type.</param>
    public void Complete(Dictionary<string, AttributeValue> item, Func<string, string, AttributeValue> make)
    {
        if (!item.ContainsKey(deployment.PartitionKeyName))
        {
            item[deployment.PartitionKeyName] = make(deployment.PartitionKeyName, deployment.PartitionKeyType);
        }

        if (deployment.SortKeyName is { } sort && !item.ContainsKey(sort))
        {
            item[sort] = make(sort, deployment.SortKeyType!);
        }
    }

    /// <summary>Puts a whole item where there is none of its key.</summary>
    /// <returns>The item that is there already; null where this one was put.</returns>
    public async Task<Dictionary<string, AttributeValue>?> PutOrMeet(
        Dictionary<string, AttributeValue> item,
        CancellationToken cancellation
    )
    {
        var token = RandomNumberGenerator.GetHexString(TokenDigits, lowercase: true);
        try
        {
            await session
                .DynamoDb.PutItemAsync(
                    new PutItemRequest
                    {
                        TableName = deployment.TableName,
                        Item = new(item) { [Token] = new() { S = token } },
                        ConditionExpression = "attribute_not_exists(#key)",
                        ExpressionAttributeNames = new() { ["#key"] = deployment.PartitionKeyName },
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            return null;
        }
        catch (ConditionalCheckFailedException refused)
        {
            // The same token: the answer was lost, and the SDK's repetition met the item that this call has put.
            return refused.Item?.GetValueOrDefault(Token)?.S == token ? null : refused.Item ?? [];
        }
    }

    /// <summary>Whether an item that is there is what was to be put, whatever Disa wrote on it since.</summary>
    public static bool IsSame(Dictionary<string, AttributeValue> wanted, Dictionary<string, AttributeValue> there) =>
        wanted.All(pair => there.TryGetValue(pair.Key, out var value) && JsonItem.AreSame(pair.Value, value));

    /// <summary>The item as it is, or null: where the table has other items too, they are no messages.</summary>
    /// <param name="id">The message's id, as <see cref="MessageId"/> has it.</param>
    public async Task<Dictionary<string, AttributeValue>?> Get(string id, CancellationToken cancellation)
    {
        var answer = await session
            .DynamoDb.GetItemAsync(
                new GetItemRequest
                {
                    TableName = deployment.TableName,
                    Key = MessageId.Key(id, null, deployment).ToDictionary(),
                    ConsistentRead = true,
                },
                cancellation
            )
            .ConfigureAwait(false);
        return answer.Item is { Count: > 0 } item && (!deployment.Shape.IsShared || item.ContainsKey(SendAttributes.Message)) ? item : null;
    }

    /// <summary>All messages, in the table's order.</summary>
    public async IAsyncEnumerable<Message> All([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ScanRequest
        {
            TableName = deployment.TableName,
            FilterExpression = deployment.Shape.IsShared ? $"attribute_exists({SendAttributes.Message})" : null,
        };
        do
        {
            var page = await session.DynamoDb.ScanAsync(request, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                yield return Message.From(item, deployment.Shape);
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Looks at the item until it is as wanted; DynamoDB tells nobody, so it is looked at ever less often.</summary>
    /// <returns>The message as last seen; null where the item is gone.</returns>
    public async Task<Message?> WaitFor(string id, Func<Message, bool> wanted, TimeSpan atMost, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetUtcNow() + atMost;
        for (var pause = FirstLook; ; pause = pause < LastLook ? pause * 1.5 : LastLook)
        {
            var item = await Get(id, cancellation).ConfigureAwait(false);
            var message = item is null ? null : Message.From(item, deployment.Shape);
            if (message is null || wanted(message) || TimeProvider.System.GetUtcNow() >= deadline)
            {
                return message;
            }

            await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    private static Guid NewGuid() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>An item of a message's text.</summary>
    public static Dictionary<string, AttributeValue> ItemOf(string text) => new() { ["message"] = new AttributeValue { S = text } };
}

using System.Globalization;
using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>The table of messages: items in, what became of them out.</summary>
internal sealed class Outbox(AwsSession session, Deployment deployment)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(2);

    /// <summary>A key of the table's type that sorts by time and is nobody else's.</summary>
    public AttributeValue NewKey() => deployment.PartitionKeyType switch
    {
        "N" => new AttributeValue { N = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture) },
        "B" => new AttributeValue { B = new MemoryStream(NewGuid().ToByteArray(bigEndian: true)) },
        _ => new AttributeValue { S = NewGuid().ToString() },
    };

    /// <summary>A key that somebody typed.</summary>
    /// <exception cref="MisuseException">It is not of the table's type.</exception>
    public AttributeValue KeyFrom(string text)
    {
        switch (deployment.PartitionKeyType)
        {
            case "N":
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                    ? new AttributeValue { N = text }
                    : throw new MisuseException($"the key {deployment.PartitionKeyName} of this table is a number; '{text}' is none.");
            case "B":
                var bytes = new byte[text.Length];
                return Convert.TryFromBase64String(text, bytes, out var length)
                    ? new AttributeValue { B = new MemoryStream(bytes, 0, length) }
                    : throw new MisuseException($"the key {deployment.PartitionKeyName} of this table is binary, typed in base64; '{text}' is not.");
            default:
                return new AttributeValue { S = text };
        }
    }

    /// <summary>Puts a new item, and never over another one.</summary>
    /// <exception cref="FailureException">There is an item of that key.</exception>
    public async Task<string> Put(Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        if (!item.TryGetValue(deployment.PartitionKeyName, out var key))
        {
            item[deployment.PartitionKeyName] = key = NewKey();
        }

        var id = Message.KeyText(key);
        try
        {
            await session.DynamoDb.PutItemAsync(new PutItemRequest
            {
                TableName = deployment.TableName,
                Item = item,
                ConditionExpression = "attribute_not_exists(#key)",
                ExpressionAttributeNames = new() { ["#key"] = deployment.PartitionKeyName },
            }, cancellation).ConfigureAwait(false);
            return id;
        }
        catch (ConditionalCheckFailedException)
        {
            throw new FailureException($"there is an item {id} already; a message is sent once.");
        }
    }

    /// <summary>The item as it is, or null.</summary>
    public async Task<Dictionary<string, AttributeValue>?> Get(string id, CancellationToken cancellation)
    {
        var answer = await session.DynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = deployment.TableName,
            Key = new() { [deployment.PartitionKeyName] = KeyFrom(id) },
            ConsistentRead = true,
        }, cancellation).ConfigureAwait(false);
        return answer.Item is { Count: > 0 } item ? item : null;
    }

    /// <summary>The messages, in the table's order.</summary>
    /// <param name="status">Only those of this status; <c>none</c> for those undecided.</param>
    /// <param name="limit">At most so many.</param>
    public async IAsyncEnumerable<Message> List(string? status, int limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ScanRequest { TableName = deployment.TableName };
        if (status is not null)
        {
            request.FilterExpression = status == "none" ? "attribute_not_exists(sendStatus)" : "sendStatus = :status";
            request.ExpressionAttributeValues = status == "none" ? null : new() { [":status"] = new AttributeValue { S = status } };
        }

        do
        {
            var page = await session.DynamoDb.ScanAsync(request, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                if (limit-- <= 0)
                {
                    yield break;
                }

                yield return Message.From(item, deployment.PartitionKeyName);
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Looks at the item until it is as wanted; DynamoDB tells nobody, so it is looked at ever less often.</summary>
    /// <returns>The message as last seen; null where the item is gone.</returns>
    public async Task<Message?> WaitFor(string id, Func<Message, bool> wanted, TimeSpan atMost, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetUtcNow() + atMost;
        for (var pause = FirstLook; ; pause = pause < LastLook ? pause * 1.5 : LastLook)
        {
            var item = await Get(id, cancellation).ConfigureAwait(false);
            var message = item is null ? null : Message.From(item, deployment.PartitionKeyName);
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

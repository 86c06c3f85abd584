using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SQS;

/// <summary>A stack that is deployed once and saved; each test attacks a copy of it.</summary>
public sealed class DeployedOnce : IAsyncLifetime
{
    public string Path { get; } = Directory.CreateTempSubdirectory("counter-").FullName;

    public async ValueTask InitializeAsync()
    {
        await using var aws = await LocalAws.StartAsync();
        await aws.DeployAsync("counter.yaml");
        await aws.SaveAsync(Path);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A worker that counts what comes by a queue, each message once, whatever goes wrong.</summary>
public sealed class CounterTests(DeployedOnce deployed) : IClassFixture<DeployedOnce>
{
    [Theory]
    [InlineData("dynamodb:TransactWriteItems=InternalServerError@0.3")]
    [InlineData("dynamodb:TransactWriteItems=drop@0.3")]
    [InlineData("sqs:DeleteMessage=InternalError@0.5")]
    [InlineData("sqs:ReceiveMessage=latency:20ms@0.5")]
    public async Task Each_message_counts_once(string fault)
    {
        const int messages = 20;
        await using var aws = await LocalAws.RestoreAsync(deployed.Path);
        using var sqs = new AmazonSQSClient(aws.Credentials, aws.Configure(new AmazonSQSConfig { MaxErrorRetry = 0 }));
        using var dynamo = new AmazonDynamoDBClient(aws.Credentials, aws.Configure(new AmazonDynamoDBConfig { MaxErrorRetry = 0 }));
        var queue = (await sqs.GetQueueUrlAsync("work")).QueueUrl;
        for (var number = 0; number < messages; number++)
        {
            await sqs.SendMessageAsync(queue, $"{number}");
        }

        aws.Faults.Add(fault, seed: 7);
        for (var round = 0; round < 20; round++)
        {
            await Work(sqs, dynamo, queue);
            await aws.Time.AdvanceAsync(TimeSpan.FromMinutes(2)); // what was not deleted is visible again
        }

        aws.Faults.Clear();
        var total = await dynamo.GetItemAsync("counts", new() { ["id"] = new("total") });
        Assert.Equal($"{messages}", total.Item["count"].N);
        Assert.Empty((await sqs.ReceiveMessageAsync(queue)).Messages ?? []);
    }

    private static async Task Work(AmazonSQSClient sqs, AmazonDynamoDBClient dynamo, string queue)
    {
        while (
            await sqs.ReceiveMessageAsync(new Amazon.SQS.Model.ReceiveMessageRequest(queue) { MaxNumberOfMessages = 10 })
                is { Messages: { Count: > 0 } found }
        )
        {
            foreach (var message in found)
            {
                try
                {
                    await Count(dynamo, message.MessageId);
                    await sqs.DeleteMessageAsync(queue, message.ReceiptHandle);
                }
                catch (Exception failure) when (failure is AmazonDynamoDBException or AmazonSQSException or IOException)
                {
                    // It comes again.
                }
            }
        }
    }

    /// <summary>Counts and remembers the message in one transaction, so that a repetition changes nothing.</summary>
    private static async Task Count(AmazonDynamoDBClient dynamo, string id)
    {
        try
        {
            await dynamo.TransactWriteItemsAsync(
                new TransactWriteItemsRequest
                {
                    TransactItems =
                    [
                        new()
                        {
                            Put = new()
                            {
                                TableName = "counts",
                                Item = new() { ["id"] = new(id) },
                                ConditionExpression = "attribute_not_exists(id)",
                            },
                        },
                        new()
                        {
                            Update = new()
                            {
                                TableName = "counts",
                                Key = new() { ["id"] = new("total") },
                                UpdateExpression = "ADD #count :one",
                                ExpressionAttributeNames = new() { ["#count"] = "count" },
                                ExpressionAttributeValues = new() { [":one"] = new() { N = "1" } },
                            },
                        },
                    ],
                }
            );
        }
        catch (TransactionCanceledException)
        {
            // Counted already.
        }
    }
}

using Amazon.CloudFormation;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService;
using Amazon.SQS;

namespace Disa.Functions.Tests;

/// <summary>An AWS to test against.</summary>
public abstract class Cloud : IAsyncLifetime
{
    /// <summary>Where it is; empty where there is none.</summary>
    public string Url { get; protected set; } = "";

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    public void SkipWithout() => Assert.SkipWhen(Url.Length == 0, "moto_server is not on PATH.");

    /// <summary>Of the table that a stack makes.</summary>
    internal static TableShape Shape { get; } = new(["sequenceNo"], IsShared: false);

    internal T Config<T>()
        where T : Amazon.Runtime.ClientConfig, new()
    {
        var config = new T { ServiceURL = Url, AuthenticationRegion = "us-east-1" };
        if (Requests is { } factory)
        {
            config.HttpClientFactory = factory;
        }

        return config;
    }

    /// <summary>How requests go there, where not as the SDK sends them.</summary>
    private protected virtual Amazon.Runtime.HttpClientFactory? Requests => null;

    /// <summary>The way of requests to it, for a test to stand in.</summary>
    internal virtual HttpMessageHandler Handler() => new SocketsHttpHandler();

    internal AmazonDynamoDBClient DynamoDb() => new(FakeAws.Credentials, Config<AmazonDynamoDBConfig>());

    internal AmazonSimpleNotificationServiceClient Sns() => new(FakeAws.Credentials, Config<AmazonSimpleNotificationServiceConfig>());

    internal AmazonSQSClient Sqs() => new(FakeAws.Credentials, Config<AmazonSQSConfig>());

    internal AmazonCloudFormationClient CloudFormation() => new(FakeAws.Credentials, Config<AmazonCloudFormationConfig>());

    /// <summary>A table as the stack makes it, with a name of its own.</summary>
    internal Task<string> TableAsync() => TableAsync(new("sequenceNo", ScalarAttributeType.S));

    /// <summary>A table with Disa's indexes, and the keys of whoever made it.</summary>
    internal async Task<string> TableAsync(AttributeDefinition partition, AttributeDefinition? sort = null)
    {
        using var client = DynamoDb();
        var name = $"messages-{Guid.NewGuid():N}";
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions =
                [
                    partition,
                    .. sort is null ? (AttributeDefinition[])[] : [sort],
                    .. ((string[])["sendShard", "sendDue", "sendList", "sendListedAt"]).Select(attribute => new AttributeDefinition(
                        attribute,
                        ScalarAttributeType.S
                    )),
                ],
                KeySchema =
                [
                    new(partition.AttributeName, KeyType.HASH),
                    .. sort is null ? (KeySchemaElement[])[] : [new(sort.AttributeName, KeyType.RANGE)],
                ],
                GlobalSecondaryIndexes =
                [
                    Index(SendAttributes.DueIndex, "sendShard", "sendDue"),
                    Index(SendAttributes.ListIndex, "sendList", "sendListedAt"),
                ],
            }
        );
        await ActiveAsync(client, name);
        return name;
    }

    private static GlobalSecondaryIndex Index(string name, string partition, string sort) =>
        new()
        {
            IndexName = name,
            KeySchema = [new(partition, KeyType.HASH), new(sort, KeyType.RANGE)],
            Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
        };

    private static async Task ActiveAsync(AmazonDynamoDBClient client, string name)
    {
        while ((await client.DescribeTableAsync(name)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    internal async Task<string> ControlTableAsync()
    {
        using var client = DynamoDb();
        var name = $"control-{Guid.NewGuid():N}";
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                KeySchema = [new("id", KeyType.HASH)],
            }
        );
        await ActiveAsync(client, name);
        return name;
    }
}

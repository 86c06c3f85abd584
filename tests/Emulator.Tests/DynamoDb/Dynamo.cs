using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>A cloud with AWS's own DynamoDB clients in front of it.</summary>
public sealed class Dynamo : IAsyncDisposable
{
    private Dynamo(TestCloud cloud)
    {
        Cloud = cloud;
        Client = new AmazonDynamoDBClient(
            new BasicAWSCredentials("000000000000", "secret"),
            new AmazonDynamoDBConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
    }

    public TestCloud Cloud { get; }

    public AmazonDynamoDBClient Client { get; }

    public static async Task<Dynamo> Start(LocalCloudOptions? options = null) => new(await TestCloud.Start(options));

    /// <summary>A table that is ACTIVE, on demand, keyed by <c>pk</c> (S) and, if wanted, <c>sk</c>.</summary>
    public async Task<TableDescription> Table(
        string name = "table",
        string? sortKey = null,
        string hashType = "S",
        string sortType = "S",
        Action<CreateTableRequest>? change = null
    )
    {
        var request = new CreateTableRequest
        {
            TableName = name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", ScalarAttributeType.FindValue(hashType))],
            KeySchema = [new("pk", KeyType.HASH)],
        };
        if (sortKey is not null)
        {
            request.AttributeDefinitions.Add(new(sortKey, ScalarAttributeType.FindValue(sortType)));
            request.KeySchema.Add(new(sortKey, KeyType.RANGE));
        }

        change?.Invoke(request);
        await Client.CreateTableAsync(request);
        return (await Client.DescribeTableAsync(name)).Table;
    }

    public Task<PutItemResponse> Put(string table, params (string Name, AttributeValue Value)[] attributes) =>
        Client.PutItemAsync(table, Item(attributes));

    public static Dictionary<string, AttributeValue> Item(params (string Name, AttributeValue Value)[] attributes) =>
        attributes.ToDictionary(pair => pair.Name, pair => pair.Value);

    public static AttributeValue S(string text) => new() { S = text };

    public static AttributeValue N(string number) => new() { N = number };

    public static AttributeValue L(params List<AttributeValue> list) => new() { L = list };

    public static AttributeValue M(params (string Name, AttributeValue Value)[] members) => new() { M = Item(members) };

    /// <summary>The error of a raw call: its name and message.</summary>
    public async Task<(string Type, string Message)> Fails(string operation, string body, string prefix = "DynamoDB_20120810")
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => Cloud.Json("dynamodb", $"{prefix}.{operation}", body));
        using var json = System.Text.Json.JsonDocument.Parse(error.Body);
        return (json.RootElement.GetProperty("__type").GetString()!.Split('#')[^1], json.RootElement.GetProperty("message").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Cloud.DisposeAsync();
    }
}

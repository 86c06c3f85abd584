using System.Text.Json;
using System.Xml.Linq;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Tests.Iam;

/// <summary>A user with a key, whose rights a test gives it one by one.</summary>
public abstract class WithUser : IAsyncLifetime
{
    private protected const string Account = "000000000000";
    private protected const string Table = "arn:aws:dynamodb:us-east-1:000000000000:table/items";

    private protected TestCloud cloud = null!;
    private protected AWSCredentials user = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await Iam("CreateUser", ("UserName", "me"));
        var key = XElement.Parse(await Iam("CreateAccessKey", ("UserName", "me")));
        user = new BasicAWSCredentials(Text(key, "AccessKeyId"), Text(key, "SecretAccessKey"));
        await CreateTable("items");
    }

    public async ValueTask DisposeAsync()
    {
        await cloud.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<string> Iam(string action, params (string, string)[] parameters) => cloud.Query("iam", action, parameters);

    private protected Task<string> Allow(string action, string resource) =>
        Iam("PutUserPolicy", ("UserName", "me"), ("PolicyName", "allow"), ("PolicyDocument", Policy("Allow", action, resource)));

    private protected async Task<string> Iterator(string table)
    {
        using var client = Dynamo(new BasicAWSCredentials(Account, "secret"));
        var stream = (
            await client.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = table,
                    KeySchema = [new("id", KeyType.HASH)],
                    AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_IMAGE },
                }
            )
        ).TableDescription.LatestStreamArn;
        await client.DescribeTableAsync(table);
        await client.PutItemAsync(table, new() { ["id"] = new() { S = "1" } });
        var described = await cloud.Json(
            "dynamodb",
            "DynamoDBStreams_20120810.DescribeStream",
            JsonSerializer.Serialize(new { StreamArn = stream })
        );
        var shard = described.GetProperty("StreamDescription").GetProperty("Shards")[0].GetProperty("ShardId").GetString();
        var iterator = await cloud.Json(
            "dynamodb",
            "DynamoDBStreams_20120810.GetShardIterator",
            JsonSerializer.Serialize(
                new
                {
                    StreamArn = stream,
                    ShardId = shard,
                    ShardIteratorType = "TRIM_HORIZON",
                }
            )
        );
        return iterator.GetProperty("ShardIterator").GetString()!;
    }

    private protected AmazonDynamoDBClient Dynamo(AWSCredentials credentials) =>
        new(
            credentials,
            new AmazonDynamoDBConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

    private protected async Task Get(AWSCredentials credentials, string table = "items")
    {
        using var client = Dynamo(credentials);
        await client.GetItemAsync(table, new Dictionary<string, AttributeValue> { ["id"] = new() { S = "1" } });
    }

    private protected async Task CreateTable(string name, string? key = null)
    {
        using var client = Dynamo(new BasicAWSCredentials(Account, "secret"));
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                KeySchema = [new("id", KeyType.HASH)],
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                SSESpecification = key is null
                    ? null
                    : new()
                    {
                        Enabled = true,
                        SSEType = SSEType.KMS,
                        KMSMasterKeyId = key,
                    },
            }
        );
        await client.DescribeTableAsync(name);
    }

    private protected static async Task Denied(string action, string reason, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<AmazonServiceException>(call);
        Assert.Contains($"is not authorized to perform: {action} on resource: arn:aws:", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.Equal("AccessDeniedException", error.ErrorCode);
    }

    private protected static string Policy(string effect, string action, string resource) =>
        $$$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{{effect}}}","Action":"{{{action}}}","Resource":"{{{resource}}}"}]}""";

    private protected static string Text(XElement answer, string name) =>
        answer.Descendants().First(element => element.Name.LocalName == name).Value;
}

using System.Text.Json;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>By the page "IAM security policies with PartiQL for DynamoDB" of AWS's Developer Guide.</summary>
public sealed class StatementRightsTests : IAsyncLifetime
{
    private const string Table = "arn:aws:dynamodb:us-east-1:000000000000:table/items";

    private TestCloud cloud = null!;
    private string user = "";

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await Call(
            "CreateTable",
            """{"TableName":"items","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}"""
        );
        await Call("DescribeTable", """{"TableName":"items"}""");
        await cloud.Query("iam", "CreateUser", ("UserName", "me"));
        var key = await cloud.Query("iam", "CreateAccessKey", ("UserName", "me"));
        user = Between(key, "AccessKeyId");
        cloud.Secrets[user] = Between(key, "SecretAccessKey");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData("PartiQLSelect", "SELECT * FROM items WHERE id = '1'")]
    [InlineData("PartiQLInsert", "INSERT INTO items VALUE {'id': '2'}")]
    [InlineData("PartiQLUpdate", "UPDATE items SET a = 1 WHERE id = '1' AND a IS MISSING")]
    [InlineData("PartiQLDelete", "DELETE FROM items WHERE id = '1'")]
    public async Task Each_kind_of_statement_has_a_right_of_its_own(string action, string statement)
    {
        await Call("PutItem", """{"TableName":"items","Item":{"id":{"S":"1"}}}""");
        var denied = await Denied("ExecuteStatement", new { Statement = statement });

        Assert.Equal(
            $"User: arn:aws:iam::000000000000:user/me is not authorized to perform: dynamodb:{action} on resource: {Table} because no identity-based policy allows the dynamodb:{action} action",
            denied
        );
        await Allow(
            new
            {
                Effect = "Allow",
                Action = $"dynamodb:{action}",
                Resource = Table,
            }
        );
        await Mine("ExecuteStatement", new { Statement = statement });
    }

    [Fact]
    public async Task Full_scans_can_be_denied()
    {
        await Allow(
            new
            {
                Effect = "Deny",
                Action = "dynamodb:PartiQLSelect",
                Resource = Table,
                Condition = new Dictionary<string, object>
                {
                    ["Bool"] = new Dictionary<string, object> { ["dynamodb:FullTableScan"] = "true" },
                },
            },
            new
            {
                Effect = "Allow",
                Action = "dynamodb:PartiQLSelect",
                Resource = Table,
            }
        );

        await Mine("ExecuteStatement", new { Statement = "SELECT * FROM items WHERE id IN ['1', '2']" });
        Assert.Contains("explicit deny", await Denied("ExecuteStatement", new { Statement = "SELECT * FROM items WHERE a = 1" }));
    }

    [Fact]
    public async Task A_batch_is_refused_statement_by_statement()
    {
        await Allow(
            new
            {
                Effect = "Allow",
                Action = "dynamodb:PartiQLInsert",
                Resource = Table,
                Condition = new Dictionary<string, object>
                {
                    ["ForAllValues:StringEquals"] = new Dictionary<string, object> { ["dynamodb:LeadingKeys"] = "mine" },
                },
            }
        );

        var answer = await Mine(
            "BatchExecuteStatement",
            new
            {
                Statements = new[]
                {
                    new { Statement = "INSERT INTO items VALUE {'id': 'mine'}" },
                    new { Statement = "INSERT INTO items VALUE {'id': 'yours'}" },
                },
            }
        );

        Assert.False(answer.GetProperty("Responses")[0].TryGetProperty("Error", out _));
        Assert.Equal("AccessDenied", answer.GetProperty("Responses")[1].GetProperty("Error").GetProperty("Code").GetString());
    }

    [Fact]
    public async Task Statements_can_be_allowed_in_transactions_alone()
    {
        await Allow(
            new
            {
                Effect = "Allow",
                Action = "dynamodb:PartiQLInsert",
                Resource = Table,
                Condition = new Dictionary<string, object>
                {
                    ["StringEquals"] = new Dictionary<string, object> { ["dynamodb:EnclosingOperation"] = "ExecuteTransaction" },
                },
            }
        );
        const string statement = "INSERT INTO items VALUE {'id': '1'}";

        await Denied("ExecuteStatement", new { Statement = statement });
        await Mine("ExecuteTransaction", new { TransactStatements = new[] { new { Statement = statement } } });
    }

    private static string Between(string xml, string name) => xml.Split($"<{name}>")[1].Split($"</{name}>")[0];

    private Task Allow(params object[] statements) =>
        cloud.Query(
            "iam",
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "own"),
            ("PolicyDocument", JsonSerializer.Serialize(new { Version = "2012-10-17", Statement = statements }))
        );

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("dynamodb", "DynamoDB_20120810." + operation, body);

    private Task<JsonElement> Mine(string operation, object body) =>
        cloud.Json("dynamodb", "DynamoDB_20120810." + operation, JsonSerializer.Serialize(body), user);

    private async Task<string> Denied(string operation, object body)
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => Mine(operation, body));
        using var json = JsonDocument.Parse(error.Body);
        Assert.EndsWith("AccessDeniedException", json.RootElement.GetProperty("__type").GetString());
        return json.RootElement.TryGetProperty("Message", out var message) || json.RootElement.TryGetProperty("message", out message)
            ? message.GetString()!
            : "";
    }
}

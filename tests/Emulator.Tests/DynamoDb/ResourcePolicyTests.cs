using System.Text.Json;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>
/// By the page "Using resource-based policies for DynamoDB" of AWS's Developer Guide, and the API Reference of its operations.
/// </summary>
public sealed class ResourcePolicyTests : IAsyncLifetime
{
    private const string Other = "111111111111";
    private const string Table = "arn:aws:dynamodb:us-east-1:000000000000:table/items";

    private TestCloud cloud = null!;
    private string stream = "";

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await Create("items");
        await Call("DescribeTable", new { TableName = "items" });
        stream = (await Call("DescribeTable", new { TableName = "items" }))
            .GetProperty("Table")
            .GetProperty("LatestStreamArn")
            .GetString()!;
        await Call("PutItem", """{"TableName":"items","Item":{"id":{"S":"1"}}}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_policy_is_kept_with_a_revision()
    {
        var policy = Policy("Allow", Other, Table, "dynamodb:GetItem");
        var first = await Put(policy);

        Assert.Equal(first, await Put(policy));
        var kept = await Call("GetResourcePolicy", new { ResourceArn = Table });
        Assert.Equal((policy, first), (kept.GetProperty("Policy").GetString(), kept.GetProperty("RevisionId").GetString()));
        var second = await Put(Policy("Allow", Other, Table, "dynamodb:Query"));
        Assert.NotEqual(first, second);
        var gone = await Call("DeleteResourcePolicy", new { ResourceArn = Table, ExpectedRevisionId = second });
        Assert.Equal(second, gone.GetProperty("RevisionId").GetString());
        var none = await Call("DeleteResourcePolicy", new { ResourceArn = Table });
        Assert.Equal("", none.GetProperty("RevisionId").GetString());
        Assert.StartsWith("PolicyNotFoundException", await Fails("GetResourcePolicy", new { ResourceArn = Table }));
    }

    [Fact]
    public async Task A_revision_that_is_expected_must_be_there()
    {
        var policy = Policy("Allow", Other, Table, "dynamodb:GetItem");
        Assert.StartsWith("PolicyNotFoundException", await Fails("PutResourcePolicy", Expecting("1")));
        Assert.StartsWith(
            "PolicyNotFoundException",
            await Fails("DeleteResourcePolicy", new { ResourceArn = Table, ExpectedRevisionId = "1" })
        );

        var made = (await Call("PutResourcePolicy", Expecting("NO_POLICY"))).GetProperty("RevisionId").GetString()!;

        Assert.StartsWith("PolicyNotFoundException", await Fails("PutResourcePolicy", Expecting("NO_POLICY")));
        await Call("PutResourcePolicy", Expecting(made));
        object Expecting(string revision) =>
            new
            {
                ResourceArn = Table,
                Policy = policy,
                ExpectedRevisionId = revision,
            };
    }

    [Fact]
    public async Task Another_account_gets_what_the_policy_allows_and_no_more()
    {
        const string read = """{"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/items","Key":{"id":{"S":"1"}}}""";
        Assert.StartsWith("AccessDeniedException", await Fails("GetItem", read, Other));

        await Put(
            Policy("Allow", Other, Table, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:PartiQLSelect", "dynamodb:UpdateTimeToLive")
        );

        Assert.Equal("1", (await Call("GetItem", read, Other)).GetProperty("Item").GetProperty("id").GetProperty("S").GetString());
        await Call("PutItem", new { TableName = Table, Item = new { id = new { S = "2" } } }, Other);
        Assert.Equal(2, (await Call("Scan", new { TableName = "items" })).GetProperty("Count").GetInt32());
        Assert.StartsWith("AccessDeniedException", await Fails("Scan", new { TableName = Table }, Other));
        // "API operations supported by resource-based policies": PartiQL and the table's settings are for its own account alone.
        Assert.StartsWith(
            "AccessDeniedException",
            await Fails("ExecuteStatement", new { Statement = $"SELECT * FROM \"{Table}\"" }, Other)
        );
        Assert.StartsWith(
            "AccessDeniedException",
            await Fails(
                "UpdateTimeToLive",
                new { TableName = Table, TimeToLiveSpecification = new { Enabled = true, AttributeName = "t" } },
                Other
            )
        );
    }

    [Fact]
    public async Task A_policy_denies_its_own_account_too()
    {
        await Put(Policy("Deny", "000000000000", Table, "dynamodb:GetItem"));

        var error = await Fails("GetItem", """{"TableName":"items","Key":{"id":{"S":"1"}}}""");

        Assert.Contains("with an explicit deny in a resource-based policy", error);
    }

    [Fact]
    public async Task A_policy_that_locks_out_its_author_wants_a_confirmation()
    {
        var policy = Policy("Deny", "000000000000", Table, "dynamodb:*");

        Assert.StartsWith("ValidationException", await Fails("PutResourcePolicy", new { ResourceArn = Table, Policy = policy }));
        await Call(
            "PutResourcePolicy",
            new
            {
                ResourceArn = Table,
                Policy = policy,
                ConfirmRemoveSelfResourceAccess = true,
            }
        );
    }

    [Fact]
    public async Task A_stream_has_a_policy_of_its_own()
    {
        Assert.StartsWith(
            "AccessDeniedException",
            await Fails("DescribeStream", new { StreamArn = stream }, Other, "DynamoDBStreams_20120810")
        );

        await Call("PutResourcePolicy", new { ResourceArn = stream, Policy = Policy("Allow", Other, stream, "dynamodb:DescribeStream") });

        await Call("DescribeStream", new { StreamArn = stream }, Other, "DynamoDBStreams_20120810");
        Assert.StartsWith("PolicyNotFoundException", await Fails("GetResourcePolicy", new { ResourceArn = Table }));
    }

    [Fact]
    public async Task A_table_is_created_with_its_policy()
    {
        const string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/second";
        await Create("second", Policy("Allow", Other, arn, "dynamodb:DescribeTable"));

        var seen = await Call("DescribeTable", new { TableName = arn }, Other);

        Assert.Equal(arn, seen.GetProperty("Table").GetProperty("TableArn").GetString());
    }

    [Theory]
    [InlineData("{", "arn:aws:dynamodb:us-east-1:000000000000:table/items", "ValidationException")]
    [InlineData("", "arn:aws:dynamodb:us-east-1:000000000000:table/items/index/i", "ValidationException")]
    [InlineData(
        "",
        "arn:aws:dynamodb:us-east-1:000000000000:table/none",
        "ResourceNotFoundException: Requested resource not found: Table: none not found"
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"dynamodb:*","Resource":"*"}}""",
        "arn:aws:dynamodb:us-east-1:000000000000:table/items",
        "ValidationException"
    )]
    public async Task What_cannot_be_attached_is_refused(string policy, string resource, string error)
    {
        var text = policy.Length == 0 ? Policy("Allow", Other, resource, "dynamodb:GetItem") : policy;

        Assert.StartsWith(error, await Fails("PutResourcePolicy", new { ResourceArn = resource, Policy = text }));
    }

    private static string Policy(string effect, string account, string resource, params string[] actions) =>
        JsonSerializer.Serialize(
            new
            {
                Version = "2012-10-17",
                Statement = new
                {
                    Effect = effect,
                    Principal = new { AWS = $"arn:aws:iam::{account}:root" },
                    Action = actions,
                    Resource = resource,
                },
            }
        );

    private Task<JsonElement> Create(string name, string? policy = null) =>
        Call(
            "CreateTable",
            new
            {
                TableName = name,
                BillingMode = "PAY_PER_REQUEST",
                KeySchema = new[] { new { AttributeName = "id", KeyType = "HASH" } },
                AttributeDefinitions = new[] { new { AttributeName = "id", AttributeType = "S" } },
                StreamSpecification = new { StreamEnabled = true, StreamViewType = "NEW_IMAGE" },
                ResourcePolicy = policy,
            }
        );

    private async Task<string> Put(string policy) =>
        (await Call("PutResourcePolicy", new { ResourceArn = Table, Policy = policy })).GetProperty("RevisionId").GetString()!;

    private Task<JsonElement> Call(string operation, object body, string? account = null, string prefix = "DynamoDB_20120810") =>
        cloud.Json("dynamodb", $"{prefix}.{operation}", body as string ?? JsonSerializer.Serialize(body), account);

    private async Task<string> Fails(string operation, object body, string? account = null, string prefix = "DynamoDB_20120810")
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body, account, prefix));
        using var json = JsonDocument.Parse(error.Body);
        var message =
            json.RootElement.TryGetProperty("message", out var text) || json.RootElement.TryGetProperty("Message", out text)
                ? text.GetString()
                : "";
        return $"{json.RootElement.GetProperty("__type").GetString()!.Split('#')[^1]}: {message}";
    }
}

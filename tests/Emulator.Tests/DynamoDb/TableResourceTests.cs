using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class TableResourceTests
{
    private const string First = """
        {"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
         "BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":"5","WriteCapacityUnits":"5"},
         "GlobalSecondaryIndexes":[{"IndexName":"one","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"},"ProvisionedThroughput":{"ReadCapacityUnits":"1","WriteCapacityUnits":"1"}}],
         "StreamSpecification":{"StreamViewType":"KEYS_ONLY"},"SSESpecification":{"SSEEnabled":"true"},"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":"true"},
         "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true},"Tags":[{"Key":"a","Value":"b"}],"DeletionProtectionEnabled":"false"}
        """;

    private const string Second = """
        {"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"N"},{"AttributeName":"h","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
         "BillingMode":"PAY_PER_REQUEST",
         "GlobalSecondaryIndexes":[{"IndexName":"two","KeySchema":[{"AttributeName":"h","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],
         "StreamSpecification":{"StreamViewType":"NEW_IMAGE"},"TableClass":"STANDARD_INFREQUENT_ACCESS"}
        """;

    [Fact]
    public async Task A_table_is_created_once_changed_in_place_and_deleted()
    {
        await using var dynamo = await Start();
        var resource = dynamo.Cloud.Cloud.Dynamo.Resources.Single();

        var created = await resource.Create(Request(First), default);
        var again = await resource.Create(Request(First), default);
        var table = (await dynamo.Client.DescribeTableAsync(created.PhysicalId)).Table;

        Assert.Equal(created.PhysicalId, again.PhysicalId);
        Assert.StartsWith("stack-Table-", created.PhysicalId, StringComparison.Ordinal);
        Assert.Equal(table.TableArn, created.Attributes["Arn"].GetString());
        Assert.Equal(table.LatestStreamArn, created.Attributes["StreamArn"].GetString());
        Assert.Equal(5, table.ProvisionedThroughput.ReadCapacityUnits);
        Assert.Equal("KMS", table.SSEDescription.SSEType);
        Assert.Equal("ttl", (await dynamo.Client.DescribeTimeToLiveAsync(created.PhysicalId)).TimeToLiveDescription.AttributeName);
        Assert.Equal(2, (await dynamo.Client.ListTagsOfResourceAsync(new() { ResourceArn = table.TableArn })).Tags.Count);

        await dynamo.Put(created.PhysicalId, ("pk", N("1")), ("h", S("x")));
        var updated = await resource.Update(
            Request(Second) with
            {
                PhysicalId = created.PhysicalId,
                PreviousProperties = Json(First),
            },
            default
        );
        table = (await dynamo.Client.DescribeTableAsync(created.PhysicalId)).Table;

        Assert.NotEqual(created.Attributes["StreamArn"].GetString(), updated.Attributes["StreamArn"].GetString());
        Assert.Equal("PAY_PER_REQUEST", table.BillingModeSummary.BillingMode);
        Assert.Equal("two", Assert.Single(table.GlobalSecondaryIndexes).IndexName);
        Assert.Equal(1, table.GlobalSecondaryIndexes[0].ItemCount);
        Assert.Null(table.SSEDescription);
        Assert.Equal("DISABLED", (await dynamo.Client.DescribeTimeToLiveAsync(created.PhysicalId)).TimeToLiveDescription.TimeToLiveStatus);
        Assert.Equal("1", (await dynamo.Client.GetItemAsync(created.PhysicalId, Item(("pk", N("1"))))).Item["pk"].N);

        await resource.Delete(Request(Second) with { PhysicalId = created.PhysicalId }, default);
        await resource.Delete(Request(Second) with { PhysicalId = created.PhysicalId }, default);
        Assert.Empty((await dynamo.Client.ListTablesAsync()).TableNames ?? []);
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html</summary>
    [Fact]
    public async Task A_template_sets_the_policy_and_what_the_table_may_take()
    {
        await using var dynamo = await Start();
        var resource = dynamo.Cloud.Cloud.Dynamo.Resources.Single();
        const string start = """
            {"TableName":"table","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"N"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
             "BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamViewType":"KEYS_ONLY"STREAM}
            """;
        const string policy =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"dynamodb:GetItem","Resource":"*"}]}""";
        const string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table";
        var first =
            start.Replace("STREAM", ""","ResourcePolicy":{"PolicyDocument":""" + policy + "}", StringComparison.Ordinal)
            + ""","ResourcePolicy":{"PolicyDocument":"""
            + policy
            + """},"OnDemandThroughput":{"MaxReadRequestUnits":"7"}}""";
        var second = start.Replace("STREAM", "", StringComparison.Ordinal) + "}";

        var created = await resource.Create(Request(first), default);
        var stream = created.Attributes["StreamArn"].GetString();
        Assert.Equal(policy, (await dynamo.Client.GetResourcePolicyAsync(new() { ResourceArn = stream })).Policy);
        Assert.Equal(policy, (await dynamo.Client.GetResourcePolicyAsync(new() { ResourceArn = arn })).Policy);
        Assert.Equal(7, (await dynamo.Client.DescribeTableAsync("table")).Table.OnDemandThroughput.MaxReadRequestUnits);

        await resource.Update(Request(second) with { PhysicalId = "table", PreviousProperties = Json(first) }, default);
        await Assert.ThrowsAsync<Amazon.DynamoDBv2.Model.PolicyNotFoundException>(() =>
            dynamo.Client.GetResourcePolicyAsync(new() { ResourceArn = arn })
        );
        await Assert.ThrowsAsync<Amazon.DynamoDBv2.Model.PolicyNotFoundException>(() =>
            dynamo.Client.GetResourcePolicyAsync(new() { ResourceArn = stream })
        );
        Assert.Equal(-1, (await dynamo.Client.DescribeTableAsync("table")).Table.OnDemandThroughput.MaxReadRequestUnits);
    }

    private static ResourceRequest Request(string properties) =>
        new()
        {
            Caller = new Caller(
                "000000000000",
                "us-east-1",
                Principal.Root("aws", "000000000000"),
                "000000000000",
                "000000000000",
                "request"
            ),
            StackId = "arn:aws:cloudformation:us-east-1:000000000000:stack/stack/1",
            StackName = "stack",
            LogicalId = "Table",
            Token = "token",
            Properties = Json(properties),
            StackTags = new Dictionary<string, string> { ["aws:cloudformation:stack-name"] = "stack", ["own"] = "yes" },
        };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>By the API Reference of DynamoDB: OnDemandThroughput, WarmThroughput and the operations of contributor insights.</summary>
public sealed class TableSettingTests
{
    [Fact]
    public async Task On_demand_maxima_are_kept_and_shown()
    {
        await using var dynamo = await Dynamo.Start();
        var table = await dynamo.Table(change: request => request.OnDemandThroughput = new() { MaxReadRequestUnits = 10 });
        Assert.Equal((10, -1), (table.OnDemandThroughput.MaxReadRequestUnits, table.OnDemandThroughput.MaxWriteRequestUnits));

        await dynamo.Client.UpdateTableAsync(
            new UpdateTableRequest
            {
                TableName = "table",
                OnDemandThroughput = new() { MaxReadRequestUnits = -1, MaxWriteRequestUnits = 5 },
            }
        );

        table = (await dynamo.Client.DescribeTableAsync("table")).Table;
        Assert.Equal((-1, 5), (table.OnDemandThroughput.MaxReadRequestUnits, table.OnDemandThroughput.MaxWriteRequestUnits));
    }

    /// <summary>As the examples of "create-table" in the AWS CLI Command Reference show it.</summary>
    [Fact]
    public async Task While_a_table_is_created_so_are_its_indexes_and_its_billing_mode_has_no_date()
    {
        await using var dynamo = await Dynamo.Start();

        var created = await dynamo.Client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = "table",
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
                KeySchema = [new("pk", KeyType.HASH)],
                GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = "index",
                        KeySchema = [new("pk", KeyType.HASH)],
                        Projection = new() { ProjectionType = ProjectionType.ALL },
                    },
                ],
            }
        );
        var active = (await dynamo.Client.DescribeTableAsync("table")).Table;

        var index = created.TableDescription.GlobalSecondaryIndexes[0];
        Assert.Equal((IndexStatus.CREATING, null), (index.IndexStatus, index.Backfilling));
        Assert.Null(created.TableDescription.BillingModeSummary.LastUpdateToPayPerRequestDateTime);
        Assert.Equal(IndexStatus.ACTIVE, active.GlobalSecondaryIndexes[0].IndexStatus);
        Assert.Equal(active.CreationDateTime, active.BillingModeSummary.LastUpdateToPayPerRequestDateTime);
    }

    /// <summary>Recorded on AWS 22-02-2025 and 13-10-2025.</summary>
    [Fact]
    public async Task Warm_throughput_is_not_shown_while_a_table_is_made()
    {
        await using var cloud = await TestCloud.Start();

        var made = await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.CreateTable",
            """{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}]}"""
        );

        Assert.False(made.GetProperty("TableDescription").TryGetProperty("WarmThroughput", out _));
    }

    [Fact]
    public async Task Warm_throughput_grows_and_does_not_shrink()
    {
        await using var dynamo = await Dynamo.Start();
        var table = await dynamo.Table(change: request => request.WarmThroughput = new() { ReadUnitsPerSecond = 20000 });
        Assert.Equal((20000, 4000), (table.WarmThroughput.ReadUnitsPerSecond, table.WarmThroughput.WriteUnitsPerSecond));

        var changing = await dynamo.Client.UpdateTableAsync(
            new UpdateTableRequest
            {
                TableName = "table",
                WarmThroughput = new() { WriteUnitsPerSecond = 5000 },
            }
        );
        table = (await dynamo.Client.DescribeTableAsync("table")).Table;

        Assert.Equal(TableStatus.UPDATING, changing.TableDescription.WarmThroughput.Status);
        Assert.Equal((20000, 5000), (table.WarmThroughput.ReadUnitsPerSecond, table.WarmThroughput.WriteUnitsPerSecond));
        var error = await Assert.ThrowsAsync<AmazonDynamoDBException>(() =>
            dynamo.Client.UpdateTableAsync(
                new UpdateTableRequest
                {
                    TableName = "table",
                    WarmThroughput = new() { ReadUnitsPerSecond = 100 },
                }
            )
        );
        Assert.Equal("ValidationException", error.ErrorCode);
    }

    [Fact]
    public async Task Contributor_insights_are_a_setting()
    {
        await using var dynamo = await Dynamo.Start();
        await dynamo.Table(sortKey: "sk");
        Assert.Equal("DISABLED", (await Describe(dynamo)).ContributorInsightsStatus);
        Assert.Empty((await dynamo.Client.ListContributorInsightsAsync(new())).ContributorInsightsSummaries);

        var changing = await dynamo.Client.UpdateContributorInsightsAsync(
            new() { TableName = "table", ContributorInsightsAction = ContributorInsightsAction.ENABLE }
        );

        Assert.Equal("ENABLING", changing.ContributorInsightsStatus);
        var shown = await Describe(dynamo);
        Assert.Equal("ENABLED", shown.ContributorInsightsStatus);
        Assert.Equal(["PKC", "PKT", "SKC", "SKT"], shown.ContributorInsightsRuleList.Select(rule => rule.Split('-')[1]));
        Assert.Equal(
            ("table", "ENABLED"),
            (await dynamo.Client.ListContributorInsightsAsync(new())).ContributorInsightsSummaries is [var one]
                ? (one.TableName, one.ContributorInsightsStatus.Value)
                : default
        );
    }

    [Theory]
    [InlineData("UpdateContributorInsights", """{"TableName":"none","ContributorInsightsAction":"ENABLE"}""", "ResourceNotFoundException")]
    [InlineData("DescribeContributorInsights", """{"TableName":"none"}""", "ResourceNotFoundException")]
    [InlineData("DescribeContributorInsights", """{"TableName":"table","IndexName":"none"}""", "ResourceNotFoundException")]
    [InlineData("UpdateContributorInsights", """{"TableName":"table","ContributorInsightsAction":"x"}""", "ValidationException")]
    [InlineData("UpdateTable", """{"TableName":"table","OnDemandThroughput":{"MaxReadRequestUnits":0}}""", "ValidationException")]
    [InlineData("UpdateTable", """{"TableName":"table","WarmThroughput":{}}""", "ValidationException")]
    public async Task What_cannot_be_set_is_refused(string operation, string body, string type)
    {
        await using var dynamo = await Dynamo.Start();
        await dynamo.Table();

        Assert.Equal(type, (await dynamo.Fails(operation, body)).Type);
    }

    [Theory]
    [InlineData("EnableKinesisStreamingDestination")]
    [InlineData("CreateGlobalTable")]
    [InlineData("ImportTable")]
    public async Task What_is_not_done_is_refused_by_its_name(string operation)
    {
        await using var dynamo = await Dynamo.Start();

        var (type, message) = await dynamo.Fails(operation, "{}");

        Assert.Equal(("NotImplemented", $"The Disa emulator does not support dynamodb:{operation}."), (type, message));
    }

    private static Task<DescribeContributorInsightsResponse> Describe(Dynamo dynamo) =>
        dynamo.Client.DescribeContributorInsightsAsync(new() { TableName = "table" });
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DataModel;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;
using QueryFilter = Amazon.DynamoDBv2.DocumentModel.QueryFilter;
using ReturnValues = Amazon.DynamoDBv2.DocumentModel.ReturnValues;
using ScanFilter = Amazon.DynamoDBv2.DocumentModel.ScanFilter;
using ScanOperator = Amazon.DynamoDBv2.DocumentModel.ScanOperator;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>AWS's own high-level API, which sends these parameters.</summary>
public sealed class LegacySdkTests
{
    [Fact]
    public async Task The_context_saves_loads_queries_and_scans()
    {
        await using var dynamo = await Start();
        await dynamo.Table(sortKey: "sk", sortType: "N");
        var context = new DynamoDBContextBuilder().WithDynamoDBClient(() => dynamo.Client).Build();
        for (var i = 1; i <= 4; i++)
        {
            await context.SaveAsync(
                new Row
                {
                    Pk = "a",
                    Sk = i,
                    Text = i % 2 == 0 ? "even" : "odd",
                }
            );
        }

        var query = await context.QueryAsync<Row>("a").GetRemainingAsync();
        var between = await context.QueryAsync<Row>("a", QueryOperator.Between, [2, 3]).GetRemainingAsync();
        var backward = await context
            .QueryAsync<Row>(
                "a",
                new QueryConfig { BackwardQuery = true, QueryFilter = [new ScanCondition("Text", ScanOperator.Equal, "even")] }
            )
            .GetRemainingAsync();
        var scan = await context
            .ScanAsync<Row>([new ScanCondition("Text", ScanOperator.BeginsWith, "o"), new ScanCondition("Sk", ScanOperator.GreaterThan, 1)])
            .GetRemainingAsync();

        Assert.Equal([1, 2, 3, 4], query.Select(row => row.Sk));
        Assert.Equal([2, 3], between.Select(row => row.Sk));
        Assert.Equal([4, 2], backward.Select(row => row.Sk));
        Assert.Equal([3], scan.Select(row => row.Sk));

        var loaded = await context.LoadAsync<Row>("a", 1);
        Assert.Equal("odd", loaded.Text);
        var other = await context.LoadAsync<Row>("a", 1);
        other.Text = "changed";
        await context.SaveAsync(other);
        loaded.Text = "late";
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => context.SaveAsync(loaded));
        await context.DeleteAsync(other);
        Assert.Null(await context.LoadAsync<Row>("a", 1));
    }

    [Fact]
    public async Task The_document_model_puts_updates_and_gets()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        var table = new TableBuilder(dynamo.Client, "table").AddHashKey("pk", DynamoDBEntryType.String).Build();
        await table.PutItemAsync(
            new Document
            {
                ["pk"] = "a",
                ["n"] = 1,
                ["text"] = "t",
            }
        );

        var wrong = new ExpectedState();
        wrong.AddExpected("n", ScanOperator.GreaterThan, 5);
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() =>
            table.PutItemAsync(new Document { ["pk"] = "a" }, new PutItemOperationConfig { ExpectedState = wrong })
        );
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() =>
            table.PutItemAsync(new Document { ["pk"] = "a" }, new PutItemOperationConfig { Expected = new Document { ["n"] = 2 } })
        );

        var updated = await table.UpdateItemAsync(
            new Document
            {
                ["pk"] = "a",
                ["n"] = 2,
                ["text"] = null,
            },
            new UpdateItemOperationConfig
            {
                Expected = new Document { ["n"] = 1 },
                ReturnValues = ReturnValues.AllNewAttributes,
            }
        );
        var got = await table.GetItemAsync("a", new GetItemOperationConfig { AttributesToGet = ["n"] });

        Assert.Equal(2, updated["n"].AsInt());
        Assert.False(updated.ContainsKey("text"));
        Assert.Equal(["n"], got.GetAttributeNames());
        Assert.Equal(1, await Count(table.Query("a", new QueryFilter())));
        var filter = new ScanFilter();
        filter.AddCondition("n", ScanOperator.In, 1, 2);
        Assert.Equal(1, await Count(table.Scan(filter)));
    }

    private static async Task<int> Count(ISearch search) => (await search.GetRemainingAsync()).Count;

    [DynamoDBTable("table")]
    public sealed class Row
    {
        [DynamoDBHashKey("pk")]
        public string Pk { get; set; } = "";

        [DynamoDBRangeKey("sk")]
        public int Sk { get; set; }

        public string? Text { get; set; }

        [DynamoDBVersion]
        public int? Version { get; set; }
    }
}

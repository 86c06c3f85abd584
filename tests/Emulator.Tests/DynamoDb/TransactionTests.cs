using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class TransactionTests
{
    [Fact]
    public async Task All_or_nothing()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("b")), ("n", N("1")));

        var error = await Assert.ThrowsAsync<TransactionCanceledException>(() =>
            dynamo.Client.TransactWriteItemsAsync(
                new TransactWriteItemsRequest
                {
                    TransactItems =
                    [
                        new()
                        {
                            Put = new() { TableName = "table", Item = Item(("pk", S("a"))) },
                        },
                        new()
                        {
                            Update = new()
                            {
                                TableName = "table",
                                Key = Item(("pk", S("b"))),
                                UpdateExpression = "SET n = n + :one",
                                ConditionExpression = "n > :one",
                                ExpressionAttributeValues = Item((":one", N("1"))),
                                ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                            },
                        },
                    ],
                }
            )
        );

        Assert.Equal(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
            error.Message
        );
        Assert.Equal(["None", "ConditionalCheckFailed"], error.CancellationReasons.Select(reason => reason.Code));
        Assert.Equal("1", error.CancellationReasons[1].Item["n"].N);
        Assert.Null((await dynamo.Client.GetItemAsync("table", Item(("pk", S("a"))))).Item);
    }

    [Fact]
    public async Task The_same_token_does_it_once_and_another_request_under_it_is_refused()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        TransactWriteItemsRequest Add(string by) =>
            new()
            {
                ClientRequestToken = "token",
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
                TransactItems =
                [
                    new()
                    {
                        Update = new()
                        {
                            TableName = "table",
                            Key = Item(("pk", S("a"))),
                            UpdateExpression = "ADD n :by",
                            ExpressionAttributeValues = Item((":by", N(by))),
                        },
                    },
                ],
            };

        var first = await dynamo.Client.TransactWriteItemsAsync(Add("1"));
        await dynamo.Client.TransactWriteItemsAsync(Add("1"));
        await Assert.ThrowsAsync<IdempotentParameterMismatchException>(() => dynamo.Client.TransactWriteItemsAsync(Add("2")));
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(10));
        await dynamo.Client.TransactWriteItemsAsync(Add("2"));

        Assert.Equal(2, first.ConsumedCapacity[0].WriteCapacityUnits);
        var read = await dynamo.Client.TransactGetItemsAsync(
            new TransactGetItemsRequest
            {
                TransactItems =
                [
                    new()
                    {
                        Get = new() { TableName = "table", Key = Item(("pk", S("a"))) },
                    },
                    new()
                    {
                        Get = new() { TableName = "table", Key = Item(("pk", S("none"))) },
                    },
                ],
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            }
        );
        Assert.Equal("3", read.Responses[0].Item["n"].N);
        Assert.Null(read.Responses[1].Item);
        Assert.Equal(4, read.ConsumedCapacity[0].ReadCapacityUnits);
    }

    [Fact]
    public async Task One_item_twice_is_refused()
    {
        await using var dynamo = await Start();
        await dynamo.Table();

        Assert.Equal(
            ("ValidationException", "Transaction request cannot include multiple operations on one item"),
            await dynamo.Fails(
                "TransactWriteItems",
                """{"TransactItems":[{"Put":{"TableName":"table","Item":{"pk":{"S":"a"}}}},{"Delete":{"TableName":"table","Key":{"pk":{"S":"a"}}}}]}"""
            )
        );
    }

    /// <summary>Recorded on AWS: the token stands for the items, not for their text.</summary>
    [Fact]
    public async Task A_repeat_may_write_its_items_in_another_order()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        static string Body(string item) =>
            $$$"""{"ClientRequestToken":"token","TransactItems":[{"Put":{"TableName":"table","Item":{{{item}}}}}]}""";

        await dynamo.Cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.TransactWriteItems",
            Body("""{"pk":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"SS":["a","b"]}}}}""")
        );
        await dynamo.Cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.TransactWriteItems",
            Body("""{"m":{"M":{"y":{"SS":["b","a"]},"x":{"N":"1.0"}}},"pk":{"S":"a"}}""")
        );

        Assert.Equal("IdempotentParameterMismatchException", (await dynamo.Fails("TransactWriteItems", Body("""{"pk":{"S":"a"}}"""))).Type);
    }
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class BatchTests
{
    [Fact]
    public async Task A_batch_writes_and_reads_in_several_tables()
    {
        await using var dynamo = await Start();
        await dynamo.Table("one1");
        await dynamo.Table("two2");
        await dynamo.Put("one1", ("pk", S("gone")));

        var written = await dynamo.Client.BatchWriteItemAsync(
            new BatchWriteItemRequest(
                new Dictionary<string, List<WriteRequest>>
                {
                    ["one1"] = [new(new PutRequest(Item(("pk", S("a"))))), new(new DeleteRequest(Item(("pk", S("gone")))))],
                    ["two2"] = [new(new PutRequest(Item(("pk", S("b")), ("v", S("x")))))],
                }
            )
            {
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            }
        );
        var read = await dynamo.Client.BatchGetItemAsync(
            new BatchGetItemRequest(
                new Dictionary<string, KeysAndAttributes>
                {
                    ["one1"] = new() { Keys = [Item(("pk", S("a"))), Item(("pk", S("gone")))], ConsistentRead = true },
                    ["two2"] = new() { Keys = [Item(("pk", S("b")))], ProjectionExpression = "v" },
                }
            )
            {
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            }
        );

        Assert.Equal([2, 1], written.ConsumedCapacity.Select(capacity => capacity.CapacityUnits!.Value));
        Assert.Equal("a", Assert.Single(read.Responses["one1"])["pk"].S);
        Assert.Equal("v", Assert.Single(Assert.Single(read.Responses["two2"])).Key);
        Assert.Equal([2, 0.5], read.ConsumedCapacity.Select(capacity => capacity.CapacityUnits!.Value));
    }

    [Fact]
    public async Task Too_many_and_twice_the_same_are_refused()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        var twice = """{"RequestItems":{"table":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}}""";
        var keys = string.Join(',', Enumerable.Range(0, 60).Select(i => $"{{\"pk\":{{\"S\":\"{i}\"}}}}"));

        Assert.Equal(
            ("ValidationException", "Provided list of item keys contains duplicates"),
            await dynamo.Fails("BatchWriteItem", twice)
        );
        Assert.Equal(
            ("ValidationException", "Too many items requested for the BatchGetItem call"),
            await dynamo.Fails("BatchGetItem", $"{{\"RequestItems\":{{\"table\":{{\"Keys\":[{keys}]}},\"other\":{{\"Keys\":[{keys}]}}}}}}")
        );
        Assert.Equal(
            (
                "ValidationException",
                "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1"
            ),
            await dynamo.Fails("BatchGetItem", """{"RequestItems":{}}""")
        );
    }

    [Fact]
    public async Task What_exceeds_16_MB_comes_back_unprocessed()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        for (var i = 0; i < 45; i++)
        {
            await dynamo.Put("table", ("pk", S($"{i}")), ("v", S(new string('x', 390 * 1024))));
        }

        var read = await dynamo.Client.BatchGetItemAsync(
            new BatchGetItemRequest(
                new Dictionary<string, KeysAndAttributes>
                {
                    ["table"] = new() { Keys = [.. Enumerable.Range(0, 45).Select(i => Item(("pk", S($"{i}"))))] },
                }
            )
        );

        Assert.Equal(45, read.Responses["table"].Count + read.UnprocessedKeys["table"].Keys.Count);
        Assert.InRange(read.UnprocessedKeys["table"].Keys.Count, 1, 10);
    }

    /// <summary>Recorded on AWS; PutItem names the missing key instead.</summary>
    [Theory]
    [InlineData("""{"other":{"S":"a"}}""")]
    [InlineData("""{"pk":{"N":"1"}}""")]
    public async Task An_item_of_a_batch_without_the_key_does_not_match_the_schema(string item)
    {
        await using var dynamo = await Start();
        await dynamo.Table();

        Assert.Equal(
            ("ValidationException", "The provided key element does not match the schema"),
            await dynamo.Fails("BatchWriteItem", $$$"""{"RequestItems":{"table":[{"PutRequest":{"Item":{{{item}}}}}]}}""")
        );
    }
}

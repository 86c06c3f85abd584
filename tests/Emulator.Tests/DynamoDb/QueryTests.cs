using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class QueryTests
{
    public sealed class Behaviour
    {
        [Theory]
        [InlineData("sk = :a", "5")]
        [InlineData("sk < :a", "-30,-2,0,1.5")]
        [InlineData("sk <= :a", "-30,-2,0,1.5,5")]
        [InlineData("sk > :a", "40")]
        [InlineData("sk >= :a", "5,40")]
        [InlineData(":a <= sk", "5,40")]
        [InlineData("sk BETWEEN :b AND :a", "-2,0,1.5,5")]
        public async Task Sort_keys_are_compared_as_numbers(string condition, string found)
        {
            await using var dynamo = await Start();
            await dynamo.Table(sortKey: "sk", hashType: "B", sortType: "N");
            foreach (var number in (string[])["5", "-2", "40", "0", "1.5", "-30"])
            {
                await dynamo.Put("table", ("pk", new() { B = new MemoryStream([1]) }), ("sk", N(number)));
            }

            var values = Item((":pk", new() { B = new MemoryStream([1]) }), (":a", N("5")));
            if (condition.Contains(":b"))
            {
                values[":b"] = N("-2");
            }

            var forward = await dynamo.Client.QueryAsync(Request(true));
            var backward = await dynamo.Client.QueryAsync(Request(false));

            Assert.Equal(found, string.Join(',', forward.Items.Select(item => item["sk"].N)));
            Assert.Equal(found, string.Join(',', backward.Items.Select(item => item["sk"].N).Reverse()));

            QueryRequest Request(bool forwards) =>
                new("table")
                {
                    KeyConditionExpression = $"pk = :pk AND {condition}",
                    ExpressionAttributeValues = values,
                    ScanIndexForward = forwards,
                };
        }

        [Fact]
        public async Task Pages_follow_each_other_without_a_gap_in_both_directions()
        {
            await using var dynamo = await Start();
            await dynamo.Table(sortKey: "sk");
            for (var i = 0; i < 10; i++)
            {
                await dynamo.Put("table", ("pk", S("p")), ("sk", S($"{i}")));
            }

            foreach (var forward in (bool[])[true, false])
            {
                var seen = new List<string>();
                Dictionary<string, AttributeValue>? start = null;
                do
                {
                    var page = await dynamo.Client.QueryAsync(
                        new QueryRequest("table")
                        {
                            KeyConditionExpression = "pk = :p",
                            ExpressionAttributeValues = Item((":p", S("p"))),
                            Limit = 3,
                            ScanIndexForward = forward,
                            ExclusiveStartKey = start,
                        }
                    );
                    seen.AddRange(page.Items.Select(item => item["sk"].S));
                    start = page.LastEvaluatedKey;
                } while (start is { Count: > 0 });

                var expected = Enumerable.Range(0, 10).Select(i => $"{i}");
                Assert.Equal(forward ? expected : expected.Reverse(), seen);
            }
        }

        [Fact]
        public async Task A_page_ends_at_1_MB_and_a_filter_only_hides()
        {
            await using var dynamo = await Start();
            await dynamo.Table(sortKey: "sk");
            for (var i = 0; i < 5; i++)
            {
                await dynamo.Put("table", ("pk", S("p")), ("sk", S($"{i}")), ("v", S(new string('x', 300 * 1024))));
            }

            var page = await dynamo.Client.QueryAsync(
                new QueryRequest("table")
                {
                    KeyConditionExpression = "pk = :p",
                    FilterExpression = "attribute_not_exists(v)",
                    ExpressionAttributeValues = Item((":p", S("p"))),
                    ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
                }
            );

            Assert.Equal((0, 4), (page.Count, page.ScannedCount));
            Assert.Equal("3", page.LastEvaluatedKey["sk"].S);
            Assert.Equal(150.5, page.ConsumedCapacity.CapacityUnits);
        }

        [Fact]
        public async Task An_index_is_sparse_and_follows_the_item()
        {
            await using var dynamo = await Start();
            await dynamo.Table(change: request =>
            {
                request.AttributeDefinitions.AddRange([new("g", ScalarAttributeType.S), new("due", ScalarAttributeType.N)]);
                request.GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = "index",
                        KeySchema = [new("g", KeyType.HASH), new("due", KeyType.RANGE)],
                        Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                    },
                ];
            });
            await dynamo.Put("table", ("pk", S("a")), ("g", S("x")), ("due", N("2")), ("other", S("o")));
            await dynamo.Put("table", ("pk", S("b")), ("g", S("x")), ("due", N("1")));
            await dynamo.Put("table", ("pk", S("c")), ("g", S("x")));

            Assert.Equal(["b", "a"], (await Index()).Select(item => item["pk"].S));
            Assert.All(await Index(), item => Assert.Equal(["due", "g", "pk"], item.Keys.Order()));

            await dynamo.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = "table",
                    Key = Item(("pk", S("b"))),
                    UpdateExpression = "REMOVE g",
                }
            );
            await dynamo.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = "table",
                    Key = Item(("pk", S("c"))),
                    UpdateExpression = "SET due = :d",
                    ExpressionAttributeValues = Item((":d", N("0"))),
                }
            );
            Assert.Equal(["c", "a"], (await Index()).Select(item => item["pk"].S));

            await dynamo.Client.DeleteItemAsync("table", Item(("pk", S("a"))));
            Assert.Equal(["c"], (await Index()).Select(item => item["pk"].S));

            async Task<List<Dictionary<string, AttributeValue>>> Index() =>
                (
                    await dynamo.Client.QueryAsync(
                        new QueryRequest("table")
                        {
                            IndexName = "index",
                            KeyConditionExpression = "g = :g",
                            ExpressionAttributeValues = Item((":g", S("x"))),
                        }
                    )
                ).Items
                ?? [];
        }

        [Fact]
        public async Task Equal_index_keys_are_paged_without_loss()
        {
            await using var dynamo = await Start();
            await dynamo.Table(change: request =>
            {
                request.AttributeDefinitions.Add(new("g", ScalarAttributeType.S));
                request.GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = "index",
                        KeySchema = [new("g", KeyType.HASH)],
                        Projection = new() { ProjectionType = ProjectionType.ALL },
                    },
                ];
            });
            for (var i = 0; i < 7; i++)
            {
                await dynamo.Put("table", ("pk", S($"{i}")), ("g", S("same")));
            }

            var seen = new HashSet<string>();
            Dictionary<string, AttributeValue>? start = null;
            do
            {
                var page = await dynamo.Client.QueryAsync(
                    new QueryRequest("table")
                    {
                        IndexName = "index",
                        KeyConditionExpression = "g = :g",
                        ExpressionAttributeValues = Item((":g", S("same"))),
                        Limit = 2,
                        ExclusiveStartKey = start,
                    }
                );
                Assert.All(page.Items ?? [], item => Assert.True(seen.Add(item["pk"].S)));
                start = page.LastEvaluatedKey;
            } while (start is { Count: > 0 });

            Assert.Equal(7, seen.Count);
        }

        [Fact]
        public async Task A_local_index_fetches_what_it_does_not_have()
        {
            await using var dynamo = await Start();
            await dynamo.Table(
                sortKey: "sk",
                change: request =>
                {
                    request.AttributeDefinitions.Add(new("l", ScalarAttributeType.S));
                    request.LocalSecondaryIndexes =
                    [
                        new()
                        {
                            IndexName = "local",
                            KeySchema = [new("pk", KeyType.HASH), new("l", KeyType.RANGE)],
                            Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                        },
                    ];
                }
            );
            await dynamo.Put("table", ("pk", S("a")), ("sk", S("1")), ("l", S("z")), ("v", S("value")));
            await dynamo.Put("table", ("pk", S("a")), ("sk", S("2")), ("l", S("y")), ("v", S("value")));

            var answer = await dynamo.Client.QueryAsync(
                new QueryRequest("table")
                {
                    IndexName = "local",
                    KeyConditionExpression = "pk = :p",
                    ExpressionAttributeValues = Item((":p", S("a"))),
                    Select = Select.ALL_ATTRIBUTES,
                    ConsistentRead = true,
                    ReturnConsumedCapacity = ReturnConsumedCapacity.INDEXES,
                }
            );

            Assert.Equal(["2", "1"], answer.Items.Select(item => item["sk"].S));
            Assert.All(answer.Items, item => Assert.Equal("value", item["v"].S));
            Assert.Equal(2, answer.ConsumedCapacity.Table.CapacityUnits);
            Assert.Equal(1, answer.ConsumedCapacity.LocalSecondaryIndexes["local"].CapacityUnits);
        }
    }

    public sealed class Validation
    {
        [Theory]
        [InlineData("", "", "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")]
        [InlineData("sk = :v", "", "Query condition missed key schema element: pk")]
        [InlineData("pk = :v AND x = :v", "", "Query condition missed key schema element: sk")]
        [InlineData("pk > :v", "", "Query key condition not supported")]
        [InlineData("pk = :v OR sk = :v", "", "Invalid operator used in KeyConditionExpression: OR")]
        [InlineData("NOT pk = :v", "", "Invalid operator used in KeyConditionExpression: NOT")]
        [InlineData("pk IN (:v)", "", "Invalid operator used in KeyConditionExpression: IN")]
        [InlineData("pk <> :v", "", "Invalid operator used in KeyConditionExpression: <>")]
        [InlineData("contains(pk, :v)", "", "Invalid operator used in KeyConditionExpression: contains")]
        [InlineData("pk = :v AND pk = :v", "", "KeyConditionExpressions must only contain one condition per key")]
        [InlineData("pk.a = :v", "", "KeyConditionExpressions cannot have conditions on nested attributes")]
        [InlineData(
            "pk = sk AND sk = :v",
            "",
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
        )]
        [InlineData("size(pk) = :v", "", "KeyConditionExpressions cannot contain nested operations")]
        [InlineData(
            "begins_with(:v, pk)",
            "",
            "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand"
        )]
        [InlineData(
            "pk = :v",
            "\"Select\":\"SPECIFIC_ATTRIBUTES\"",
            "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )]
        [InlineData(
            "pk = :v",
            "\"Select\":\"COUNT\",\"ProjectionExpression\":\"a\"",
            "1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count"
        )]
        [InlineData("pk = :n", "", "One or more parameter values were invalid: Condition parameter type does not match schema type")]
        [InlineData("pk = :v", "\"IndexName\":\"none\"", "The table does not have the specified index: none")]
        [InlineData(
            "pk = :v",
            "\"IndexName\":\"index\",\"ConsistentRead\":true",
            "Consistent reads are not supported on global secondary indexes"
        )]
        [InlineData(
            "pk = :v",
            "\"FilterExpression\":\"sk = :v\"",
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"
        )]
        [InlineData("pk = :v", "\"ExclusiveStartKey\":{\"pk\":{\"S\":\"v\"}}", "The provided starting key is invalid")]
        [InlineData(
            "pk = :v",
            "\"ExclusiveStartKey\":{\"pk\":{\"S\":\"other\"},\"sk\":{\"S\":\"v\"}}",
            "The provided starting key is outside query boundaries based on provided conditions"
        )]
        [InlineData(
            "pk = :v",
            "\"Limit\":0",
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"
        )]
        public async Task What_AWS_refuses_is_refused_in_its_words(string condition, string more, string message)
        {
            await using var dynamo = await Start();
            await dynamo.Table(
                sortKey: "sk",
                change: request =>
                    request.GlobalSecondaryIndexes = [
                        new()
                        {
                            IndexName = "index",
                            KeySchema = [new("sk", KeyType.HASH)],
                            Projection = new() { ProjectionType = ProjectionType.ALL },
                        },
                    ]
            );
            var parts = new List<string> { "\"TableName\":\"table\"" };
            if (condition.Length > 0)
            {
                parts.Add($"\"KeyConditionExpression\":\"{condition}\"");
                parts.Add(
                    condition.Contains(":n")
                        ? "\"ExpressionAttributeValues\":{\":n\":{\"N\":\"1\"}}"
                        : "\"ExpressionAttributeValues\":{\":v\":{\"S\":\"v\"}}"
                );
            }

            if (more.Length > 0)
            {
                parts.Add(more);
            }

            Assert.Equal(("ValidationException", message), await dynamo.Fails("Query", $"{{{string.Join(',', parts)}}}"));
        }
    }
}

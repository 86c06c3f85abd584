using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html</summary>
public sealed class MultiAttributeKeyTests
{
    [Theory]
    [InlineData("h1 = :x AND h2 = :one", "b,c,d,a")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a", "b,c,d")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a AND r2 = :two", "c")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a AND r2 < :two", "b")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a AND r2 <= :two", "b,c")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a AND r2 > :two", "d")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a AND r2 >= :two", "c,d")]
    [InlineData("h1 = :x AND h2 = :one AND r1 = :a AND r2 BETWEEN :one AND :two", "b,c")]
    [InlineData("h1 = :x AND h2 = :one AND r1 > :a", "a")]
    [InlineData("h1 = :x AND h2 = :one AND begins_with(r1, :a)", "b,c,d,a")]
    [InlineData("h1 = :x AND h2 = :two", "e")]
    public async Task Queries_name_the_partition_and_the_sort_key_from_the_left(string condition, string found)
    {
        await using var dynamo = await Table();

        var forward = await dynamo.Client.QueryAsync(Request(condition));
        var backward = await dynamo.Client.QueryAsync(Request(condition, request => request.ScanIndexForward = false));

        Assert.Equal(found, string.Join(',', forward.Items.Select(item => item["pk"].S)));
        Assert.Equal(found, string.Join(',', backward.Items.Select(item => item["pk"].S).Reverse()));
    }

    [Fact]
    public async Task Pages_go_on_where_they_ended()
    {
        await using var dynamo = await Table();
        var seen = new List<string>();
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await dynamo.Client.QueryAsync(
                Request("h1 = :x AND h2 = :one", request => (request.Limit, request.ExclusiveStartKey) = (1, start))
            );
            seen.AddRange(page.Items.Select(item => item["pk"].S));
            start = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        } while (start is not null);

        Assert.Equal(["b", "c", "d", "a"], seen);
    }

    [Fact]
    public async Task An_item_that_lacks_one_of_the_attributes_is_not_in_the_index_and_one_that_changes_moves()
    {
        await using var dynamo = await Table();
        await dynamo.Put("table", ("pk", S("f")), ("h1", S("x")), ("h2", N("1")), ("r1", S("a")));
        await dynamo.Put("table", ("pk", S("c")), ("h1", S("x")), ("h2", N("2")), ("r1", S("z")), ("r2", N("2")));

        Assert.Equal(
            ["b", "d", "a"],
            (await dynamo.Client.QueryAsync(Request("h1 = :x AND h2 = :one"))).Items.Select(item => item["pk"].S)
        );
        Assert.Equal(["e", "c"], (await dynamo.Client.QueryAsync(Request("h1 = :x AND h2 = :two"))).Items.Select(item => item["pk"].S));
    }

    [Theory]
    [InlineData("h1 = :x", "Query condition missed key schema element: h2")]
    [InlineData("h1 = :x AND h2 = :one AND r2 = :two", "Query condition missed key schema element: r1")]
    [InlineData("h1 = :x AND h2 > :one", "Query key condition not supported")]
    [InlineData("h1 = :x AND h2 = :one AND r1 > :a AND r2 = :two", "Query key condition not supported")]
    public async Task Gaps_are_refused(string condition, string message)
    {
        await using var dynamo = await Table();

        var refused = await Assert.ThrowsAsync<AmazonDynamoDBException>(() => dynamo.Client.QueryAsync(Request(condition)));

        Assert.Equal(message, refused.Message);
    }

    private static QueryRequest Request(string condition, Action<QueryRequest>? change = null)
    {
        var all = Item((":x", S("x")), (":one", N("1")), (":two", N("2")), (":a", S("a")));
        var request = new QueryRequest("table")
        {
            IndexName = "index",
            KeyConditionExpression = condition,
            ExpressionAttributeValues = all.Where(value => System.Text.RegularExpressions.Regex.IsMatch(condition, value.Key + "\\b"))
                .ToDictionary(),
        };
        change?.Invoke(request);
        return request;
    }

    private static async Task<Dynamo> Table()
    {
        var dynamo = await Start();
        await dynamo.Table(change: request =>
        {
            request.AttributeDefinitions.AddRange([new("h1", "S"), new("h2", "N"), new("r1", "S"), new("r2", "N")]);
            request.GlobalSecondaryIndexes =
            [
                new()
                {
                    IndexName = "index",
                    KeySchema = [new("h1", KeyType.HASH), new("h2", KeyType.HASH), new("r1", KeyType.RANGE), new("r2", KeyType.RANGE)],
                    Projection = new() { ProjectionType = ProjectionType.ALL },
                },
            ];
        });
        foreach (
            var (key, h2, r1, r2) in new[]
            {
                ("a", "1", "ab", "1"),
                ("b", "1", "a", "1"),
                ("c", "1", "a", "2"),
                ("d", "1", "a", "10"),
                ("e", "2", "a", "1"),
            }
        )
        {
            await dynamo.Put("table", ("pk", S(key)), ("h1", S("x")), ("h2", N(h2)), ("r1", S(r1)), ("r2", N(r2)));
        }

        return dynamo;
    }
}

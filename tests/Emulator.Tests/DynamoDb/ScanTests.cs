using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class ScanTests
{
    [Fact]
    public async Task Segments_have_all_items_once()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        for (var i = 0; i < 40; i++)
        {
            await dynamo.Put("table", ("pk", S($"{i}")));
        }

        var seen = new List<string>();
        var sizes = new List<int>();
        for (var segment = 0; segment < 4; segment++)
        {
            var before = seen.Count;
            Dictionary<string, AttributeValue>? start = null;
            do
            {
                var page = await dynamo.Client.ScanAsync(
                    new ScanRequest("table")
                    {
                        Segment = segment,
                        TotalSegments = 4,
                        Limit = 3,
                        ExclusiveStartKey = start,
                    }
                );
                seen.AddRange((page.Items ?? []).Select(item => item["pk"].S));
                start = page.LastEvaluatedKey;
            } while (start is { Count: > 0 });
            sizes.Add(seen.Count - before);
        }

        Assert.Equal(40, seen.Distinct().Count());
        Assert.Equal(40, seen.Count);
        Assert.All(sizes, size => Assert.InRange(size, 1, 39));
    }

    [Fact]
    public async Task Filter_projection_and_count_do_what_they_say()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")), ("m", M(("x", N("1")), ("y", N("2")))), ("l", L(S("p"), S("q"))));
        await dynamo.Put("table", ("pk", S("b")));

        var found = await dynamo.Client.ScanAsync(
            new ScanRequest("table")
            {
                FilterExpression = "m.x = :one",
                ExpressionAttributeValues = Item((":one", N("1"))),
                ProjectionExpression = "pk, m.#y, l[1]",
                ExpressionAttributeNames = new() { ["#y"] = "y" },
            }
        );
        var counted = await dynamo.Client.ScanAsync(new ScanRequest("table") { Select = Amazon.DynamoDBv2.Select.COUNT });

        var item = Assert.Single(found.Items);
        Assert.Equal(2, found.ScannedCount);
        Assert.Equal("2", Assert.Single(item["m"].M).Value.N);
        Assert.Equal("q", Assert.Single(item["l"].L).S);
        Assert.Equal(2, counted.Count);
    }

    [Fact]
    public async Task A_segment_without_a_total_is_refused()
    {
        await using var dynamo = await Start();

        Assert.Equal(
            (
                "ValidationException",
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
            ),
            await dynamo.Fails("Scan", """{"TableName":"table","Segment":0}""")
        );
    }
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator.Tests.DynamoDb;

namespace Disa.Emulator.Tests.Faults;

/// <summary>Indexes that show changes late, and in the end all of them.</summary>
public sealed class LateIndexTests
{
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_index_shows_the_state_before_until_its_lag_is_over()
    {
        await using var dynamo = await Open(null);
        await Put(dynamo, "stays", "1");
        await Put(dynamo, "moves", "1");
        await Put(dynamo, "goes", "1");
        Slow(dynamo);

        await Put(dynamo, "comes", "1");
        await Put(dynamo, "moves", "2");
        await Put(dynamo, "moves", "3");
        await dynamo.Client.DeleteItemAsync("table", Dynamo.Item(("pk", Dynamo.S("goes"))));

        Assert.Equal(["goes", "moves", "stays"], await Query(dynamo, "1"));
        Assert.Empty(await Query(dynamo, "3"));

        await dynamo.Cloud.Cloud.Advance(Lag);

        Assert.Equal(["comes", "stays"], await Query(dynamo, "1"));
        Assert.Empty(await Query(dynamo, "2"));
        Assert.Equal(["moves"], await Query(dynamo, "3"));
    }

    [Fact]
    public async Task What_was_late_when_the_emulator_stopped_is_shown_after_the_restart()
    {
        var directory = Directory.CreateTempSubdirectory("disa-late-").FullName;
        try
        {
            await using (var dynamo = await Open(directory))
            {
                Slow(dynamo);
                await Put(dynamo, "comes", "1");
                Assert.Empty(await Query(dynamo, "1"));
            }

            await using (var dynamo = await Dynamo.Start(new LocalCloudOptions { DataDirectory = directory }))
            {
                // Without the fault: what is still late keeps changes of its item in their order.
                await Put(dynamo, "comes", "2");
                Assert.Empty(await Query(dynamo, "2"));
                await dynamo.Cloud.Cloud.Advance(Lag);
                Assert.Empty(await Query(dynamo, "1"));
                Assert.Equal(["comes"], await Query(dynamo, "2"));
                await Put(dynamo, "comes", "3");
                Assert.Equal(["comes"], await Query(dynamo, "3"));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Dynamo> Open(string? directory)
    {
        var dynamo = await Dynamo.Start(new LocalCloudOptions { DataDirectory = directory });
        await dynamo.Table(change: request =>
        {
            request.AttributeDefinitions.Add(new("status", ScalarAttributeType.S));
            request.GlobalSecondaryIndexes =
            [
                new()
                {
                    IndexName = "byStatus",
                    KeySchema = [new("status", KeyType.HASH)],
                    Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                },
            ];
        });
        return dynamo;
    }

    private static void Slow(Dynamo dynamo) => dynamo.Cloud.Cloud.Faults.Add(["index:lag=1m@1"], 1, dynamo.Cloud.Cloud.Services);

    private static Task Put(Dynamo dynamo, string key, string status) =>
        dynamo.Put("table", ("pk", Dynamo.S(key)), ("status", Dynamo.S(status)));

    private static async Task<List<string>> Query(Dynamo dynamo, string status) => [.. (
                await dynamo.Client.QueryAsync(
                    new QueryRequest("table")
                    {
                        IndexName = "byStatus",
                        KeyConditionExpression = "#s = :s",
                        ExpressionAttributeNames = new() { ["#s"] = "status" },
                        ExpressionAttributeValues = new() { [":s"] = Dynamo.S(status) },
                    }
                )
            ).Items.Select(item => item["pk"].S).Order(StringComparer.Ordinal)];
}

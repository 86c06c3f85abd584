using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class CrashTests
{
    [Fact]
    public async Task Item_index_entry_and_stream_record_are_there_together_or_not_at_all()
    {
        for (var cut = 1; cut < 30; cut++)
        {
            var directory = Directory.CreateTempSubdirectory("disa-test-").FullName;
            try
            {
                var power = new PowerCut(cut);
                var acknowledged = 0;
                try
                {
                    await using var before = await Start(
                        new LocalCloudOptions { DataDirectory = directory, BeforeWrite = power.BeforeWrite }
                    );
                    await Create(before);
                    for (; acknowledged < 3; acknowledged++)
                    {
                        await before.Put("table", ("pk", S($"{acknowledged}")), ("g", S("x")));
                    }
                }
                catch (Exception) when (power.Happened.Task.IsCompleted)
                {
                    // The machine went off at some point of this.
                }

                await using var after = await Start(new LocalCloudOptions { DataDirectory = directory });
                if ((await after.Client.ListTablesAsync()).TableNames is [_])
                {
                    var arn = (await after.Client.DescribeTableAsync("table")).Table.LatestStreamArn;
                    var items = (await after.Client.ScanAsync(new ScanRequest("table"))).Count!.Value;
                    var entries = (await after.Client.ScanAsync(new ScanRequest("table") { IndexName = "index" })).Count;
                    var reader = after.Cloud.Cloud.Dynamo.StreamReader;
                    var records = reader.Read(arn, reader.ShardIds(arn)[0], null, 100).Count;

                    Assert.Equal((items, items), (entries, records));
                    Assert.InRange(items, acknowledged, acknowledged + 1);
                }
                else
                {
                    Assert.Equal(0, acknowledged);
                }

                if (!power.Happened.Task.IsCompleted)
                {
                    return;
                }
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("disa-test-").FullName;
        try
        {
            string arn,
                number;
            await using (var before = await Start(new LocalCloudOptions { DataDirectory = directory }))
            {
                arn = await Create(before);
                await before.Put("table", ("pk", S("a")), ("g", S("x")));
                var reader = before.Cloud.Cloud.Dynamo.StreamReader;
                number = reader.LatestSequenceNumber(arn, reader.ShardIds(arn)[0])!;
            }

            await using var after = await Start(new LocalCloudOptions { DataDirectory = directory });
            await after.Put("table", ("pk", S("b")), ("g", S("x")));
            var again = after.Cloud.Cloud.Dynamo.StreamReader;

            Assert.Equal("x", (await after.Client.GetItemAsync("table", Item(("pk", S("a"))))).Item["g"].S);
            Assert.Single(again.Read(arn, again.ShardIds(arn)[0], number, 10));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> Create(Dynamo dynamo) =>
        (
            await dynamo.Table(change: request =>
            {
                request.AttributeDefinitions.Add(new("g", ScalarAttributeType.S));
                request.StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.KEYS_ONLY };
                request.GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = "index",
                        KeySchema = [new("g", KeyType.HASH)],
                        Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                    },
                ];
            })
        ).LatestStreamArn;
}

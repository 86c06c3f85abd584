using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator.Aws;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;
using static Disa.Emulator.Tests.DynamoDb.Recovery;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>What a table with point-in-time recovery keeps of its changes, and how long.</summary>
public sealed class ChangeLogTests
{
    [Fact]
    public async Task Changes_are_kept_only_where_recovery_is_on_and_only_as_long_as_its_period()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")));
        Assert.Equal(0, Kept(dynamo));

        await Recover(dynamo, days: 1);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Put("table", ("pk", S("b")));
        Assert.Equal(2, Kept(dynamo));

        await Pass(dynamo, 86400 * 2);
        Assert.Equal(0, Kept(dynamo));

        await dynamo.Put("table", ("pk", S("a")));
        Assert.Equal(1, Kept(dynamo));
        await Recover(dynamo, on: false);
        await Pass(dynamo, 1);
        Assert.Equal(0, Kept(dynamo));

        await Recover(dynamo);
        await dynamo.Put("table", ("pk", S("c")));
        await dynamo.Client.DeleteTableAsync("table");
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => dynamo.Client.DescribeTableAsync("table"));
        await Pass(dynamo, 1);
        Assert.Equal(0, Kept(dynamo));
    }

    [Fact]
    public async Task A_table_that_has_another_key_by_now_is_led_back()
    {
        await using var dynamo = await Start();
        using var kms = Kms.KmsTests.Client(dynamo.Cloud);
        var key = (await kms.CreateKeyAsync(new Amazon.KeyManagementService.Model.CreateKeyRequest())).KeyMetadata;
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")), ("n", N("0")));
        await Recover(dynamo);
        await Pass(dynamo, 5);
        var before = Now(dynamo);
        await Pass(dynamo, 5);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Client.UpdateTableAsync(
            new()
            {
                TableName = "table",
                SSESpecification = new()
                {
                    Enabled = true,
                    SSEType = SSEType.KMS,
                    KMSMasterKeyId = key.KeyId,
                },
            }
        );
        await Pass(dynamo, 600);

        await Restore(dynamo, "restored", before);

        Assert.Equal("a=0", await Items(dynamo, "restored"));
        Assert.Equal(key.Arn, (await dynamo.Client.DescribeTableAsync("restored")).Table.SSEDescription.KMSMasterKeyArn);
    }

    [Fact]
    public async Task What_is_kept_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            DateTimeOffset before;
            await using (var dynamo = await Start(new LocalCloudOptions { DataDirectory = folder }))
            {
                await dynamo.Table();
                await dynamo.Put("table", ("pk", S("a")), ("n", N("0")));
                await Recover(dynamo);
                await Pass(dynamo, 5);
                before = Now(dynamo);
                await Pass(dynamo, 5);
                await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
            }

            await using var again = await Start(new LocalCloudOptions { DataDirectory = folder });
            await Pass(again, 600);
            await Restore(again, "restored", before);
            Assert.Equal("a=0", await Items(again, "restored"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Versions before kept the setting and no changes: the window of such a table begins with the first start of this one.</summary>
    [Fact]
    public async Task A_table_of_an_earlier_version_is_recoverable_from_the_update_on()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using (var dynamo = await Start(new LocalCloudOptions { DataDirectory = folder }))
            {
                await dynamo.Table();
                await Recover(dynamo);
                await Pass(dynamo, 86400);
                var (database, scope) = (dynamo.Cloud.Cloud.Database, new Scope("000000000000", "us-east-1"));
                var tables = new Disa.Emulator.DynamoDb.Tables(database, dynamo.Cloud.Clock, null!);
                await database.Write(transaction =>
                    tables.Shelf.Put(transaction, scope, "table", tables.Shelf.Get(scope, "table")! with { ChangeSpace = null })
                );
            }

            await using var again = await Start(new LocalCloudOptions { DataDirectory = folder });
            var start = Now(again);
            await Pass(again, 3600);
            Assert.InRange(((await Window(again, "table")).EarliestRestorableDateTime!.Value - start.UtcDateTime).TotalSeconds, -1, 60);
            await again.Put("table", ("pk", S("a")));
            Assert.Equal(1, Kept(again));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

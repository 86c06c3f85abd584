namespace Disa.Emulator.Tests.S3;

/// <summary>A large object is written in slices, between which others write.</summary>
public sealed class LargeObjectTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_large_object_takes_several_writes_and_comes_back_whole()
    {
        await using var cloud = await TestCloud.Start(new LocalCloudOptions { BeforeWrite = _ => { } }); // writes are counted where someone asks
        await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
        var text = new string('x', 9_500_000);
        var before = cloud.Cloud.Database.Writes;

        await cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", text);

        Assert.True(cloud.Cloud.Database.Writes - before >= 4);
        Assert.Equal(text, await cloud.Rest(HttpMethod.Get, "s3", "/bucket/key"));
        await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", text, ("If-None-Match", "*")));
        Assert.Equal(1, Bodies(cloud));
    }

    [Fact]
    public async Task What_a_power_cut_left_of_a_large_object_is_removed_at_the_next_start()
    {
        long cutAt;
        await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory }))
        {
            await cloud.Rest(HttpMethod.Put, "s3", "/bucket");
            cutAt = 3;
        }

        var writes = 0L;
        var started = false;
        await using (
            var cloud = await TestCloud.Start(
                new LocalCloudOptions
                {
                    DataDirectory = directory,
                    BeforeWrite = _ =>
                    {
                        if (Volatile.Read(ref started) && ++writes == cutAt)
                        {
                            throw new IOException("The power is cut.");
                        }
                    },
                }
            )
        )
        {
            Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(10)));
            Volatile.Write(ref started, true);
            await Assert.ThrowsAnyAsync<Exception>(() => cloud.Rest(HttpMethod.Put, "s3", "/bucket/key", new string('x', 9_500_000)));
        }

        await using var again = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory });
        Assert.True(await again.Clock.Settle(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, Bodies(again));
    }

    private static long? Bodies(TestCloud cloud) =>
        cloud.Cloud.Database.Read(transaction => transaction.Number("SELECT count(*) FROM s3_body"));
}

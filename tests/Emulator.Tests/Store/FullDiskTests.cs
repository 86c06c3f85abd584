using System.Text.Json;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Tests.Store;

/// <summary>A disk that takes nothing: reads go on, writes say why, and all is as before once there is room again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;
    private volatile bool full;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_go_on_and_writes_say_why_until_there_is_room_again(bool onDisk)
    {
        await using var cloud = await Start(onDisk);
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"before"}""");
        cloud.Cloud.MarkReady();
        Assert.Equal((200, "ready"), await Health(cloud));

        full = true;
        var refused = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"during"}""")
        );
        Assert.Equal(503, refused.Status);
        Assert.Contains("ServiceUnavailable", refused.Body, StringComparison.Ordinal);
        Assert.Contains("disk is full", refused.Body, StringComparison.Ordinal);
        Assert.Contains(
            "disk is full",
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", "CreateTopic", ("Name", "during")))).Body,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<Code>ServiceUnavailable</Code>",
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Rest(HttpMethod.Put, "s3", "/during"))).Body,
            StringComparison.Ordinal
        );
        Assert.Equal((503, "degraded"), await Health(cloud));
        var queues = (await cloud.Json("sqs", "AmazonSQS.ListQueues", "{}")).GetProperty("QueueUrls");
        Assert.EndsWith("/before", Assert.Single(queues.EnumerateArray()).GetString(), StringComparison.Ordinal);

        full = false;
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"after"}""");
        Assert.Equal(2, (await cloud.Json("sqs", "AmazonSQS.ListQueues", "{}")).GetProperty("QueueUrls").GetArrayLength());
        Assert.Equal((200, "ready"), await Health(cloud));
    }

    [Fact]
    public async Task A_write_of_the_same_batch_that_fills_the_disk_takes_the_others_with_it_and_tells_them()
    {
        using var database = Database.Open(
            new DatabaseOptions { Path = Path.Combine(directory, "disa.db") },
            new Migration("room", 1, "CREATE TABLE room_row (id INTEGER)")
        );
        using var start = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        var first = database.Write(_ =>
        {
            busy.Set();
            start.Wait(); // what follows is committed together
        });
        busy.Wait();
        var good = database.Write(transaction => transaction.Execute("INSERT INTO room_row VALUES (1)"));
        var bad = database.Write<int>(_ => throw new SqliteException("database or disk is full", 13));
        start.Set();

        await first;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => good);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => bad);
        Assert.NotNull(database.Trouble);
        Assert.Equal(0, database.Read(transaction => transaction.Number("SELECT count(*) FROM room_row")));
        await database.Write(transaction => transaction.Execute("INSERT INTO room_row VALUES (2)"));
        Assert.Null(database.Trouble);
        Assert.Equal(2, database.Read(transaction => transaction.Number("SELECT max(id) FROM room_row")));
    }

    [Fact]
    public async Task An_execution_goes_on_where_the_full_disk_stopped_it()
    {
        await using var cloud = await Start(onDisk: true);
        var machine = (
            await cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                """{"name":"m","roleArn":"arn:aws:iam::000000000000:role/r","definition":"{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":60,\"Next\":\"P\"},\"P\":{\"Type\":\"Pass\",\"End\":true}}}"}"""
            )
        )
            .GetProperty("stateMachineArn")
            .GetString();
        var execution = (await cloud.Json("states", "AWSStepFunctions.StartExecution", $$"""{"stateMachineArn":"{{machine}}"}"""))
            .GetProperty("executionArn")
            .GetString();
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(10))); // it waits

        full = true;
        await cloud.Cloud.Clock.Advance(TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(5), _ => Task.CompletedTask);
        Assert.Equal("RUNNING", await Status(cloud, execution!));
        full = false;
        await cloud.Cloud.Clock.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), _ => Task.CompletedTask);

        Assert.Equal("SUCCEEDED", await Status(cloud, execution!));
    }

    private static async Task<string?> Status(TestCloud cloud, string execution) =>
        (await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}"""))
            .GetProperty("status")
            .GetString();

    private Task<TestCloud> Start(bool onDisk) =>
        TestCloud.Start(
            new LocalCloudOptions
            {
                DataDirectory = onDisk ? directory : null,
                BeforeWrite = _ =>
                {
                    if (full)
                    {
                        throw new SqliteException("database or disk is full", 13);
                    }
                },
            }
        );

    private static async Task<(int, string?)> Health(TestCloud cloud)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(cloud.Endpoint, "/_disa/health"));
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("status").GetString());
    }
}

using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator.Aws;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

public sealed class StreamTests
{
    [Theory]
    [InlineData("NEW_AND_OLD_IMAGES", true, true)]
    [InlineData("NEW_IMAGE", true, false)]
    [InlineData("OLD_IMAGE", false, true)]
    [InlineData("KEYS_ONLY", false, false)]
    public async Task Each_change_leaves_a_record_and_no_change_leaves_none(string view, bool hasNew, bool hasOld)
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, view);
        await dynamo.Put("table", ("pk", S("a")), ("v", N("1")));
        await dynamo.Put("table", ("pk", S("a")), ("v", N("1.0")));
        await Update(dynamo, "SET v = :v", "2");
        await Update(dynamo, "SET v = :v", "2");
        await dynamo.Client.DeleteItemAsync("table", Item(("pk", S("a"))));
        await dynamo.Client.DeleteItemAsync("table", Item(("pk", S("a"))));

        var records = await Records(dynamo, await Iterator(dynamo, arn, "TRIM_HORIZON"));

        Assert.Equal(["INSERT", "MODIFY", "REMOVE"], records.Select(record => record.GetProperty("eventName").GetString()));
        var modify = records[1].GetProperty("dynamodb");
        Assert.Equal(hasNew, modify.TryGetProperty("NewImage", out var after));
        Assert.Equal(hasOld, modify.TryGetProperty("OldImage", out var before));
        Assert.Equal("a", modify.GetProperty("Keys").GetProperty("pk").GetProperty("S").GetString());
        Assert.Equal(view, modify.GetProperty("StreamViewType").GetString());

        // Recorded on AWS: whole seconds, and a number with a fraction.
        Assert.EndsWith(".0", modify.GetProperty("ApproximateCreationDateTime").GetRawText());
        if (hasNew)
        {
            Assert.Equal("2", after.GetProperty("v").GetProperty("N").GetString());
        }

        if (hasOld)
        {
            Assert.Equal("1", before.GetProperty("v").GetProperty("N").GetString());
        }

        var numbers = records.Select(record => record.GetProperty("dynamodb").GetProperty("SequenceNumber").GetString()!).ToList();
        Assert.All(numbers, number => Assert.Equal(21, number.Length));
        Assert.Equal(numbers.Order(StringComparer.Ordinal), numbers);
    }

    [Fact]
    public async Task Each_kind_of_iterator_begins_where_it_says()
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, "KEYS_ONLY");
        foreach (var key in (string[])["a", "b", "c"])
        {
            await dynamo.Put("table", ("pk", S(key)));
        }

        var all = await Records(dynamo, await Iterator(dynamo, arn, "TRIM_HORIZON"));
        var second = all[1].GetProperty("dynamodb").GetProperty("SequenceNumber").GetString();
        var latest = await Iterator(dynamo, arn, "LATEST");
        await dynamo.Put("table", ("pk", S("d")));

        Assert.Equal(["b", "c", "d"], Keys(await Records(dynamo, await Iterator(dynamo, arn, "AT_SEQUENCE_NUMBER", second))));
        Assert.Equal(["c", "d"], Keys(await Records(dynamo, await Iterator(dynamo, arn, "AFTER_SEQUENCE_NUMBER", second))));
        Assert.Equal(["d"], Keys(await Records(dynamo, latest)));
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(
            "ExpiredIteratorException",
            (await dynamo.Fails("GetRecords", $"{{\"ShardIterator\":\"{latest}\"}}", "DynamoDBStreams_20120810")).Type
        );
    }

    [Fact]
    public async Task A_stream_switched_off_can_be_read_for_24_hours()
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, "KEYS_ONLY");
        await dynamo.Put("table", ("pk", S("a")));
        await dynamo.Client.UpdateTableAsync(
            new UpdateTableRequest
            {
                TableName = "table",
                StreamSpecification = new() { StreamEnabled = false },
            }
        );
        await dynamo.Client.DescribeTableAsync("table");
        await dynamo.Put("table", ("pk", S("b")));

        var described = (
            await dynamo.Cloud.Json("dynamodb", "DynamoDBStreams_20120810.DescribeStream", $"{{\"StreamArn\":\"{arn}\"}}")
        ).GetProperty("StreamDescription");
        Assert.Equal("DISABLED", described.GetProperty("StreamStatus").GetString());
        Assert.True(described.GetProperty("Shards")[0].GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out _));
        var answer = await dynamo.Cloud.Json(
            "dynamodb",
            "DynamoDBStreams_20120810.GetRecords",
            $"{{\"ShardIterator\":\"{await Iterator(dynamo, arn, "TRIM_HORIZON")}\"}}"
        );
        Assert.Equal(1, answer.GetProperty("Records").GetArrayLength());
        Assert.False(answer.TryGetProperty("NextShardIterator", out _));

        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromHours(24));
        Assert.Equal(
            "ResourceNotFoundException",
            (await dynamo.Fails("DescribeStream", $"{{\"StreamArn\":\"{arn}\"}}", "DynamoDBStreams_20120810")).Type
        );
    }

    [Fact]
    public async Task Records_are_gone_after_24_hours()
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, "KEYS_ONLY");
        await dynamo.Put("table", ("pk", S("old")));
        var number = (await Records(dynamo, await Iterator(dynamo, arn, "TRIM_HORIZON")))[0]
            .GetProperty("dynamodb")
            .GetProperty("SequenceNumber")
            .GetString();
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromHours(25));
        await dynamo.Put("table", ("pk", S("new")));

        Assert.Equal(["new"], Keys(await Records(dynamo, await Iterator(dynamo, arn, "TRIM_HORIZON"))));
        var shard = await Shard(dynamo, arn);
        Assert.Equal(
            "TrimmedDataAccessException",
            (
                await dynamo.Fails(
                    "GetShardIterator",
                    $"{{\"StreamArn\":\"{arn}\",\"ShardId\":\"{shard}\",\"ShardIteratorType\":\"AT_SEQUENCE_NUMBER\",\"SequenceNumber\":\"{number}\"}}",
                    "DynamoDBStreams_20120810"
                )
            ).Type
        );
    }

    /// <summary>It cannot see the record when it looks for the first time: without the signal it would wait for the next one.</summary>
    [Fact]
    public async Task A_reader_that_subscribes_between_a_write_and_its_commit_is_signalled()
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, "NEW_IMAGE");
        var cloud = dynamo.Cloud.Cloud;
        using var release = new ManualResetEventSlim();
        var signals = 0;
        // While the writer is held, the next two writes come into one batch: the record, then the subscription.
        using var isHeld = new ManualResetEventSlim();
        var held = Task.Run(() =>
            cloud.Database.Write(_ =>
            {
                isHeld.Set();
                release.Wait(TestContext.Current.CancellationToken);
            })
        );
        isHeld.Wait(TestContext.Current.CancellationToken);
        var put = cloud.Services.Call(
            "dynamodb",
            "PutItem",
            JsonElement.Parse("""{"TableName":"table","Item":{"pk":{"S":"a"}}}"""),
            new Caller("000000000000", "us-east-1", Principal.Root("aws", "000000000000"), "000000000000", "", ""),
            TestContext.Current.CancellationToken
        );
        var subscribed = cloud.Database.Write(_ => cloud.Dynamo.StreamReader.Subscribe(arn, () => Interlocked.Increment(ref signals)));
        release.Set();
        await Task.WhenAll(held, put, subscribed);

        Assert.Equal(1, signals);
    }

    [Fact]
    public async Task A_reader_in_the_same_process_is_signalled_and_gets_the_event_of_Lambda()
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, "NEW_IMAGE");
        var reader = dynamo.Cloud.Cloud.Dynamo.StreamReader;
        var signals = 0;
        using (reader.Subscribe(arn, () => Interlocked.Increment(ref signals)))
        {
            await dynamo.Put("table", ("pk", S("a")));
        }

        await dynamo.Put("table", ("pk", S("b")));

        Assert.Equal(1, signals);
        Assert.True(reader.Exists(arn));
        var shard = Assert.Single(reader.ShardIds(arn));
        var records = reader.Read(arn, shard, null, 10);
        Assert.Equal(2, records.Count);
        Assert.Equal(arn, records[0].Record.GetProperty("eventSourceARN").GetString());
        Assert.Equal("aws:dynamodb", records[0].Record.GetProperty("eventSource").GetString());
        Assert.Equal("us-east-1", records[0].Record.GetProperty("awsRegion").GetString());
        Assert.Equal("INSERT", records[0].EventName);
        Assert.Equal(records[1].SequenceNumber, reader.LatestSequenceNumber(arn, shard));
        Assert.Equal(
            "b",
            Assert
                .Single(reader.Read(arn, shard, records[0].SequenceNumber, 10))
                .Record.GetProperty("dynamodb")
                .GetProperty("NewImage")
                .GetProperty("pk")
                .GetProperty("S")
                .GetString()
        );
    }

    [Fact]
    public async Task What_expires_is_deleted_late_by_the_service()
    {
        await using var dynamo = await Start();
        var arn = await TableWithStream(dynamo, "KEYS_ONLY");
        var now = dynamo.Cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
        await dynamo.Put("table", ("pk", S("early")), ("ttl", N($"{now + 60}")));
        await dynamo.Client.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest
            {
                TableName = "table",
                TimeToLiveSpecification = new() { AttributeName = "ttl", Enabled = true },
            }
        );
        await dynamo.Put("table", ("pk", S("late")), ("ttl", N($"{now + 6000}")));
        await dynamo.Put("table", ("pk", S("text")), ("ttl", S($"{now + 60}")));

        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull((await dynamo.Client.GetItemAsync("table", Item(("pk", S("early"))))).Item);
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromMinutes(20));

        Assert.Null((await dynamo.Client.GetItemAsync("table", Item(("pk", S("early"))))).Item);
        Assert.Equal(2, (await dynamo.Client.ScanAsync(new ScanRequest("table"))).Count);
        var removed = (await Records(dynamo, await Iterator(dynamo, arn, "TRIM_HORIZON")))[^1];
        Assert.Equal("REMOVE", removed.GetProperty("eventName").GetString());
        Assert.Equal("dynamodb.amazonaws.com", removed.GetProperty("userIdentity").GetProperty("PrincipalId").GetString());
    }

    internal static async Task<string> TableWithStream(Dynamo dynamo, string view) =>
        (
            await dynamo.Table(change: request =>
                request.StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.FindValue(view) }
            )
        ).LatestStreamArn;

    private static Task<UpdateItemResponse> Update(Dynamo dynamo, string expression, string value) =>
        dynamo.Client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = "table",
                Key = Item(("pk", S("a"))),
                UpdateExpression = expression,
                ExpressionAttributeValues = Item((":v", N(value))),
            }
        );

    private static async Task<string> Shard(Dynamo dynamo, string arn) =>
        (await dynamo.Cloud.Json("dynamodb", "DynamoDBStreams_20120810.DescribeStream", $"{{\"StreamArn\":\"{arn}\"}}"))
            .GetProperty("StreamDescription")
            .GetProperty("Shards")[0]
            .GetProperty("ShardId")
            .GetString()!;

    private static async Task<string> Iterator(Dynamo dynamo, string arn, string type, string? number = null) =>
        (
            await dynamo.Cloud.Json(
                "dynamodb",
                "DynamoDBStreams_20120810.GetShardIterator",
                $"{{\"StreamArn\":\"{arn}\",\"ShardId\":\"{await Shard(dynamo, arn)}\",\"ShardIteratorType\":\"{type}\"{(number is null ? "" : $",\"SequenceNumber\":\"{number}\"")}}}"
            )
        )
            .GetProperty("ShardIterator")
            .GetString()!;

    private static async Task<List<JsonElement>> Records(Dynamo dynamo, string iterator) =>
        [
            .. (await dynamo.Cloud.Json("dynamodb", "DynamoDBStreams_20120810.GetRecords", $"{{\"ShardIterator\":\"{iterator}\"}}"))
                .GetProperty("Records")
                .EnumerateArray(),
        ];

    private static IEnumerable<string?> Keys(List<JsonElement> records) =>
        records.Select(record => record.GetProperty("dynamodb").GetProperty("Keys").GetProperty("pk").GetProperty("S").GetString());
}

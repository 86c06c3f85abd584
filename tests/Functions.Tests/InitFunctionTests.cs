using System.Net;
using System.Text.Json;
using Amazon.StepFunctions;
using Disa.Functions.Init;

namespace Disa.Functions.Tests;

public sealed class InitFunctionTests
{
    private readonly StringWriter logged = new();

    [Fact]
    public async Task A_batch_starts_one_execution_with_the_keys_as_the_stream_wrote_them()
    {
        var aws = Accepting();
        var response = await Run(
            aws,
            Record("e1", "1", """{"sequenceNo":{"S":"a"}}"""),
            Record("e2", "2", """{"sequenceNo":{"N":"12"},"sort":{"B":"AQI="}}""")
        );
        Assert.Empty(response.BatchItemFailures);
        var input = Input(aws.Requests.Single());
        Assert.Equal(
            """[{"key":{"sequenceNo":{"S":"a"}},"seenAt":"2026-11-23T06:30:00.000Z"},{"key":{"sequenceNo":{"N":"12"},"sort":{"B":"AQI="}},"seenAt":"2026-11-23T06:30:00.000Z"}]""",
            input.GetProperty("items").GetRawText()
        );
        Assert.Equal(("disa.stream", false), (input.GetProperty("source").GetString(), input.GetProperty("force").GetBoolean()));
    }

    [Fact]
    public async Task A_replayed_batch_asks_for_the_same_execution_and_its_refusal_means_done()
    {
        var aws = new FakeAws(_ => Answer.JsonError("ExecutionAlreadyExists"));
        var first = await Run(aws, Record("e1", "1", """{"k":{"S":"a"}}"""));
        var second = await Run(aws, Record("e1", "1", """{"k":{"S":"a"}}"""));
        Assert.Empty(first.BatchItemFailures);
        Assert.Empty(second.BatchItemFailures);
        var names = aws.Requests.Select(Name).ToList();
        Assert.Equal(names[0], names[1]);
        Assert.InRange(names[0].Length, 1, 80);
    }

    [Fact]
    public async Task Only_inserts_start_anything()
    {
        var aws = Accepting();
        await Run(aws, Record("e1", "1", """{"k":{"S":"a"}}""", "MODIFY"), Record("e2", "2", """{"k":{"S":"a"}}""", "REMOVE"));
        Assert.Empty(aws.Requests);
    }

    [Fact]
    public async Task A_record_without_a_readable_key_holds_up_nobody()
    {
        var aws = Accepting();
        var response = await Run(aws, Record("e1", "1", """{"k":{"BOOL":true}}"""), Record("e2", "2", """{"k":{"S":"b"}}"""));
        Assert.Empty(response.BatchItemFailures);
        Assert.Equal(
            """{"k":{"S":"b"}}""",
            Input(aws.Requests.Single()).GetProperty("items").EnumerateArray().Single().GetProperty("key").GetRawText()
        );
        Assert.Contains("no readable key", logged.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_start_hands_back_the_records_from_there_on()
    {
        var calls = 0;
        var aws = new FakeAws(_ =>
            ++calls == 2 ? Answer.JsonError("ExecutionLimitExceeded") : Answer.Ok("""{"executionArn":"arn:e","startDate":1}""")
        );
        var records = Enumerable.Range(1, 250).Select(i => Record($"e{i}", $"{i}", $$$"""{"k":{"S":"{{{i}}}"}}""")).ToArray();
        var response = await Run(aws, records);
        Assert.Equal("101", response.BatchItemFailures.Single().ItemIdentifier);
        Assert.Equal(2, aws.Requests.Count);
    }

    [Fact]
    public async Task Large_keys_are_spread_over_executions_below_the_limit_of_an_input()
    {
        var aws = Accepting();
        var records = Enumerable
            .Range(1, 100)
            .Select(i => Record($"e{i}", $"{i}", $$$"""{"k":{"S":"{{{new string('x', 2000)}}}{{{i}}}"}}"""))
            .ToArray();
        await Run(aws, records);
        Assert.Equal(2, aws.Requests.Count);
        Assert.All(aws.Requests, request => Assert.True(request.Body.Length < 200_000));
        Assert.Equal(100, aws.Requests.Sum(request => Input(request).GetProperty("items").GetArrayLength()));
    }

    [Fact]
    public async Task In_a_table_with_other_items_only_those_with_a_message_are_messages()
    {
        var aws = Accepting();
        await Run(
            aws,
            new TableShape(["pk", "sk"], IsShared: true),
            Imaged("1", """{"text":{"S":"mine"}}"""),
            Imaged("2", """{"message":{"S":"Hello"}}"""),
            Imaged("3", """{"message":{"N":"7"}}"""),
            Record("e4", "4", Keys("4"))
        );
        Assert.Equal(
            ["2", "3", "4"],
            Input(aws.Requests.Single())
                .GetProperty("items")
                .EnumerateArray()
                .Select(item => item.GetProperty("key").GetProperty("sk").GetProperty("N").GetString())
        );

        // In a table of Disa's own an item without its text is a message that has to be told so.
        await Run(aws, Imaged("9", """{"text":{"S":"mine"}}"""));
        Assert.Equal(2, aws.Requests.Count);

        static string Keys(string number) => $$"""{"pk":{"S":"a"},"sk":{"N":"{{number}}"} }""";

        static string Imaged(string number, string image) =>
            Record("e" + number, number, Keys(number))
                .Replace(
                    "\"StreamViewType\":\"KEYS_ONLY\"",
                    $"\"NewImage\":{image},\"StreamViewType\":\"NEW_IMAGE\"",
                    StringComparison.Ordinal
                );
    }

    [Fact]
    public async Task Records_that_were_given_up_are_read_from_the_stream_again_and_started_as_if_it_had_handed_them_over()
    {
        var aws = Streaming();
        var response = await TakeUp(aws, GivenUp("s-1", "2", "3"));
        Assert.Empty(response.BatchItemFailures);
        Assert.Equal(
            ("AT_SEQUENCE_NUMBER", "2"),
            (
                Body(aws, "GetShardIterator").GetProperty("ShardIteratorType").GetString(),
                Body(aws, "GetShardIterator").GetProperty("SequenceNumber").GetString()
            )
        );
        var started = aws.Requests.Single(sent => sent.Operation == "StartExecution");
        Assert.Equal(
            ["b", "c"],
            Input(started)
                .GetProperty("items")
                .EnumerateArray()
                .Select(item => item.GetProperty("key").GetProperty("k").GetProperty("S").GetString())
        );

        // The same name as the stream's own batch of these records would have got.
        var direct = Accepting();
        await Run(direct, Record("e2", "2", """{"k":{"S":"b"}}"""), Record("e3", "3", """{"k":{"S":"c"}}"""));
        Assert.Equal(Name(direct.Requests.Single()), Name(started));
    }

    [Fact]
    public async Task What_cannot_be_started_stays_in_the_queue_and_what_is_gone_or_names_no_records_leaves_it()
    {
        var refused = await TakeUp(Streaming(start: Answer.JsonError("ExecutionLimitExceeded")), GivenUp("s-1", "2", "3"));
        Assert.Equal("m-1", refused.BatchItemFailures.Single().ItemIdentifier);
        Assert.Empty(
            (await TakeUp(new FakeAws(_ => Answer.JsonError("TrimmedDataAccessException")), GivenUp("s-1", "2", "3"))).BatchItemFailures
        );
        Assert.Contains("gone from the stream", logged.ToString(), StringComparison.Ordinal);
        Assert.Empty(
            (await TakeUp(new FakeAws(_ => throw new InvalidOperationException()), """{"source":"disa.schedule"}""")).BatchItemFailures
        );
        Assert.Single(
            (
                await TakeUp(
                    new FakeAws(_ => Answer.JsonError("InternalServerError", "no", HttpStatusCode.InternalServerError)),
                    GivenUp("s-1", "2", "3")
                )
            ).BatchItemFailures
        );
    }

    private static string GivenUp(string shard, string first, string last) =>
        $$$"""
            {"requestContext":{"condition":"RetryAttemptsExhausted"},"version":"1.0",
             "DDBStreamBatchInfo":{"shardId":"{{{shard}}}","startSequenceNumber":"{{{first}}}","endSequenceNumber":"{{{last}}}","batchSize":2,"streamArn":"arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/x"}}
            """;

    private static FakeAws Streaming(Answer? start = null) =>
        new(sent =>
            sent.Operation switch
            {
                "GetShardIterator" => Answer.Ok("""{"ShardIterator":"i"}"""),
                "GetRecords" => Answer.Ok($$"""{"Records":[{{string.Join(',', Records("b", "c", "d"))}}],"NextShardIterator":"n"}"""),
                _ => start ?? Answer.Ok("""{"executionArn":"arn:e","startDate":1}"""),
            }
        );

    private static IEnumerable<string> Records(params string[] keys) =>
        keys.Select(
            (key, i) =>
                $$$"""
                    {"eventID":"e{{{i
                        + 2}}}","eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":1795415400,"Keys":{"k":{"S":"{{{key}}}"} },"SequenceNumber":"{{{i
                        + 2}}}"} }
                    """
        );

    private static JsonElement Body(FakeAws aws, string operation) =>
        JsonElement.Parse(aws.Requests.Single(sent => sent.Operation == operation).Body);

    private async Task<BatchResponse> TakeUp(FakeAws aws, string body)
    {
        using var streams = new Amazon.DynamoDBStreams.AmazonDynamoDBStreamsClient(
            FakeAws.Credentials,
            aws.Config<Amazon.DynamoDBStreams.AmazonDynamoDBStreamsConfig>()
        );
        using var workflows = new AmazonStepFunctionsClient(FakeAws.Credentials, aws.Config<AmazonStepFunctionsConfig>());
        var log = new Log(logged, TimeProvider.System);
        var function = new InitFunction(
            new Workflow(workflows, "arn:s", log),
            Cloud.Shape,
            log,
            TimeProvider.System,
            givenUp: new GivenUpRecords(streams, log)
        );
        return await function.RunAsync(new([new(null, null, null, "aws:sqs", "m-1", body)]), CancellationToken.None);
    }

    private static FakeAws Accepting() => new(_ => Answer.Ok("""{"executionArn":"arn:e","startDate":1}"""));

    private static string Name(Sent sent) => JsonElement.Parse(sent.Body).GetProperty("name").GetString()!;

    private static JsonElement Input(Sent sent) => JsonElement.Parse(JsonElement.Parse(sent.Body).GetProperty("input").GetString()!);

    private static string Record(string id, string number, string keys, string name = "INSERT") =>
        $$"""{"eventID":"{{id}}","eventName":"{{name}}","eventSource":"aws:dynamodb","dynamodb":{"ApproximateCreationDateTime":1795415400,"Keys":{{keys}},"StreamViewType":"KEYS_ONLY","SequenceNumber":"{{number}}" } }""";

    private Task<BatchResponse> Run(FakeAws aws, params string[] records) => Run(aws, Cloud.Shape, records);

    private async Task<BatchResponse> Run(FakeAws aws, TableShape shape, params string[] records)
    {
        using var client = new AmazonStepFunctionsClient(FakeAws.Credentials, aws.Config<AmazonStepFunctionsConfig>());
        var log = new Log(logged, TimeProvider.System);
        var batch = JsonSerializer.Deserialize($$"""{"Records":[{{string.Join(',', records)}}]}""", InitJson.Default.StreamEvent)!;
        return await new InitFunction(new Workflow(client, "arn:s", log), shape, log, TimeProvider.System).RunAsync(
            batch,
            CancellationToken.None
        );
    }
}

using System.Text.Json;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Faults;

/// <summary>Faults of functions and of the streams that feed them.</summary>
public sealed class FunctionFaultTests : IAsyncLifetime
{
    private const string PrintKeys = """
        def handler(event, context):
            print("KEYS " + ",".join(r["dynamodb"]["Keys"]["id"]["S"] for r in event["Records"]))
        """;

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        cloud = await TestCloud.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null)
        {
            await cloud.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_killed_function_ends_without_an_answer_and_the_next_invocation_has_a_new_process()
    {
        await cloud.CreatePython("victim-process", "def handler(event, context):\n    return 1\n");
        await cloud.CreatePython("spared", "def handler(event, context):\n    return 1\n");
        Ask(1, "lambda:kill:process@1");

        var killed = await cloud.Invoke("victim-process");
        var spared = await cloud.Invoke("spared");
        cloud.Cloud.Faults.Clear();
        var next = await cloud.Invoke("victim-process");

        Assert.Equal("Unhandled", killed.FunctionError);
        Assert.Equal("Runtime.ExitError", killed.Json.GetProperty("errorType").GetString());
        Assert.Contains("signal: killed", killed.Payload);
        Assert.Null(spared.FunctionError);
        Assert.Equal("1", next.Payload);
    }

    [Fact]
    public async Task A_function_dies_between_its_calls_some_of_them_done()
    {
        await cloud.CreateTable("table");
        await cloud.CreatePython("writer", """
            import os, urllib.request
            def handler(event, context):
                for i in range(12):
                    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + "/", method="POST",
                        data=('{"TableName":"table","Item":{"id":{"S":"%s-%d"}}}' % (event, i)).encode(), headers={
                        "X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0",
                        "Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"})
                    urllib.request.urlopen(request).read()
                return 1
            """, "\"Timeout\":60");
        await cloud.Invoke("writer", "\"warm\"");
        Ask(1, "lambda:kill:writer@1");

        var done = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            Assert.NotNull((await cloud.Invoke("writer", $"\"{i}\"")).FunctionError);
            var found = await cloud.Json("dynamodb", "DynamoDB_20120810.Scan",
                """{"TableName":"table","FilterExpression":"begins_with(id, :i)","ExpressionAttributeValues":{":i":{"S":"I-"}}}""".Replace("I-", $"{i}-", StringComparison.Ordinal));
            done.Add(found.GetProperty("Count").GetInt32());
        }

        Assert.Contains(done, count => count is > 0 and < 12);
    }

    [Fact]
    public async Task A_stream_that_duplicates_and_reorders_loses_nothing()
    {
        await cloud.CreatePython("taker", PrintKeys);
        var stream = await cloud.CreateTable("messages");
        await cloud.CreateMapping("taker", stream, """ "StartingPosition":"TRIM_HORIZON","BatchSize":4 """);
        Ask(3, "stream:duplicate@0.3", "stream:reorder@0.5");

        for (var i = 10; i < 34; i++)
        {
            await cloud.Put("messages", $"{i}", "hello");
        }

        await cloud.Clock.Settle(TimeSpan.FromSeconds(30));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(30));

        var batches = (await cloud.LogMessages("taker", "KEYS")).Select(line => line[5..].TrimEnd().Split(',')).ToList();
        var seen = batches.SelectMany(batch => batch).ToList();
        Assert.Equal(Enumerable.Range(10, 24).Select(i => $"{i}"), seen.Distinct().Order());
        Assert.True(seen.Count > 24, "nothing came twice");
        Assert.Equal(Enumerable.Range(10, 24).Select(i => $"{i}"), seen.Distinct());
        Assert.Contains(seen.Zip(seen.Skip(1)), pair => string.CompareOrdinal(pair.First, pair.Second) > 0);
    }

    private void Ask(long seed, params string[] faults) => cloud.Cloud.Faults.Add(faults, seed, cloud.Cloud.Services);
}

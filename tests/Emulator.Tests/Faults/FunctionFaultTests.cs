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
        await cloud.CreatePython(
            "writer",
            """
            import datetime, hashlib, hmac, os, urllib.request
            def put(body):
                env, host = os.environ, os.environ["AWS_ENDPOINT_URL"][7:]
                time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
                scope = time[:8] + "/us-east-1/dynamodb/aws4_request"
                digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
                headers = {"host": host, "x-amz-date": time, "x-amz-security-token": env["AWS_SESSION_TOKEN"], "x-amz-target": "DynamoDB_20120810.PutItem"}
                signed = ";".join(sorted(headers))
                canonical = "\n".join(["POST", "/", "", *[n + ":" + headers[n] for n in sorted(headers)], "", signed, digest(body)])
                key = ("AWS4" + env["AWS_SECRET_ACCESS_KEY"]).encode()
                for part in [time[:8], "us-east-1", "dynamodb", "aws4_request"]:
                    key = hmac.new(key, part.encode(), hashlib.sha256).digest()
                signature = hmac.new(key, "\n".join(["AWS4-HMAC-SHA256", time, scope, digest(canonical)]).encode(), hashlib.sha256).hexdigest()
                headers["content-type"] = "application/x-amz-json-1.0"
                headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (env["AWS_ACCESS_KEY_ID"], scope, signed, signature)
                urllib.request.urlopen(urllib.request.Request(env["AWS_ENDPOINT_URL"] + "/", body.encode(), headers)).read()
            def handler(event, context):
                for i in range(12):
                    put('{"TableName":"table","Item":{"id":{"S":"%s-%d"}}}' % (event, i))
                return 1
            """,
            "\"Timeout\":60"
        );
        Assert.Equal("1", (await cloud.Invoke("writer", "\"warm\"")).Payload);
        Ask(1, "lambda:kill:writer@1");

        var done = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            Assert.NotNull((await cloud.Invoke("writer", $"\"{i}\"")).FunctionError);
            var found = await cloud.Json(
                "dynamodb",
                "DynamoDB_20120810.Scan",
                """{"TableName":"table","FilterExpression":"begins_with(id, :i)","ExpressionAttributeValues":{":i":{"S":"I-"}}}""".Replace(
                    "I-",
                    $"{i}-",
                    StringComparison.Ordinal
                )
            );
            done.Add(found.GetProperty("Count").GetInt32());
        }

        Assert.Contains(done, count => count is > 0 and < 12);
    }

    /// <summary>
    /// Lambda freezes an idle execution environment, and its connections may be gone when it is thawed:
    /// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, https://github.com/aws/aws-sdk-js-v3/issues/1196.
    /// </summary>
    [Fact]
    public async Task The_connections_of_a_sandbox_that_was_frozen_are_reset_at_their_first_request_and_new_ones_work()
    {
        await cloud.CreateTable("table");
        await cloud.CreatePython(
            "sleeper",
            """
            import datetime, hashlib, hmac, http.client, os
            connection = None
            def put(id):
                global connection
                body = '{"TableName":"table","Item":{"id":{"S":"%s"}}}' % id
                env, host = os.environ, os.environ["AWS_ENDPOINT_URL"][7:]
                time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
                scope = time[:8] + "/us-east-1/dynamodb/aws4_request"
                digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
                headers = {"host": host, "x-amz-date": time, "x-amz-security-token": env["AWS_SESSION_TOKEN"], "x-amz-target": "DynamoDB_20120810.PutItem"}
                signed = ";".join(sorted(headers))
                canonical = "\n".join(["POST", "/", "", *[n + ":" + headers[n] for n in sorted(headers)], "", signed, digest(body)])
                key = ("AWS4" + env["AWS_SECRET_ACCESS_KEY"]).encode()
                for part in [time[:8], "us-east-1", "dynamodb", "aws4_request"]:
                    key = hmac.new(key, part.encode(), hashlib.sha256).digest()
                signature = hmac.new(key, "\n".join(["AWS4-HMAC-SHA256", time, scope, digest(canonical)]).encode(), hashlib.sha256).hexdigest()
                headers["content-type"] = "application/x-amz-json-1.0"
                headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (env["AWS_ACCESS_KEY_ID"], scope, signed, signature)
                if connection is None:
                    connection = http.client.HTTPConnection(host)
                connection.request("POST", "/", body, headers)
                return connection.getresponse().read()
            def handler(event, context):
                global connection
                try:
                    put("first-" + event)
                    return "kept"
                except (ConnectionError, http.client.HTTPException):
                    connection = None
                    put("again-" + event)
                    return "reset"
            """,
            "\"Timeout\":60"
        );
        Assert.Equal("\"kept\"", (await cloud.Invoke("sleeper", "\"a\"")).Payload);
        Ask(1, "lambda:freeze=10m@1");

        var answers = new List<string>();
        foreach (var (id, idle) in ((string, int)[])[("b", 1), ("c", 60), ("d", 1)])
        {
            await cloud.Cloud.Advance(TimeSpan.FromMinutes(idle));
            answers.Add((await cloud.Invoke("sleeper", $"\"{id}\"")).Payload);
        }

        Assert.Equal(["\"kept\"", "\"reset\"", "\"kept\""], answers);
        var items = (await cloud.Json("dynamodb", "DynamoDB_20120810.Scan", """{"TableName":"table"}"""))
            .GetProperty("Items")
            .EnumerateArray();
        Assert.Equal(
            ["again-c", "first-a", "first-b", "first-d"],
            items.Select(item => item.GetProperty("id").GetProperty("S").GetString()).Order()
        );
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

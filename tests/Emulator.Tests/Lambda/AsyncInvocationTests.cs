using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>Invocations of type Event: accepted, retried, and where they end.</summary>
public sealed class AsyncInvocationTests
{
    private const string Fails = "def handler(event, context):\n    print('TRY ' + context.aws_request_id)\n    raise ValueError('never')";

    [Fact]
    public async Task A_failing_event_is_tried_again_after_one_and_two_minutes_and_then_goes_to_its_destinations()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        var letters = await cloud.CreateQueue("letters");
        var failures = await cloud.CreateQueue("failures");
        await cloud.CreatePython("fails", Fails, "\"DeadLetterConfig\":{\"TargetArn\":\"arn:aws:sqs:us-east-1:000000000000:letters\"}");
        await cloud.Rest(
            HttpMethod.Put,
            "lambda",
            "/2019-09-25/functions/fails/event-invoke-config",
            """{"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:000000000000:failures"}}}"""
        );

        Assert.Equal(202, (await cloud.Invoke("fails", """{"n":1}""", ("X-Amz-Invocation-Type", "Event"))).Status);
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        Assert.Single(await cloud.LogMessages("fails", "TRY"));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(2, (await cloud.LogMessages("fails", "TRY")).Count);
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(121));

        Assert.Equal(3, (await cloud.LogMessages("fails", "TRY")).Count);
        Assert.Single((await cloud.LogMessages("fails", "TRY")).Distinct());
        Assert.Equal("""{"n":1}""", (await cloud.Receive(letters))!.Value.GetProperty("Body").GetString());
        var record = JsonElement.Parse((await cloud.Receive(failures))!.Value.GetProperty("Body").GetString()!);
        Assert.Equal("RetriesExhausted", record.GetProperty("requestContext").GetProperty("condition").GetString());
        Assert.Equal(3, record.GetProperty("requestContext").GetProperty("approximateInvokeCount").GetInt32());
        Assert.Equal(1, record.GetProperty("requestPayload").GetProperty("n").GetInt32());
        Assert.Equal("never", record.GetProperty("responsePayload").GetProperty("errorMessage").GetString());
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html: a caller's trace goes on through the function, also by way of a bus.</summary>
    [Theory]
    [InlineData("RequestResponse")]
    [InlineData("Event")]
    public async Task The_trace_of_the_caller_is_the_functions(string type)
    {
        const string trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        await using var cloud = await TestCloud.Start();
        var seen = new List<string>();
        cloud.Cloud.HostedFunctions.Set(
            new("000000000000", "us-east-1"),
            "traced",
            (invocation, _) =>
            {
                seen.Add(invocation.TraceHeader);
                return Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
            }
        );
        await cloud.CreateFunction("traced", "provided.al2023", "handler", FunctionFixture.Zip(("bootstrap", "")));

        await cloud.Invoke("traced", "{}", ("X-Amz-Invocation-Type", type), ("X-Amzn-Trace-Id", trace));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        await cloud.Invoke("traced", "{}", ("X-Amz-Invocation-Type", type));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));

        Assert.Equal(trace, seen[0]);
        Assert.NotEqual(trace, seen[1]);
        Assert.StartsWith("Root=1-", seen[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accepted_event_runs_after_a_restart()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        var directory = Directory.CreateTempSubdirectory("disa-");
        try
        {
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory.FullName }))
            {
                await cloud.CreatePython(
                    "later",
                    "import time\ndef handler(event, context):\n    time.sleep(event)\n    print('DONE')",
                    "\"Timeout\":60"
                );
                Assert.Equal(202, (await cloud.Invoke("later", "2", ("X-Amz-Invocation-Type", "Event"))).Status);
            }

            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory.FullName }))
            {
                await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
                Assert.Single(await cloud.LogMessages("later", "DONE"));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_queue_is_drained_and_what_failed_comes_again()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        var queue = await cloud.CreateQueue("work");
        await cloud.CreatePython(
            "worker",
            """
            def handler(event, context):
                print("BODIES " + ",".join(r["body"] + "#" + r["attributes"]["ApproximateReceiveCount"] for r in event["Records"]))
                return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "bad" and r["attributes"]["ApproximateReceiveCount"] == "1"]}
            """
        );
        await cloud.CreateMapping(
            "worker",
            "arn:aws:sqs:us-east-1:000000000000:work",
            "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]"
        );
        foreach (var body in (string[])["good", "bad"])
        {
            await cloud.Json("sqs", "AmazonSQS.SendMessage", JsonSerializer.Serialize(new { QueueUrl = queue, MessageBody = body }));
            await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        }

        await cloud.Cloud.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(["good#1", "bad#1", "bad#2"], (await cloud.LogMessages("worker", "BODIES")).Select(line => line[7..].TrimEnd()));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await cloud.Receive(queue));
    }
}

internal static class QueueFixture
{
    public static async Task<string> CreateQueue(this TestCloud cloud, string name) =>
        (await cloud.Json("sqs", "AmazonSQS.CreateQueue", JsonSerializer.Serialize(new { QueueName = name })))
            .GetProperty("QueueUrl")
            .GetString()!;

    public static async Task<JsonElement?> Receive(this TestCloud cloud, string queue) =>
        (await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", JsonSerializer.Serialize(new { QueueUrl = queue }))).TryGetProperty(
            "Messages",
            out var messages
        )
            ? messages[0]
            : null;
}

using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>What goes out together, and with what: batches, probes, FIFO topics, traces.</summary>
public abstract class BatchTests(Cloud cloud) : WithProcessFunction(cloud)
{
    [Fact]
    public async Task A_batch_goes_out_with_one_call_and_each_result_to_its_own_message()
    {
        topic = new(sent =>
            Said(
                sent,
                (_, text) =>
                    text switch
                    {
                        "1" => "InvalidParameter",
                        "2" => "NotFound",
                        _ => null,
                    }
            )
        );
        var ids = Enumerable.Range(0, 12).Select(i => $"{i}").ToArray();
        var table = await TableAsync([.. ids.Select(id => Item(id, ("message", new(id))))]);
        var result = await RunAsync(table, Now, [.. ids, "0"]);
        Assert.Equal((10, 1, 1, 1), (result.Sent, result.Failed, result.Rejected, result.Skipped));
        Assert.Equal(2, topic.Requests.Count);
        foreach (var id in ids)
        {
            var item = await ReadAsync(table, id);
            Assert.Equal(id is "1" or "2" ? "Failure" : "Successful", item["sendStatus"].S);
            Assert.Equal(
                id switch
                {
                    "1" => "InvalidParameter",
                    "2" => "NotFound",
                    _ => $"m-{id}",
                },
                id is "1" or "2" ? item["sendError"].M["code"].S : item["sendMessageId"].S
            );
            Assert.Equal(id == "2", item.ContainsKey("sendDue"));
        }

        Assert.Contains("\"InsertToSent\":[", logged.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_is_refused_as_a_whole_goes_one_by_one_so_that_only_the_bad_one_fails()
    {
        topic = new(sent =>
            sent.Operation == "PublishBatch"
                ? Answer.QueryError("InvalidParameter")
                : Said(sent, (_, text) => text == "bad" ? "InvalidParameter" : null)
        );
        var table = await TableAsync(Item("1", ("message", new("good"))), Item("2", ("message", new("bad"))));
        var result = await RunAsync(table, Now, "1", "2");
        Assert.Equal((1, 1, 0), (result.Sent, result.Rejected, result.Failed));
        Assert.Equal(
            ("Successful", "Failure"),
            ((await ReadAsync(table, "1"))["sendStatus"].S, (await ReadAsync(table, "2"))["sendStatus"].S)
        );
    }

    [Fact]
    public async Task A_batch_that_nobody_answers_leaves_outcomes_that_nobody_knows_and_the_resend_says_so()
    {
        topic = new(_ => throw new TaskCanceledException("too late"));
        var table = await TableAsync(Item("1", ("message", new("a"))), Item("2", ("message", new("b"))));
        Assert.Equal(2, (await RunAsync(table, Now, "1", "2")).Retried);
        Assert.Equal("unknown", (await ReadAsync(table, "2"))["sendError"].M["class"].S);
        topic = new(sent => Said(sent, (_, _) => null));
        Assert.Equal(2, (await RunAsync(table, Now.AddHours(1), "1", "2")).Sent);
        Assert.Contains("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_probe_parks_nothing()
    {
        topic = new(_ => Answer.QueryError("InternalError", "no", System.Net.HttpStatusCode.InternalServerError));
        var table = await TableAsync(Item("1", ("message", new("a")), ("sendAttempts", new() { N = "7" })));
        Assert.Equal(1, (await RunAsync(table, Now, TimeSpan.FromMinutes(1), probe: true, "1")).Failed);
        var item = await ReadAsync(table, "1");
        Assert.Equal("SendFailed", item["sendReason"].S);
        Assert.True(item.ContainsKey("sendDue"));
    }

    [Fact]
    public async Task What_there_is_no_time_left_for_is_not_claimed_but_left_to_the_workflow()
    {
        var table = await TableAsync(Item("1", ("message", new("a"))));
        await Assert.ThrowsAsync<ItemsUndecidedException>(() =>
            RunAsync(table, Now, Timeouts.TenItems - TimeSpan.FromSeconds(1), false, "1")
        );
        Assert.False((await ReadAsync(table, "1")).ContainsKey("sendClaim"));
        Assert.Empty(topic.Requests);
    }

    [Fact]
    public async Task A_FIFO_topic_gets_group_and_deduplication_from_the_item_and_ids_of_its_own_without()
    {
        topicArn += ".fifo";
        topic = new(sent => Said(sent, (_, _) => null));
        var table = await TableAsync(
            Item("1", ("message", new("a")), ("messageGroupId", new("orders")), ("messageDeduplicationId", new("d-1"))),
            Item("2", ("message", new("b"))),
            Item("3", ("message", new("c")), ("messageGroupId", new("with space")))
        );
        Assert.Equal(
            (2, 1),
            (
                (await RunAsync(table, Now, "1", "2", "3")).Sent,
                (await ReadAsync(table, "3"))["sendError"].M["code"].S == "InvalidFifoId" ? 1 : 0
            )
        );
        var forms = topic.Requests.Select(sent => sent.Form).OrderBy(form => form["Message"], StringComparer.Ordinal).ToList();
        Assert.Equal(("orders", "d-1"), (forms[0]["MessageGroupId"], forms[0]["MessageDeduplicationId"]));
        Assert.Matches("^[0-9a-f]{64}$", forms[1]["MessageGroupId"]);
        Assert.Matches("^[0-9a-f]{64}$", forms[1]["MessageDeduplicationId"]);
    }

    [Fact]
    public async Task A_trace_goes_from_the_item_to_the_message_and_is_in_the_log()
    {
        const string given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var table = await TableAsync(Item("1", ("message", new("a")), ("traceparent", new(given))));
        await RunAsync(table, Now, "1");
        var form = topic.Requests.Single().Form;
        Assert.Equal("traceparent", form["MessageAttributes.entry.3.Name"]);
        Assert.Matches("^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$", form["MessageAttributes.entry.3.Value.StringValue"]);
        Assert.Contains("\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\"", logged.ToString(), StringComparison.Ordinal);
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", (await ReadAsync(table, "1"))["sendTraceId"].S);
    }
}

/// <summary>Batches on the emulator.</summary>
public sealed class BatchOnTheEmulatorTests(Emulated aws) : BatchTests(aws);

/// <summary>Batches on an AWS that this project did not write.</summary>
public sealed class BatchOnMotoTests(Moto aws) : BatchTests(aws);

using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService;
using Disa.Functions.Init;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>The order of a group is kept, whatever fails, whoever comes first, and however the stream cuts its batches.</summary>
public abstract class GroupTests(Cloud cloud)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private readonly List<string> published = [];
    private readonly HashSet<string> failing = [];
    private string table = "";
    private string control = "";
    private bool parkedBlocks = true;
    private Pace? pace;

    [Fact]
    public async Task Messages_stand_in_the_order_of_the_stream_and_a_replay_changes_nothing()
    {
        await PutAsync("1", "2", "3");
        await JoinAsync("1", "2");
        await JoinAsync("1", "2", "3");
        await JoinAsync("3", "2");
        Assert.Equal(
            ["", "1", "2"],
            await Task.WhenAll(
                ((string[])["1", "2", "3"]).Select(async id => GroupPlace.Parse((await ReadAsync(id))["sendBehind"].S)?.Key.Id ?? "")
            )
        );
    }

    [Fact]
    public async Task Shards_that_hand_over_at_once_make_one_line()
    {
        var ids = Enumerable.Range(0, 12).Select(i => $"{i}").ToArray();
        await PutAsync(ids);
        await Task.WhenAll(ids.Chunk(4).Select(part => JoinAsync(part)));
        var behind = await Task.WhenAll(ids.Select(async id => GroupPlace.Parse((await ReadAsync(id))["sendBehind"].S)?.Key.Id ?? ""));
        Assert.Equal(12, behind.Distinct().Count());
        Assert.Single(behind, "");
    }

    [Theory]
    [InlineData("Throttled")]
    [InlineData("InternalError")]
    [InlineData("NotFound")]
    public async Task What_fails_holds_up_those_behind_it_and_only_those_of_its_group(string code)
    {
        await PutAsync("1", "2", "3", "4", "other");
        await JoinAsync("1", "2", "3", "4", "other");
        failing.Add($"2 {code}");
        var result = await RunAsync(Now, "1", "2", "3", "4", "other");
        Assert.Equal(2, result.Sent);
        Assert.Equal(["1", "other"], published.Order(StringComparer.Ordinal));
        foreach (var id in (string[])["3", "4"])
        {
            var item = await ReadAsync(id);
            Assert.Equal(("Failure", "Blocked", false), (item["sendStatus"].S, item["sendReason"].S, item.ContainsKey("sendAttempts")));
            Assert.True(item.ContainsKey("sendDue"));
        }

        // The one that is called by its resend is not waited for by the sweep.
        failing.Clear();
        Assert.Equal(3, (await RunAsync(Now.AddMinutes(1), "2")).Sent);
        Assert.Equal(["2", "3", "4"], published.Where(id => id is not ("1" or "other")));
    }

    [Fact]
    public async Task An_execution_that_overtakes_another_waits_for_it()
    {
        var ids = Enumerable.Range(0, 30).Select(i => $"{i:00}").ToArray();
        await PutAsync(ids);
        await JoinAsync(ids[..15]);
        await JoinAsync(ids[15..]);
        Assert.Equal(0, (await RunAsync(Now, ids[15..])).Sent);
        Assert.Equal(30, (await RunAsync(Now, ids[..15])).Sent);
        Assert.Equal(ids, published);
    }

    [Fact]
    public async Task A_pace_changes_nothing_of_the_order()
    {
        var ids = Enumerable.Range(0, 6).Select(i => $"{i}").ToArray();
        await PutAsync(ids);
        await JoinAsync(ids);
        using var client = cloud.DynamoDb();
        pace = new Pace(client, control, 1);
        await pace.ReserveAsync(60, Now, CancellationToken.None); // Others have the next minute.
        var first = await RunAsync(Now, ids);
        Assert.Equal((0, 1), (first.Sent, first.Paced));
        Assert.Equal(("Paced", "Blocked"), ((await ReadAsync("0"))["sendReason"].S, (await ReadAsync("5"))["sendReason"].S));
        pace = null;
        for (var minutes = 2; published.Count < 6 && minutes < 40; minutes++)
        {
            await RunAsync(Now.AddMinutes(minutes), ids);
        }

        Assert.Equal(ids, published);
    }

    [Fact]
    public async Task Executions_at_once_keep_the_order()
    {
        var ids = Enumerable.Range(0, 40).Select(i => $"{i:00}").ToArray();
        await PutAsync(ids);
        await JoinAsync(ids);
        await Task.WhenAll(
            ids.Chunk(10)
                .Reverse()
                .Select(async part =>
                {
                    try
                    {
                        await RunAsync(Now, part);
                    }
                    catch (ItemsInFlightException)
                    {
                        // Its workflow would wait and ask again.
                    }
                })
        );
        for (var minutes = 1; published.Count < 40 && minutes < 60; minutes++)
        {
            await RunAsync(Now.AddMinutes(minutes), ids);
        }

        Assert.Equal(ids, published);
    }

    [Theory]
    [InlineData("BLOCK", null, false)]
    [InlineData("GO_ON", null, true)]
    [InlineData("BLOCK", "cancel", true)]
    [InlineData("BLOCK", "delete", true)]
    public async Task A_parked_message_holds_up_its_group_until_somebody_decides_unless_the_stack_goes_on(
        string mode,
        string? decision,
        bool goes
    )
    {
        parkedBlocks = mode == "BLOCK";
        await PutAsync("1", "2");
        await JoinAsync("1", "2");
        failing.Add("1 InvalidParameter");
        await RunAsync(Now, "1");
        using var client = cloud.DynamoDb();
        if (decision == "delete")
        {
            await client.DeleteItemAsync(table, Key("1"));
        }
        else if (decision == "cancel")
        {
            await client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = Key("1"),
                    UpdateExpression = "SET sendReason = :cancelled",
                    ExpressionAttributeValues = new() { [":cancelled"] = new("Cancelled") },
                }
            );
        }

        Assert.Equal(goes ? 1 : 0, (await RunAsync(Now.AddMinutes(1), "2")).Sent);
        Assert.Equal(goes ? ["2"] : [], published);
    }

    [Fact]
    public async Task A_message_that_was_deleted_and_put_again_stands_at_the_end()
    {
        await PutAsync("1", "2");
        await JoinAsync("1", "2");
        using var client = cloud.DynamoDb();
        await client.DeleteItemAsync(table, Key("1"));
        await PutAsync("1");
        await JoinAsync("1");
        Assert.Equal(2, (await RunAsync(Now, "1", "2")).Sent + (await RunAsync(Now.AddMinutes(2), "1", "2")).Sent);
        Assert.Equal(["2", "1"], published);
    }

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["sequenceNo"] = new(id) };

    private async Task PutAsync(params string[] ids)
    {
        cloud.SkipWithout();
        if (table.Length == 0)
        {
            (table, control) = (await cloud.TableAsync(), await cloud.ControlTableAsync());
        }

        using var client = cloud.DynamoDb();
        foreach (var id in ids)
        {
            await client.PutItemAsync(
                table,
                new()
                {
                    ["sequenceNo"] = new(id),
                    ["message"] = new(id),
                    ["messageGroupId"] = new(id == "other" ? "another" : "one"),
                }
            );
        }
    }

    private async Task JoinAsync(params string[] ids)
    {
        using var client = cloud.DynamoDb();
        await new GroupLines(client, table, control, new Log(TextWriter.Null, TimeProvider.System)).JoinAsync(
            [.. ids.Select(id => ItemKey.Of(Key(id)))],
            CancellationToken.None
        );
    }

    private async Task<Dictionary<string, AttributeValue>> ReadAsync(string id)
    {
        using var client = cloud.DynamoDb();
        return (await client.GetItemAsync(table, Key(id), true)).Item;
    }

    private async Task<ProcessResult> RunAsync(DateTimeOffset now, params string[] ids)
    {
        var topic = new FakeAws(sent =>
        {
            var text = sent.Form["Message"];
            lock (published)
            {
                if (failing.FirstOrDefault(one => one.StartsWith(text + " ", StringComparison.Ordinal))?.Split(' ')[1] is { } code)
                {
                    return Answer.QueryError(
                        code,
                        "because",
                        code switch
                        {
                            "InternalError" => System.Net.HttpStatusCode.InternalServerError,
                            "Throttled" => System.Net.HttpStatusCode.TooManyRequests,
                            _ => System.Net.HttpStatusCode.BadRequest,
                        }
                    );
                }

                published.Add(text);
            }

            return Answer.Ok("<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>");
        });
        using var client = cloud.DynamoDb();
        using var sns = new AmazonSimpleNotificationServiceClient(
            FakeAws.Credentials,
            topic.Config<AmazonSimpleNotificationServiceConfig>()
        );
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var log = new Log(TextWriter.Null, time);
        var messages = new MessageTable(client, table, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var sender = new Sender(
            messages,
            Cloud.Shape,
            new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 9),
            () => 0.5,
            log,
            SendLimits.None with
            {
                ParkedBlocks = parkedBlocks,
            }
        );
        var function = new ProcessFunction(
            messages,
            sender,
            new Publisher(sns, "arn:t.fifo", TimeProvider.System),
            "disa",
            log,
            time,
            pace
        );
        return await function.RunAsync(
            new(
                Instant.Text(now),
                "run",
                new(
                    [.. ids.Select(id => new SendItem(JsonElement.Parse($$"""{"sequenceNo":{"S":"{{id}}"} }"""), Instant.Text(Now)))],
                    false,
                    false,
                    "test",
                    null,
                    null
                )
            ),
            () => TimeSpan.FromMinutes(1),
            CancellationToken.None
        );
    }
}

/// <summary>Groups on the emulator.</summary>
public sealed class GroupsOnTheEmulatorTests(Emulated aws) : GroupTests(aws);

/// <summary>Groups on an AWS that this project did not write.</summary>
public sealed class GroupsOnMotoTests(Moto aws) : GroupTests(aws);

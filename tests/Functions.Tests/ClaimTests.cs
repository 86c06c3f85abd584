using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>Who has a message to send, for how long, and what is known of attempts that never came back.</summary>
public abstract class ClaimTests(Cloud cloud) : WithProcessFunction(cloud)
{
    /// <summary>Whoever left the claim may have published: what is put off or parked meanwhile does not undo that.</summary>
    [Theory]
    [InlineData("sendAt", 3600, 0)] // put off to its time
    [InlineData("expiresAt", -60, 1)] // parked, given more time and redriven
    public async Task What_was_left_claimed_is_marked_though_it_was_put_off_or_parked_meanwhile(string attribute, int seconds, int rejected)
    {
        var left = new Dictionary<string, AttributeValue> { ["token"] = new("dead"), ["until"] = new(Instant.Text(Now.AddMinutes(-1))) };
        var table = await TableAsync(
            Item(
                "1",
                ("message", new("Hello")),
                ("sendAttempts", new() { N = "1" }),
                ("sendClaim", new() { M = left }),
                (attribute, new() { N = $"{Now.AddSeconds(seconds).ToUnixTimeSeconds()}" })
            )
        );
        var first = await RunAsync(table, Now, "1");
        Assert.Equal((0, 1 - rejected, rejected), (first.Sent, first.Deferred, first.Rejected));
        using var client = Aws.DynamoDb();
        await client.UpdateItemAsync(
            new()
            {
                TableName = table,
                Key = new() { ["sequenceNo"] = new("1") },
                UpdateExpression = "REMOVE expiresAt SET sendDue = :now",
                ExpressionAttributeValues = new() { [":now"] = new(Instant.Text(Now)) },
            }
        );

        Assert.Equal(1, (await RunAsync(table, Now.AddHours(2), "1")).Sent);
        Assert.Contains("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_send_once()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async _ =>
                {
                    try
                    {
                        return (await RunAsync(table, Now, "1")).Sent;
                    }
                    catch (ItemsInFlightException)
                    {
                        return 0; // Its workflow would wait and ask again.
                    }
                })
        );
        Assert.Equal(1, results.Sum());
        Assert.Single(topic.Requests);
        Assert.Equal(1, (await RunAsync(table, Now + Timeouts.Lease, "1")).Skipped);
        Assert.False((await ReadAsync(table, "1")).ContainsKey("sendDue"));
    }

    [Fact]
    public async Task A_claim_left_behind_is_honoured_until_its_lease_ends_and_the_resend_says_that_it_may_be_one()
    {
        var claim = new AttributeValue
        {
            M = new() { ["token"] = new("dead"), ["until"] = new("2026-11-23T06:31:00.000Z") },
        };
        var table = await TableAsync(Item("1", ("message", new("Hello")), ("sendAttempts", new() { N = "1" }), ("sendClaim", claim)));
        await Assert.ThrowsAsync<ItemsInFlightException>(() => RunAsync(table, Now, "1"));
        var watched = await ReadAsync(table, "1");
        Assert.Equal(("2026-11-23T06:31:00.000Z", false), (watched["sendDue"].S, watched.ContainsKey("sendStatus"))); // The sweep finds it when the lease is over.
        Assert.Equal(1, (await RunAsync(table, Now.AddMinutes(2), "1")).Sent);
        Assert.Equal("disa-possible-duplicate", topic.Requests.Single().Form["MessageAttributes.entry.4.Name"]);
    }

    [Fact]
    public async Task The_last_ten_attempts_are_on_the_item_and_one_that_never_came_back_is_among_them()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        topic = new(_ => Answer.QueryError("NotFound"));
        for (var hour = 0; hour < 11; hour++)
        {
            await RunAsync(table, Now.AddHours(hour), "1");
        }

        var history = (await ReadAsync(table, "1"))["sendHistory"].L;
        Assert.Equal(Enumerable.Range(2, 10).Select(attempt => $"{attempt} Failed NotFound"), history.Select(Line));
        Assert.StartsWith("2026-11-23T07:30:0", history[0].M["at"].S, StringComparison.Ordinal);

        using var client = Aws.DynamoDb();
        await client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = table,
                Key = Key("1"),
                UpdateExpression = "SET sendClaim = :claim, sendAttempts = :twelve",
                ExpressionAttributeValues = new()
                {
                    [":twelve"] = new() { N = "12" },
                    [":claim"] = new()
                    {
                        M = new() { ["token"] = new("dead"), ["until"] = new("2026-11-23T18:02:30.000Z") },
                    },
                },
            }
        );
        topic = new(_ => Published("m-13"));
        Assert.Equal(1, (await RunAsync(table, Now.AddHours(13), "1")).Sent);
        history = (await ReadAsync(table, "1"))["sendHistory"].L;
        Assert.Equal(10, history.Count);
        Assert.Equal(["12 Unknown NoOutcome", "13 Sent m-13"], history[^2..].Select(Line));
        Assert.Equal("2026-11-23T18:00:00.000Z", history[^2].M["at"].S);

        static string Line(AttributeValue entry) =>
            $"{entry.M["attempt"].N} {entry.M["outcome"].S} {(entry.M.GetValueOrDefault("code") ?? entry.M["messageId"]).S}";
    }

    [Fact]
    public async Task An_attempt_without_an_outcome_is_never_forgotten_and_marks_every_later_one()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        topic = new(_ => throw new TaskCanceledException("too late"));
        await RunAsync(table, Now, "1");
        topic = new(_ => Answer.QueryError("NotFound"));
        for (var hour = 1; hour < 13; hour++)
        {
            await RunAsync(table, Now.AddHours(2 * hour), "1");
        }

        var history = (await ReadAsync(table, "1"))["sendHistory"].L;
        Assert.Equal((10, "Unknown", "1"), (history.Count, history[0].M["outcome"].S, history[0].M["attempt"].N));
        topic = new(_ => Published("m-14"));
        Assert.Equal(1, (await RunAsync(table, Now.AddDays(3), "1")).Sent);
        Assert.Contains("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(60, 1)]
    [InlineData(149, 0)]
    public async Task A_claim_that_is_nearly_over_publishes_nothing(int secondsFrozen, int published)
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        frozen = TimeSpan.FromSeconds(secondsFrozen);
        var result = await RunAsync(table, Now, "1");
        Assert.Equal((published, published), (result.Sent, topic.Requests.Count));
        var item = await ReadAsync(table, "1");
        Assert.Equal(published == 1 ? "Successful" : "Failure", item["sendStatus"].S);
        Assert.Equal(published == 0, item.ContainsKey("sendDue"));
    }

    [Fact]
    public async Task The_lease_runs_from_the_later_of_the_events_time_and_the_machines()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        wall = Now + TimeSpan.FromMinutes(10); // The workflow's time stood still while its call was tried again and again.
        var until = "";
        topic = new(_ =>
        {
            until = ReadAsync(table, "1").GetAwaiter().GetResult()["sendClaim"].M["until"].S;
            return Published("m-1");
        });
        await RunAsync(table, Now, "1");
        Assert.StartsWith("2026-11-23T06:42:30", until, StringComparison.Ordinal);
    }
}

/// <summary>Claims on the emulator.</summary>
public sealed class ClaimOnTheEmulatorTests(Emulated aws) : ClaimTests(aws);

/// <summary>Claims on an AWS that this project did not write.</summary>
public sealed class ClaimOnMotoTests(Moto aws) : ClaimTests(aws);

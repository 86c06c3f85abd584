using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>Finding, counting and deciding among many messages: by state, by error, by text and time, a page at a time.</summary>
public sealed class FindTests
{
    private const int Many = 3000;

    [Fact]
    public async Task Many_messages_are_listed_newest_first_counted_by_state_and_grouped_by_error()
    {
        await using var disa = await RunningDisa.Up();
        await Fill(disa);

        // The newest first, each once, page after page.
        var seen = new List<(string Since, string Id)>();
        string? after = null;
        do
        {
            string[] page = ["messages", "--json", "--limit", "700", .. after is null ? Array.Empty<string>() : ["--after", after]];
            var answer = (await disa.Disa(page)).Json();
            seen.AddRange(
                answer
                    .GetProperty("messages")
                    .EnumerateArray()
                    .Select(message => (message.GetProperty("since").GetString()!, message.GetProperty("id").GetString()!))
            );
            after = answer.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);

        Assert.Equal(Many, seen.Count);
        Assert.Equal(Many, seen.Select(message => message.Id).Distinct().Count());
        Assert.Equal(seen.Select(message => message.Since).OrderDescending(StringComparer.Ordinal), seen.Select(message => message.Since));

        // By state, reason, error, text and time.
        Assert.Equal(200, await Found(disa, "--status", "Parked", "--limit", "1000"));
        Assert.Equal(100, await Found(disa, "--error", "InvalidParameter"));
        Assert.Equal(100, await Found(disa, "--reason", "AttemptsExhausted"));
        Assert.Equal(1, await Found(disa, "--text", "number 1234."));
        Assert.Equal(60, await Found(disa, "--from", "2026-11-01T00:10:00Z", "--to", "2026-11-01T00:11:00Z"));
        Assert.Equal(2, (await disa.Disa("messages", "--from", "yesterday")).ExitCode);
        Assert.Equal(2, (await disa.Disa("messages", "--after", "nowhere")).ExitCode);

        var status = (await disa.Disa("status", "--json")).Json().GetProperty("messages").GetProperty("states");
        Assert.Equal(
            (2800, 200, 0),
            (status.GetProperty("Sent").GetInt32(), status.GetProperty("Parked").GetInt32(), status.GetProperty("Held").GetInt32())
        );
        Assert.Contains("200 Parked", (await disa.Disa("status")).Output, StringComparison.Ordinal);

        // By error: numbers in a text do not make a group of each message.
        var groups = (await disa.Disa("failures", "--json")).Json().GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(2, groups.Count);
        Assert.All(
            groups,
            group => Assert.Equal((100, 100), (group.GetProperty("count").GetInt32(), group.GetProperty("parked").GetInt32()))
        );
        var invalid = groups.Single(group => group.GetProperty("code").GetString() == "InvalidParameter");
        Assert.Equal("Invalid parameter: message # of tenant #", invalid.GetProperty("words").GetString());
        Assert.True(string.CompareOrdinal(invalid.GetProperty("first").GetString(), invalid.GetProperty("last").GetString()) < 0);

        // And by group is decided.
        var id = invalid.GetProperty("id").GetString()!;
        Assert.Equal(100, (await disa.Disa("redrive", "--group", id, "--dry-run", "--json")).Json().GetProperty("matched").GetInt32());
        var redriven = (await disa.Disa("redrive", "--group", id, "--rate", "100", "--yes", "--json")).Json();
        Assert.Equal((100, 100), (redriven.GetProperty("matched").GetInt32(), redriven.GetProperty("redriven").GetInt32()));
        Assert.Equal(100, redriven.GetProperty("sent").GetInt32() + redriven.GetProperty("deferred").GetInt32());
        Assert.Single((await disa.Disa("failures", "--json")).Json().GetProperty("groups").EnumerateArray());
    }

    [Fact]
    public async Task A_parked_message_is_edited_and_sent_again_on_record()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Put("bad", "");
        await disa.Put("good", "Good.");
        await disa.Decided("bad");
        await disa.Decided("good");

        Assert.Equal(1, (await disa.Disa("edit", "good", "--message", "Other.")).ExitCode);
        Assert.Equal(2, (await disa.Disa("edit", "bad")).ExitCode);
        Assert.Equal(2, (await disa.Disa("edit", "bad", "--message", "")).ExitCode);
        // An argument of a command cannot be as long as a message: together these are too long.
        string[] tooLong = [.. "abc".SelectMany(name => (string[])["--attribute", $"{name}={new string('x', 100_000)}"])];
        foreach (
            var change in (string[][])
                [
                    ["--subject", "two\nlines"],
                    tooLong,
                ]
        )
        {
            var refused = await disa.Disa(["edit", "bad", "--message", "Text.", .. change]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("could still not be sent", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal("InvalidMessage", (await disa.Item("bad"))["sendReason"].S);
        var edited = await disa.Disa(
            "edit",
            "bad",
            "--message",
            "Corrected.",
            "--subject",
            "Now with one",
            "--attribute",
            "kind=late",
            "--json"
        );

        Assert.Equal(0, edited.ExitCode);
        var item = await disa.Decided("bad", now => now["sendStatus"].S == "Successful");
        Assert.Equal(("Corrected.", "Now with one", "late"), (item["message"].S, item["subject"].S, item["attributes"].M["kind"].S));
        var records = await disa.DynamoDb.ScanAsync(new ScanRequest { TableName = disa.Outputs["ControlTableName"] });
        Assert.Contains(
            records.Items,
            record =>
                record["id"].S.Contains("edit", StringComparison.Ordinal)
                && record.Values.Any(value => value.S?.Contains("bad", StringComparison.Ordinal) == true)
        );

        // Cancelled after its sender had died: the claim forbids nothing once it is over, and marks what is sent.
        await disa.Put(Claimed("claimed", "2999-01-01T00:00:00.000Z"));
        var running = await disa.Disa("edit", "claimed", "--message", "Other.");
        Assert.Equal(1, running.ExitCode);
        Assert.Contains("claimed is being sent right now", running.Error, StringComparison.Ordinal);
        await disa.Put(Claimed("left", "2026-01-01T00:00:00.000Z"));
        Assert.Equal(0, (await disa.Disa("edit", "left", "--message", "Other.")).ExitCode);
        item = await disa.Decided("left", now => now["sendStatus"].S == "Successful");
        Assert.Equal(("Other.", "Unknown"), (item["message"].S, item["sendHistory"].L[0].M["outcome"].S));

        static Dictionary<string, AttributeValue> Claimed(string id, string until) =>
            new()
            {
                ["sequenceNo"] = new() { S = id },
                ["message"] = new() { S = "Text." },
                ["sendStatus"] = new() { S = "Failure" },
                ["sendReason"] = new() { S = "Cancelled" },
                ["sendAttempts"] = new() { N = "1" },
                ["sendClaim"] = new()
                {
                    M = new()
                    {
                        ["token"] = new() { S = "dead" },
                        ["until"] = new() { S = until },
                    },
                },
            };
    }

    /// <summary>What the dispatcher itself writes, seen at each state of a message.</summary>
    [Fact]
    public async Task Every_decision_puts_the_message_into_the_list_of_its_state()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Put("sent", "Sent.");
        await disa.Put("parked", "");
        await disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = "waiting" },
                ["message"] = new() { S = "Later." },
                ["sendAt"] = new() { N = "4000000000" },
            }
        );
        await disa.Decided("sent");
        await disa.Decided("parked");
        await disa.Decided("waiting");
        Assert.Equal((0, "Parked"), ((await disa.Disa("cancel", "waiting")).ExitCode, State(await disa.Item("waiting"))));
        await disa.Disa("break");
        await disa.Put("failed", "Fails.");
        await disa.Decided("failed");

        Assert.Equal("Sent", State(await disa.Item("sent")));
        Assert.Equal("Parked", State(await disa.Item("parked")));
        Assert.Equal("Failed", State(await disa.Item("failed")));
        var states = (await disa.Disa("status", "--json")).Json().GetProperty("messages");
        Assert.Equal((1, 2, 1), (Number("Sent"), Number("Parked"), Number("Failed")));
        Assert.Equal(1, states.GetProperty("sentLastMinute").GetInt32());

        int Number(string state) => states.GetProperty("states").GetProperty(state).GetInt32();
        static string State(Dictionary<string, AttributeValue> item) => item["sendList"].S.Split('-')[0];
    }

    private static async Task<int> Found(RunningDisa disa, params string[] options)
    {
        string? after = null;
        var found = 0;
        do
        {
            string[] command = ["messages", "--json", .. options, .. after is null ? Array.Empty<string>() : ["--after", after]];
            var answer = (await disa.Disa(command)).Json();
            found += answer.GetProperty("messages").GetArrayLength();
            after = answer.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);

        return found;
    }

    /// <summary>Decided messages, one a second, as the dispatcher would have left them; the first two hundred are parked for two errors.</summary>
    private static async Task Fill(RunningDisa disa)
    {
        var start = DateTimeOffset.Parse("2026-11-01T00:00:00Z", CultureInfo.InvariantCulture);
        foreach (var chunk in Enumerable.Range(0, Many).Chunk(25))
        {
            await disa.DynamoDb.BatchWriteItemAsync(
                new BatchWriteItemRequest
                {
                    RequestItems = new()
                    {
                        [disa.Table] =
                        [
                            .. chunk.Select(i => new WriteRequest(
                                new PutRequest(
                                    Item(
                                        i,
                                        (start + TimeSpan.FromSeconds(i)).ToString(
                                            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                                            CultureInfo.InvariantCulture
                                        )
                                    )
                                )
                            )),
                        ],
                    },
                }
            );
        }
    }

    private static Dictionary<string, AttributeValue> Item(int i, string at)
    {
        var isParked = i % 15 == 0;
        var item = new Dictionary<string, AttributeValue>
        {
            ["sequenceNo"] = new() { S = $"m{i:D5}" },
            ["message"] = new() { S = $"Message number {i}." },
            ["sendStatus"] = new() { S = isParked ? "Failure" : "Successful" },
            ["sendSeenAt"] = new() { S = at },
            ["sendAttempts"] = new() { N = "1" },
            ["sendList"] = new() { S = $"{(isParked ? "Parked" : "Sent")}-{i % 16}" },
            ["sendListedAt"] = new() { S = at },
        };
        if (isParked)
        {
            var exhausted = i % 30 == 0;
            item["sendReason"] = new() { S = exhausted ? "AttemptsExhausted" : "SendFailed" };
            item["sendError"] = new()
            {
                M = new()
                {
                    ["class"] = new() { S = "permanent" },
                    ["code"] = new() { S = exhausted ? "Throttled" : "InvalidParameter" },
                    ["text"] = new() { S = exhausted ? "Rate exceeded" : $"Invalid parameter: message {i} of tenant {i * 7}" },
                },
            };
        }

        return item;
    }
}

using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>Messages that wait without having failed: their time has not come, or something else goes first.</summary>
public sealed class DeferredTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private RunningDisa Disa => shared.Disa;

    [Fact]
    public async Task A_redrive_of_messages_whose_time_has_not_come_counts_them_as_deferred_and_goes_on()
    {
        const int messages = 30;
        var ids = Enumerable.Range(0, messages).Select(i => $"cancelled-{i:D2}").ToList();
        await Task.WhenAll(ids.Select(Later));
        await Task.WhenAll(
            ids.Select(id => Set(id, "SET sendReason = :reason REMOVE sendNextAttempt, sendDue, sendShard", (":reason", "Cancelled")))
        );

        var redriven = await Disa.Disa("redrive", "--reason", "Cancelled", "--rate", "100", "--stop-at-failures", "0", "--yes", "--json");
        var report = redriven.Json();
        Assert.Equal((messages, messages, 0, 0), (Number("redriven"), Number("deferred"), Number("failed"), Number("sent")));
        Assert.False(report.TryGetProperty("stopped", out _));
        Assert.Equal("Scheduled", (await Disa.Item(ids[0]))["sendReason"].S);
        var record = await Disa.DynamoDb.GetItemAsync(
            Disa.Outputs["ControlTableName"],
            new() { ["id"] = new() { S = report.GetProperty("id").GetString()! } }
        );
        Assert.Contains($"\"deferred\": {messages}", record.Item["details"].S, StringComparison.Ordinal);

        await Set(ids[0], "SET sendReason = :reason REMOVE sendNextAttempt, sendDue, sendShard", (":reason", "Cancelled"));
        var said = await Disa.Disa("redrive", "--reason", "Cancelled", "--yes");
        Assert.Contains("1 redriven: 0 sent, 1 deferred", said.Output, StringComparison.Ordinal);

        int Number(string name) => report.TryGetProperty(name, out var value) ? value.GetInt32() : -1;
    }

    [Fact]
    public async Task A_paced_message_is_explained()
    {
        await Later("paced");
        await Set("paced", "SET sendReason = :reason", (":reason", "Paced"));
        var (state, words) = await Explained("paced");
        Assert.Equal("Paced", state);
        Assert.Matches("It is paced: .*5.*second; it will be sent at 2096-.*used up no attempt", words);
    }

    [Fact]
    public async Task A_blocked_message_says_which_one_it_waits_behind_and_what_that_one_is()
    {
        await Later("blocked");
        await Set(
            "blocked",
            "SET sendReason = :reason, sendBehind = :behind, messageGroupId = :group",
            (":reason", "Blocked"),
            (":behind", """{"key":{"sequenceNo":{"S":"first"}},"place":"p"}"""),
            (":group", "orders")
        );
        Assert.Contains(
            "It waits behind message first of its group orders, which is gone, so that the order is kept.",
            (await Explained("blocked")).Words,
            StringComparison.Ordinal
        );

        await Later("first");
        var (state, words) = await Explained("blocked");
        Assert.Equal("Blocked", state);
        Assert.Contains(
            "It waits behind message first of its group orders, which is not sent yet (Scheduled, next attempt at 2096-",
            words,
            StringComparison.Ordinal
        );

        await Set("first", "SET sendReason = :reason REMOVE sendNextAttempt, sendDue, sendShard", (":reason", "Expired"));
        Assert.Contains(
            "which is parked (Expired), so that the order is kept. Redrive that one",
            (await Explained("blocked")).Words,
            StringComparison.Ordinal
        );
    }

    private async Task<(string? Verdict, string Words)> Explained(string id)
    {
        var explained = (await Disa.Disa("explain", id, "--json")).Json();
        var sentences = explained.GetProperty("sentences").EnumerateArray().Select(one => one.GetString());
        return (explained.GetProperty("state").GetString(), string.Join(' ', sentences));
    }

    private async Task Later(string id)
    {
        await Disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = id },
                ["message"] = new() { S = "Later." },
                ["sendAt"] = new() { N = "4000000000" },
            }
        );
        await Disa.Decided(id);
    }

    private Task Set(string id, string update, params (string Name, string Value)[] values) =>
        Disa.DynamoDb.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = Disa.Table,
                Key = new() { ["sequenceNo"] = new() { S = id } },
                UpdateExpression = update,
                ExpressionAttributeValues = values.ToDictionary(one => one.Name, one => new AttributeValue { S = one.Value }),
            }
        );
}

using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>Messages on their way, seen by clients that Disa did not write.</summary>
[Collection(nameof(Alone))]
public sealed class FlowTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private RunningDisa Disa => shared.Disa;

    [Fact(Timeout = 600_000)]
    public async Task A_message_reaches_the_mailbox_and_its_item_says_so()
    {
        await Disa.Put("flow-1", "Across the wire.");

        var item = await Disa.Decided("flow-1");
        Assert.Equal("Successful", item["sendStatus"].S);
        Assert.NotEmpty(item["sendMessageId"].S);
        Assert.NotEmpty(item["sentAt"].S);
        Assert.False(item.ContainsKey("sendDue"), "a sent message is not in the index of due ones");
        await Mailed("Across the wire.", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whatever_else_is_on_the_item_stays_as_it_is()
    {
        await Disa.Put(
            new Dictionary<string, AttributeValue>
            {
                ["sequenceNo"] = new() { S = "flow-mine" },
                ["message"] = new() { S = "Mine is mine." },
                ["amount"] = new() { N = "12.50" },
                ["tags"] = new() { SS = ["a", "b"] },
                ["blob"] = new() { B = new MemoryStream([0, 1, 255]) },
                ["nested"] = new() { M = new() { ["list"] = new() { L = [new() { BOOL = true }, new() { NULL = true }] } } },
            }
        );

        var item = await Disa.Decided("flow-mine");
        Assert.Equal("12.5", item["amount"].N);
        Assert.Equal(["a", "b"], item["tags"].SS.Order());
        Assert.Equal([0, 1, 255], item["blob"].B.ToArray());
        Assert.True(item["nested"].M["list"].L[0].BOOL);
        Assert.True(item["nested"].M["list"].L[1].NULL);
    }

    [Fact]
    public async Task A_bad_item_ends_in_Failure_with_a_reason_and_blocks_nothing_behind_it()
    {
        await Disa.Put(new Dictionary<string, AttributeValue> { ["sequenceNo"] = new() { S = "bad-none" } });
        await Disa.Put(
            new Dictionary<string, AttributeValue>
            {
                ["sequenceNo"] = new() { S = "bad-number" },
                ["message"] = new() { N = "7" },
            }
        );
        await Disa.Put("bad-empty", "");
        await Disa.Put("bad-large", new string('x', 262_145));
        await Disa.Put("good-behind", "Not blocked.");

        foreach (var id in (string[])["bad-none", "bad-number", "bad-empty", "bad-large"])
        {
            var item = await Disa.Decided(id);
            Assert.Equal("Failure", item["sendStatus"].S);
            Assert.NotEmpty(item["sendReason"].S);
            Assert.False(item.ContainsKey("sendNextAttempt"), $"{id} can never be sent, so it is not tried again");
        }

        Assert.Equal("Successful", (await Disa.Decided("good-behind"))["sendStatus"].S);
    }

    /// <summary>A thousand with <c>DISA_TESTS=all</c>: SNS would disable the subscription at the eleventh mail of a second.</summary>
    [Fact(Timeout = 900_000)]
    public async Task A_burst_ends_with_a_mail_for_each_message_and_the_subscription_alive()
    {
        var count = Sample.IsAll ? 1000 : 100;
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await Disa.Put($"burst-{i}", $"Burst {i}.")
        );

        for (var i = 0; i < count; i++)
        {
            await Disa.Sent($"burst-{i}");
        }

        var bodies = await Bodies();
        while (bodies.Count < count)
        {
            await AssertSubscribed();
            await Disa.NextMail(TestContext.Current.CancellationToken);
            bodies = await Bodies();
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"Burst {i}.").Order(), bodies.Order());
        await AssertSubscribed();
    }

    /// <summary>The first line of each mail of the burst.</summary>
    private async Task<List<string>> Bodies() =>
        (await Disa.Inbox())
            .Select(mail => mail.GetProperty("body").GetString()!.Split('\n')[0])
            .Where(body => body.StartsWith("Burst ", StringComparison.Ordinal))
            .ToList();

    [Fact]
    public async Task Sending_through_the_command_and_waiting_shows_the_outcome()
    {
        var sent = (await Disa.Disa("send", "By the command.", "And [another] one.", "--wait", "--json")).Json();

        Assert.Equal(["Successful", "Successful"], sent.EnumerateArray().Select(message => message.GetProperty("status").GetString()));
        var shown = (await Disa.Disa("show", sent[0].GetProperty("id").GetString()!, "--json")).Json();
        Assert.Equal("By the command.", shown.GetProperty("item").GetProperty("message").GetString());
    }

    /// <summary>Where the subscription was disabled, for more than ten mails in a second, no mail ever comes: the wait ends then.</summary>
    private async Task Mailed(string message, CancellationToken cancellation)
    {
        while (await Disa.MailsWith(message) == 0)
        {
            await AssertSubscribed();
            await Disa.NextMail(cancellation);
        }

        Assert.Equal(1, await Disa.MailsWith(message));
    }

    private async Task AssertSubscribed()
    {
        var subscribers = (await Disa.Disa("status", "--json")).Json().GetProperty("subscribers").EnumerateArray().ToList();
        Assert.NotEmpty(subscribers);
        Assert.All(subscribers, one => Assert.True(one.GetProperty("confirmed").GetBoolean()));
    }
}

using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>Messages on their way, seen by clients that Disa did not write.</summary>
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

    [Fact(Timeout = 600_000)]
    public async Task A_burst_arrives_whole_and_each_message_once()
    {
        const int count = 100;
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) => await Disa.Put($"burst-{i}", $"Burst {i}.")
        );

        for (var i = 0; i < count; i++)
        {
            Assert.Equal("Successful", (await Disa.Decided($"burst-{i}"))["sendStatus"].S);
        }

        await Mailed("Burst 0.", TestContext.Current.CancellationToken);
        var bodies = (await Disa.Inbox())
            .Select(mail => mail.GetProperty("body").GetString()!.Split('\n')[0])
            .Where(body => body.StartsWith("Burst ", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(bodies.Count, bodies.Distinct().Count());
    }

    [Fact]
    public async Task Sending_through_the_command_and_waiting_shows_the_outcome()
    {
        var sent = (await Disa.Disa("send", "By the command.", "And [another] one.", "--wait", "--json")).Json();

        Assert.Equal(["Successful", "Successful"], sent.EnumerateArray().Select(message => message.GetProperty("status").GetString()));
        var shown = (await Disa.Disa("show", sent[0].GetProperty("id").GetString()!, "--json")).Json();
        Assert.Equal("By the command.", shown.GetProperty("item").GetProperty("message").GetString());
    }

    /// <summary>SNS sends ten mails a second and no more: behind another test's burst, a mail waits its turn.</summary>
    private async Task Mailed(string message, CancellationToken cancellation)
    {
        while (await Disa.MailsWith(message) == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }

        Assert.Equal(1, await Disa.MailsWith(message));
    }
}

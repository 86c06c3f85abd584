using Amazon.DynamoDBv2.Model;
using Disa.Client;

namespace Disa.Journeys;

/// <summary>The library for producers.</summary>
public sealed class ClientTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private DisaOutbox Outbox => new(shared.Disa.DynamoDb, new DisaTable(shared.Disa.Table));

    [Fact]
    public async Task A_message_is_put_and_its_status_is_read()
    {
        var key = await Outbox.PutAsync(
            new DisaMessage("From the library.")
            {
                Subject = "Library",
                Attributes = { ["kind"] = new() { S = "test" } },
                Own = { ["order"] = new() { N = "17" } },
                ExpiresAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
            }
        );
        await shared.Disa.Decided(key.ToString());
        var status = await Outbox.StatusAsync(key);
        Assert.Equal(DisaOutcome.Successful, status!.Outcome);
        Assert.True(status.IsFinal);
        Assert.NotNull(status.SentAt);
        Assert.NotEmpty(status.MessageId!);
        Assert.Equal("17", (await shared.Disa.Item(key.ToString()))["order"].N);
        Assert.Null(await Outbox.StatusAsync(DisaKey.Of("none")));
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => Outbox.PutAsync(new DisaMessage("Again."), key));
    }

    [Fact]
    public async Task In_a_transaction_both_happen_or_neither()
    {
        TransactWriteItem Own(string id) =>
            new()
            {
                Put = new Put
                {
                    TableName = shared.Disa.Outputs["ControlTableName"],
                    Item = new() { ["id"] = new() { S = id } },
                    ConditionExpression = "attribute_not_exists(id)",
                },
            };
        await shared.Disa.DynamoDb.TransactWriteItemsAsync(
            new() { TransactItems = [Own("order-1"), Outbox.Entry(new DisaMessage("Order 1."), out var first)] }
        );
        await shared.Disa.Decided(first.ToString());
        Assert.Equal(DisaOutcome.Successful, (await Outbox.StatusAsync(first))!.Outcome);

        var entry = Outbox.Entry(new DisaMessage("Order 1 again."), out var second);
        await Assert.ThrowsAsync<TransactionCanceledException>(() =>
            shared.Disa.DynamoDb.TransactWriteItemsAsync(new() { TransactItems = [Own("order-1"), entry] })
        );
        Assert.Null(await Outbox.StatusAsync(second));
    }

    [Fact]
    public async Task A_message_that_waits_says_until_when()
    {
        var key = await Outbox.PutAsync(new DisaMessage("Later.") { SendAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await shared.Disa.Decided(key.ToString());
        var status = (await Outbox.StatusAsync(key))!;
        Assert.Equal((DisaOutcome.Failure, "Scheduled", false), (status.Outcome, status.Reason, status.IsFinal));
        Assert.Equal(2100, status.NextAttempt!.Value.Year);
    }

    [Fact]
    public void What_could_never_be_sent_is_refused_with_the_reason()
    {
        var outbox = new DisaOutbox(shared.Disa.DynamoDb, new DisaTable("t"));
        Refuses("must not be empty", new(""));
        Refuses("the topic takes 262144 at most", new(new string('x', 262_145)));
        Refuses("1 to 99 characters", new("x") { Subject = "two\nlines" });
        Refuses("'disa-id' is not a valid message attribute name", new("x") { Attributes = { ["disa-id"] = new() { S = "1" } } });
        Refuses("not a string, number or binary with a value", new("x") { Attributes = { ["a"] = new() { S = "" } } });
        Refuses("'sendStatus' is Disa's", new("x") { Own = { ["sendStatus"] = new() { S = "Successful" } } });
        Refuses(
            "expires before it may be sent",
            new("x") { SendAt = DateTimeOffset.UnixEpoch.AddDays(2), ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1) }
        );
        Assert.Contains(
            "of type N",
            Assert.Throws<ArgumentException>(() => outbox.Item(new("x"), DisaKey.Of(7))).Message,
            StringComparison.Ordinal
        );

        void Refuses(string why, DisaMessage message) =>
            Assert.Contains(
                why,
                Assert.Throws<ArgumentException>(() => outbox.Item(message, DisaKey.Of("k"))).Message,
                StringComparison.Ordinal
            );
    }
}

using System.Text.Json;

namespace Disa.Contract.Tests;

/// <summary>States, shards, limits and the shape of the table: what is small enough to be seen whole.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData("SendFailed", true, "Failed")]
    [InlineData("ProcessFailed", true, "Failed")]
    [InlineData(null, true, "Failed")]
    [InlineData("Held", true, "Held")]
    [InlineData("Paced", true, "Paced")]
    [InlineData("Blocked", true, "Blocked")]
    [InlineData("Scheduled", true, "Waiting")]
    [InlineData("Redriven", true, "Waiting")]
    [InlineData("Adopted", true, "Waiting")]
    [InlineData("FunctionChanged", true, "Waiting")]
    [InlineData("AttemptsExhausted", false, "Parked")]
    [InlineData("Held", false, "Parked")]
    public void A_message_that_is_not_sent_is_in_a_state_by_its_reason(string? reason, bool isDueAgain, string state)
    {
        Assert.Equal(state, ListedState.Of(reason, isDueAgain));
        Assert.Contains(state, ListedState.All);
    }

    [Fact]
    public void A_state_is_listed_by_shard()
    {
        Assert.Equal("Held-7", ListedState.Partition(ListedState.Held, "7"));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"], IndexShards.All);
        Assert.Equal(7, ListedState.All.Distinct().Count());
    }

    /// <summary>The breaker's states are CloudWatch's, and one of Disa's own: the state machine compares them as texts.</summary>
    [Fact]
    public void The_breaker_has_the_states_of_the_alarm() =>
        Assert.Equal(
            ("ALARM", "RAMP", "OK", "INSUFFICIENT_DATA"),
            (BreakerState.Open, BreakerState.Closing, BreakerState.Closed, BreakerState.Unknown)
        );

    [Fact]
    public void Disa_keeps_room_for_the_longest_values_of_its_own_attributes()
    {
        string[] own =
        [
            "disa-id" + "String",
            "disa-attempt" + "Number" + "2147483647",
            "traceparent" + "String" + "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00",
            "disa-possible-duplicate" + "String" + "true",
        ];
        Assert.Equal(own.Sum(attribute => attribute.Length), MessageLimits.OwnBytes);
        Assert.Equal(MessageLimits.OwnBytes + 3, MessageLimits.Reserved("aü"));
    }

    [Fact]
    public void An_update_needs_what_only_a_message_has()
    {
        var key = ItemKey.Parse(JsonElement.Parse("""{"sort":{"N":"2"},"part":{"S":"1"}}"""));
        Assert.Equal("part", new TableShape(["part", "sort"], IsShared: false).Needed(key));
        Assert.Equal("message", new TableShape(["part", "sort"], IsShared: true).Needed(key));
        Assert.Throws<ArgumentNullException>(() => new TableShape(["part"], IsShared: false).Needed(null!));
    }
}

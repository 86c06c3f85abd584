using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Contract.Tests;

public sealed class GroupPlaceTests
{
    private static readonly GroupPlace Place = new(ItemKey.Parse(JsonElement.Parse("""{"sequenceNo":{"S":"1"}}""")), "token");

    [Fact]
    public void A_place_is_written_and_read_again()
    {
        Assert.Equal("""{"key":{"sequenceNo":{"S":"1"}},"place":"token"}""", Place.ToString());
        var read = GroupPlace.Parse(Place.ToString());
        Assert.Equal(("sequenceNo S 1", "token"), (read?.Key.Identity, read?.Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void The_first_of_a_group_has_nobody_before_it(string? text) => Assert.Null(GroupPlace.Parse(text));

    [Fact]
    public void A_place_without_a_token_has_an_empty_one() =>
        Assert.Equal("", GroupPlace.Parse("""{"key":{"sequenceNo":{"S":"1"}},"place":null}""")?.Token);

    [Theory]
    [InlineData("token", "Successful", false, "", true, true)]
    [InlineData("another", "Failure", true, "SendFailed", true, true)]
    [InlineData(null, null, false, null, true, true)]
    [InlineData("token", null, false, null, false, false)]
    [InlineData("token", "Failure", true, "SendFailed", true, false)]
    [InlineData("token", "Failure", true, "SendFailed", false, false)]
    [InlineData("token", "Failure", false, "AttemptsExhausted", true, false)]
    [InlineData("token", "Failure", false, "AttemptsExhausted", false, true)]
    [InlineData("token", "Failure", false, "Cancelled", true, true)]
    public void The_next_goes_when_this_one_is_done_with(
        string? place,
        string? status,
        bool isDue,
        string? reason,
        bool parkedBlocks,
        bool expected
    )
    {
        var item = new Dictionary<string, AttributeValue>();
        foreach (
            var (name, value) in new[]
            {
                (SendAttributes.Place, place),
                (SendAttributes.Status, status),
                (SendAttributes.Due, isDue ? "2026-11-23T06:30:00.000Z" : null),
                (SendAttributes.Reason, reason),
            }
        )
        {
            if (value is not null)
            {
                item[name] = new(value);
            }
        }

        Assert.Equal(expected, Place.IsDone(item, parkedBlocks));
    }

    [Fact]
    public void An_item_that_is_gone_is_done_with() => Assert.True(Place.IsDone(null, parkedBlocks: true));
}

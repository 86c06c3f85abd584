using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Disa.Functions.Process;

namespace Disa.Functions.Tests;

/// <summary>What Disa keeps for its own attributes covers every attempt, so that a resend fits if the first attempt did.</summary>
public sealed class MessageLimitTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("a key with ünïcode")]
    public void The_reserve_covers_the_last_attempt_of_a_possible_duplicate(string id)
    {
        var item = PublisherTests.Attempt(id).Item;
        var own = Attempt.OwnAttributes(item.Key, int.MaxValue, possibleDuplicate: true, TraceContext.Of(null, item));
        Assert.Equal(Message.Size(own), MessageLimits.Reserved(item.Key.Id));
        Assert.True(
            Message.Size(Attempt.OwnAttributes(item.Key, 1, possibleDuplicate: false, TraceContext.Of(null, item)))
                < MessageLimits.Reserved(item.Key.Id)
        );
    }

    [Theory]
    [InlineData(262_144)]
    [InlineData(1_048_576)]
    public void A_message_of_the_largest_size_is_taken_and_one_more_byte_is_not(int maxBytes)
    {
        var text = new string('x', maxBytes - MessageLimits.Reserved("1"));
        Assert.Equal(text, Message.Parse(new Dictionary<string, AttributeValue> { ["message"] = new(text) }, "1", maxBytes).Text);
        var refused = Assert.Throws<InvalidMessageException>(() =>
            Message.Parse(new Dictionary<string, AttributeValue> { ["message"] = new(text + "x") }, "1", maxBytes)
        );
        Assert.Equal("MessageTooLarge", refused.Code);
    }

    [Fact]
    public void The_documents_say_the_same()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        Assert.Contains(
            MessageLimits.OwnBytes.ToString(CultureInfo.InvariantCulture) + " bytes and the key's",
            readme,
            StringComparison.Ordinal
        );
        Assert.Contains(MessageLimits.DefaultBytes.ToString("N0", CultureInfo.InvariantCulture), readme, StringComparison.Ordinal);
    }
}

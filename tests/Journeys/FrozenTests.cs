using System.Globalization;

namespace Disa.Journeys;

/// <summary>
/// Lambda freezes a function between two invocations, and idle connections are dead at the thaw
/// (https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html: "connections may be purged").
/// </summary>
[Collection(nameof(Alone))]
public sealed class FrozenTests
{
    [Fact]
    public async Task The_first_message_after_an_idle_hour_is_sent_once_unmarked_and_with_the_breaker_closed()
    {
        await using var disa = await RunningDisa.Up(null, "--email", "", "--fault", "lambda:freeze=1s@1");
        await disa.SubscribeQueue("frozen-copies");
        for (var hour = 0; hour < 3; hour++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"hour-{hour}");
            await disa.Put(id, "After an idle hour.");

            var item = await disa.Decided(id);
            Assert.True(
                (item["sendStatus"].S, item["sendAttempts"].N) == ("Successful", "1"),
                $"{id} is {item["sendStatus"].S} after {item["sendAttempts"].N} attempts: {item.GetValueOrDefault("sendError")?.M["code"].S} {item.GetValueOrDefault("sendError")?.M["text"].S}"
            );
            var explained = (await disa.Disa("explain", id, "--json")).Json();
            Assert.NotEqual("ALARM", explained.GetProperty("breaker").GetProperty("state").GetString());

            await disa.Advance(TimeSpan.FromHours(1));
        }

        var copies = await disa.Received("frozen-copies");
        Assert.Equal(["hour-0", "hour-1", "hour-2"], copies.Select(copy => copy.Id));
        Assert.DoesNotContain(copies, copy => copy.MayBeDuplicate);
    }
}

using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>The alarms of the stack, each for what it says and for nothing else.</summary>
public sealed class AlarmTests
{
    [Fact]
    public async Task A_subscription_that_SNS_has_disabled_raises_an_alarm()
    {
        await using var disa = await RunningDisa.Up(null, "--param", "MaxSendsPerSecond=0");
        await disa.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("OK", await State(disa, "SubscriptionAlarm"));

        // SNS attempts ten e-mails a second for a subscription at the most.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => disa.Put($"m-{i}", $"Mail {i}.")));
        foreach (var i in Enumerable.Range(0, 60))
        {
            Assert.Equal("Successful", (await disa.Decided($"m-{i}"))["sendStatus"].S);
        }

        await disa.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("ALARM", await State(disa, "SubscriptionAlarm"));
        Assert.Contains("SubscriptionAlarm", (await disa.Disa("status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_without_a_confirmed_subscriber_and_what_a_raw_subscription_loses_raise_alarms()
    {
        await using var disa = await RunningDisa.Up(null, "--email", "");
        await disa.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("ALARM", await State(disa, "SubscriptionAlarm"));

        await disa.SubscribeQueue("raw-copies", raw: true);
        await Put(disa, "fits", 6);
        await disa.Decided("fits");
        await disa.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("OK", await State(disa, "SubscriptionAlarm"));
        Assert.Equal("OK", await State(disa, "UndeliveredAlarm"));

        // With Disa's own it has more than the ten attributes that SQS takes.
        await Put(disa, "lost", 9);
        Assert.Equal("Successful", (await disa.Decided("lost"))["sendStatus"].S);
        await disa.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("ALARM", await disa.AlarmStates(await Name(disa, "UndeliveredAlarm")));
    }

    /// <summary>A single failure among many sends does not mean that the topic is broken.</summary>
    [Fact]
    public async Task The_share_of_failed_sends_opens_the_breaker()
    {
        // No sweep: what it sends again, once that works, would count in the same period.
        await using var disa = await RunningDisa.Up(null, "--email", "", "--param", "RetrySchedule=rate(1 hour)");
        await disa.Advance(TimeSpan.FromMinutes(2));
        foreach (var (good, bad, state) in ((int, int, string)[])[(19, 1, "OK"), (1, 19, "ALARM")])
        {
            // From the start of a minute, so that all of it falls into one period.
            await disa.Advance(TimeSpan.FromSeconds(61 - await disa.Second()));
            await Send(disa, $"good-{state}", good);
            Assert.Equal(0, (await disa.Disa("break")).ExitCode);
            await Send(disa, $"bad-{state}", bad);
            Assert.Equal(0, (await disa.Disa("mend")).ExitCode);

            // On a busy machine more periods than this one are over by now, without a failure: OK again.
            await disa.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(state == "ALARM", (await disa.AlarmStates(disa.Outputs["AlarmName"])).Contains("ALARM"));
        }
    }

    private static async Task Send(RunningDisa disa, string name, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await disa.Put($"{name}-{i}", "Hello.");
        }

        for (var i = 0; i < count; i++)
        {
            await disa.Decided($"{name}-{i}");
        }
    }

    private static async Task<string?> State(RunningDisa disa, string alarm) => (await Alarm(disa, alarm)).GetProperty("state").GetString();

    private static async Task<string> Name(RunningDisa disa, string alarm) => (await Alarm(disa, alarm)).GetProperty("name").GetString()!;

    private static async Task<JsonElement> Alarm(RunningDisa disa, string alarm) =>
        (await disa.Disa("status", "--json"))
            .Json()
            .GetProperty("alarms")
            .EnumerateArray()
            .Single(one => one.GetProperty("logicalName").GetString() == alarm);

    private static Task Put(RunningDisa disa, string id, int attributes) =>
        disa.Put(
            new Dictionary<string, AttributeValue>
            {
                ["sequenceNo"] = new() { S = id },
                ["message"] = new() { S = "Hello." },
                ["attributes"] = new()
                {
                    M = Enumerable.Range(0, attributes).ToDictionary(i => $"a{i}", _ => new AttributeValue { S = "x" }),
                },
            }
        );
}

namespace Disa.Journeys;

/// <summary>The documented failure test: break, alarm, hold, mend, and everything arrives once.</summary>
public sealed class FailureAndRecoveryTests
{
    [Fact]
    public async Task What_failed_and_what_was_held_arrive_exactly_once_after_mending()
    {
        await using var disa = await RunningDisa.Up();
        Assert.Equal(0, (await disa.Disa("break")).ExitCode);

        await disa.Put("f-1", "Fails first.");
        var failed = await disa.Decided("f-1");
        Assert.Equal("Failure", failed["sendStatus"].S);
        Assert.Equal("1", failed["sendAttempts"].N);
        Assert.Contains("NotFound", failed["sendError"].M["code"].S, StringComparison.Ordinal);
        Assert.NotEmpty(failed["sendNextAttempt"].S);

        await disa.Advance(TimeSpan.FromMinutes(3));
        await disa.Put("f-2", "Is held.");
        var held = await disa.Decided("f-2");
        Assert.Equal("Failure", held["sendStatus"].S);
        Assert.Equal("Held", held["sendReason"].S);
        Assert.False(held.ContainsKey("sendAttempts"), "holding uses up no attempt");

        Assert.Equal(0, (await disa.Disa("mend")).ExitCode);
        for (var hours = 0; hours < 4; hours++)
        {
            await disa.Advance(TimeSpan.FromHours(1));
        }

        foreach (var (id, text) in ((string, string)[])[("f-1", "Fails first."), ("f-2", "Is held.")])
        {
            Assert.Equal("Successful", (await disa.Decided(id, item => item["sendStatus"].S == "Successful"))["sendStatus"].S);
            await disa.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal(1, await disa.MailsWith(text));
        }
    }

    [Fact]
    public async Task Once_mended_a_probe_lets_everything_go_though_the_alarm_is_still_In_Alarm()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Disa("break");
        await disa.Put("p-0", "Opens the breaker.");
        await disa.Decided("p-0");
        for (
            var minutes = 0;
            (await disa.Disa("explain", "p-0", "--json")).Json().GetProperty("breaker").GetProperty("state").GetString() != "ALARM";
            minutes++
        )
        {
            Assert.InRange(minutes, 0, 5);
            await disa.Advance(TimeSpan.FromMinutes(1));
        }

        for (var i = 1; i <= 30; i++)
        {
            await disa.Put($"p-{i}", $"Waits {i}.");
        }

        for (var i = 1; i <= 30; i++)
        {
            await disa.Decided($"p-{i}");
        }

        // Still broken: probes fail, one at a time, and nothing else is tried.
        await disa.Advance(TimeSpan.FromMinutes(3));
        var tried = 0;
        for (var i = 0; i <= 30; i++)
        {
            var item = await disa.Item($"p-{i}");
            Assert.Equal("Failure", item["sendStatus"].S);
            tried += item.TryGetValue("sendAttempts", out var attempts)
                ? int.Parse(attempts.N, System.Globalization.CultureInfo.InvariantCulture)
                : 0;
        }

        Assert.InRange(tried, 3, 6);

        await disa.Disa("mend");
        await disa.Advance(TimeSpan.FromSeconds(75));
        for (var i = 1; i <= 30; i++)
        {
            await disa.Decided($"p-{i}", item => item["sendStatus"].S == "Successful" || item["sendReason"].S != "Held");
        }

        // What the probes had failed with waits for its own next attempt, an hour at most.
        await disa.Advance(TimeSpan.FromMinutes(70));
        for (var i = 0; i <= 30; i++)
        {
            await disa.Decided($"p-{i}", item => item["sendStatus"].S == "Successful");
        }

        await disa.Advance(TimeSpan.FromSeconds(30));
        for (var i = 1; i <= 30; i++)
        {
            Assert.Equal(1, await disa.MailsWith($"Waits {i}."));
        }
    }

    [Fact]
    public async Task What_was_acknowledged_before_the_power_went_arrives_after_the_restart()
    {
        var data = Directory.CreateTempSubdirectory("disa-journey-").FullName;
        try
        {
            await using (var disa = await RunningDisa.Up(data))
            {
                await Parallel.ForAsync(
                    0,
                    50,
                    new ParallelOptions { MaxDegreeOfParallelism = 4 },
                    async (i, _) => await disa.Put($"k-{i}", $"Before the cut {i}.")
                );
                await disa.Kill();
            }

            await using (var disa = await RunningDisa.Up(data))
            {
                for (var i = 0; i < 50; i++)
                {
                    // A claim that the cut left behind ends with its lease; the sweep takes the message up again.
                    var item = await disa.Item($"k-{i}");
                    if (item.GetValueOrDefault("sendStatus")?.S != "Successful")
                    {
                        await disa.Advance(TimeSpan.FromMinutes(6));
                    }

                    Assert.Equal(
                        "Successful",
                        (await disa.Decided($"k-{i}", decided => decided["sendStatus"].S == "Successful"))["sendStatus"].S
                    );
                }
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}

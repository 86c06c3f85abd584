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
        Assert.Contains("AuthorizationError", failed["sendError"].M["code"].S, StringComparison.Ordinal);
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
    public async Task What_was_acknowledged_before_the_power_went_arrives_after_the_restart()
    {
        var data = Directory.CreateTempSubdirectory("disa-journey-").FullName;
        try
        {
            await using (var disa = await RunningDisa.Up(data))
            {
                await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => await disa.Put($"k-{i}", $"Before the cut {i}."));
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

                    Assert.Equal("Successful", (await disa.Decided($"k-{i}", decided => decided["sendStatus"].S == "Successful"))["sendStatus"].S);
                }
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}

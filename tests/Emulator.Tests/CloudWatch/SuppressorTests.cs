namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>
/// An alarm that suppresses a composite alarm's actions: the examples of
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html.
/// </summary>
public sealed class SuppressorTests : IAsyncLifetime
{
    private AlarmCloud alarms = null!;

    public async ValueTask InitializeAsync() => alarms = await AlarmCloud.Start();

    public ValueTask DisposeAsync() => alarms.DisposeAsync();

    /// <summary>Example 1 and 2: after the wait the actions are done, unless the suppressor has gone into ALARM meanwhile.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_waits_for_the_suppressor(bool suppressed)
    {
        await alarms.Listen();
        await Suppressible();

        await alarms.Set("a", "ALARM");
        Assert.Equal(("WaitPeriod", "Actions suppressed by WaitPeriod"), await Suppression());
        Assert.Null(await alarms.Next());
        if (suppressed)
        {
            await alarms.Set("s", "ALARM");
            Assert.Equal(("Alarm", "Actions suppressed by Alarm"), await Suppression());
        }

        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(suppressed ? null : "ALARM", await alarms.Next());
        Assert.Equal(suppressed ? "Alarm" : "", (await Suppression()).By);
    }

    /// <summary>Example 3: back in OK within the wait, a new wait begins, and what is told then is the state of then.</summary>
    [Fact]
    public async Task A_change_back_waits_anew()
    {
        await alarms.Listen();
        await Suppressible();
        await alarms.Set("a", "ALARM");
        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        await alarms.Set("a", "OK");
        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await alarms.Next());

        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("OK", await alarms.Next());
    }

    /// <summary>Examples 4, 5 and 6: held by the suppressor, then by the extension; a change within that begins a wait.</summary>
    [Theory]
    [InlineData(false, "ALARM")]
    [InlineData(true, "OK")]
    public async Task After_the_suppressor_actions_wait_for_the_extension(bool changesBack, string told)
    {
        await alarms.Listen();
        await Suppressible();
        await alarms.Set("s", "ALARM");
        await alarms.Set("a", "ALARM");
        Assert.Equal("Alarm", (await Suppression()).By);

        await alarms.Set("s", "OK");
        Assert.Equal("ExtensionPeriod", (await Suppression()).By);
        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await alarms.Next());
        if (changesBack)
        {
            await alarms.Set("a", "OK");
            Assert.Equal("WaitPeriod", (await Suppression()).By);
        }

        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(told, await alarms.Next());
    }

    /// <summary>What was done needs not be done again after the next suppression.</summary>
    [Fact]
    public async Task Without_a_wait_a_change_within_the_extension_is_told_at_once_and_only_once()
    {
        await alarms.Listen();
        await Suppressible(wait: 0);
        Assert.Equal("OK", await alarms.Next());
        await alarms.Set("s", "ALARM");
        await alarms.Set("a", "ALARM");
        await alarms.Set("s", "OK");
        await alarms.Set("a", "OK");
        Assert.Equal("OK", await alarms.Next());

        await alarms.Set("s", "ALARM");
        await alarms.Set("s", "OK");
        await alarms.Cloud.Cloud.Advance(TimeSpan.FromSeconds(180));

        Assert.Null(await alarms.Next());
        Assert.Equal("", (await Suppression()).By);
    }

    [Fact]
    public async Task A_suppressor_has_both_periods_and_exists()
    {
        Assert.Contains(
            "must be specified together",
            await alarms.Refused("PutCompositeAlarm", """{"AlarmName":"c","AlarmRule":"TRUE","ActionsSuppressor":"s"}""")
        );
        Assert.Contains(
            "the actions suppressor none does not exist",
            await alarms.Refused(
                "PutCompositeAlarm",
                """{"AlarmName":"c","AlarmRule":"TRUE","ActionsSuppressor":"none","ActionsSuppressorWaitPeriod":1,"ActionsSuppressorExtensionPeriod":1}"""
            )
        );
    }

    private Task Suppressible(int wait = 120) =>
        alarms.Put(
            "c",
            "ALARM(a)",
            $""","AlarmActions":["{AlarmCloud.Topic}"],"OKActions":["{AlarmCloud.Topic}"],"ActionsSuppressor":"s","ActionsSuppressorWaitPeriod":{wait},"ActionsSuppressorExtensionPeriod":180"""
        );

    private async Task<(string By, string Reason)> Suppression()
    {
        var alarm = await alarms.Describe("c");
        return (AlarmCloud.Text(alarm, "ActionsSuppressedBy"), AlarmCloud.Text(alarm, "ActionsSuppressedReason"));
    }
}

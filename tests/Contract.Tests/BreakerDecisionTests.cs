using Disa.Functions.Retry;

namespace Disa.Contract.Tests;

/// <summary>The breaker's rules, row by row.</summary>
public sealed class BreakerDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("INSUFFICIENT_DATA", null, "INSUFFICIENT_DATA", "Sweep")]
    [InlineData("INSUFFICIENT_DATA", "OK", "OK", "Sweep")]
    [InlineData("OK", "INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "Sweep")]
    [InlineData("OK", "ALARM", "ALARM", "Probe 1 +60")]
    [InlineData("RAMP", "ALARM", "ALARM", "Probe 1 +60")]
    [InlineData("ALARM", "ALARM", "ALARM", "Probe 1 +0")]
    [InlineData("ALARM", "OK", "RAMP", "Probe 10 +0")]
    [InlineData("ALARM", "INSUFFICIENT_DATA", "RAMP", "Probe 10 +0")]
    [InlineData("ALARM", null, "ALARM", "Probe 1 +0")]
    public void What_the_alarm_says_decides_the_state(string state, string? alarm, string expected, string action)
    {
        var record = new BreakerRecord
        {
            State = state,
            Since = Now.AddMinutes(-5),
            Ramp = state == "RAMP" ? 10 : 0,
        };
        var decision = BreakerDecision.Next(record, alarm is null ? null : new(alarm, Now), null, Now, Interval);
        Assert.Equal((expected, action), (decision.Record.State, Shown(decision)));
    }

    [Theory]
    [InlineData("ALARM", 0, 1, 0, "RAMP 10 watch", "Probe 10 +0")]
    [InlineData("ALARM", 0, 0, 1, "ALARM 0", "Probe 1 +60")]
    [InlineData("ALARM", 0, 0, 0, "ALARM 0", "Probe 1 +5")]
    [InlineData("RAMP", 10, 10, 0, "RAMP 100", "Probe 100 +0")]
    [InlineData("RAMP", 10, 5, 5, "RAMP 100", "Probe 100 +0")]
    [InlineData("RAMP", 10, 4, 5, "ALARM 0", "Probe 1 +60")]
    [InlineData("RAMP", 10, 0, 0, "RAMP 10", "Probe 10 +5")]
    [InlineData("RAMP", 100, 100, 0, "OK 0", "Sweep")]
    [InlineData("RAMP", 100, 0, 100, "ALARM 0", "Probe 1 +60")]
    public void What_a_probe_reports(string state, int ramp, int sent, int failed, string expected, string action)
    {
        var record = new BreakerRecord
        {
            State = state,
            Since = Now,
            Ramp = ramp,
            ProbeToken = "t",
            ProbeUntil = Now.AddMinutes(3),
        };
        var decision = BreakerDecision.Next(record, new("ALARM", Now), new("t", sent, failed), Now, Interval);
        Assert.Equal(
            (expected, action),
            ($"{decision.Record.State} {decision.Record.Ramp}{(decision.Record.Watch ? " watch" : "")}", Shown(decision))
        );
        Assert.Null(decision.Record.ProbeToken);
    }

    [Fact]
    public void An_older_answer_and_an_older_report_change_nothing()
    {
        var record = new BreakerRecord
        {
            State = "ALARM",
            Since = Now,
            ProbeToken = "new",
            ProbeUntil = Now.AddMinutes(3),
        };
        var decision = BreakerDecision.Next(record, new("OK", Now.AddSeconds(-1)), new("old", 1, 0), Now, Interval);
        Assert.Equal((record, BreakerAction.Wait), (decision.Record, decision.Action));
    }

    [Theory]
    [InlineData(true, 0, 1, "ALARM")]
    [InlineData(true, 3, 1, "OK")]
    [InlineData(false, 0, 1, "OK")]
    public void Failures_while_it_is_closed_open_it_where_the_alarm_cannot_tell(bool watch, int sent, int failed, string expected) =>
        Assert.Equal(
            expected,
            BreakerDecision
                .Next(
                    new()
                    {
                        State = "OK",
                        Since = Now,
                        Watch = watch,
                    },
                    new("ALARM", Now),
                    new(null, sent, failed),
                    Now,
                    Interval
                )
                .Record.State
        );

    /// <summary>What the alarm says after a probe got through is newer than what the probe said: it is watched no longer.</summary>
    [Fact]
    public void A_newer_answer_of_the_alarm_ends_the_watch()
    {
        var watched = new BreakerRecord
        {
            State = "OK",
            Since = Now.AddMinutes(-1),
            Watch = true,
        };
        var heard = BreakerDecision.Next(watched, new("INSUFFICIENT_DATA", Now), null, Now, Interval).Record;
        Assert.False(heard.Watch);
        Assert.Equal("INSUFFICIENT_DATA", BreakerDecision.Next(heard, null, new(null, 0, 1), Now, Interval).Record.State);
        Assert.Throws<ArgumentNullException>(() => BreakerDecision.Next(null!, null, null, Now, Interval));
    }

    [Fact]
    public void A_probe_that_is_under_way_is_waited_for_and_a_lost_one_is_not()
    {
        var record = new BreakerRecord
        {
            State = "ALARM",
            Since = Now,
            ProbeToken = "t",
            ProbeUntil = Now.AddSeconds(1),
            ProbeAfter = Now.AddMinutes(-1),
        };
        Assert.Equal(BreakerAction.Wait, BreakerDecision.Next(record, null, null, Now, Interval).Action);
        Assert.Equal(BreakerAction.Probe, BreakerDecision.Next(record, null, null, Now.AddSeconds(1), Interval).Action);
    }

    private static string Shown(BreakerDecision decision) =>
        decision.Action == BreakerAction.Probe ? $"Probe {decision.Count} +{(decision.At - Now).TotalSeconds}" : decision.Action.ToString();
}

using System.Text.Json;

namespace Disa.Asl.Tests;

public sealed class LimitTests
{
    [Fact]
    public void An_execution_that_never_ends_fails_at_25_000_events()
    {
        var machine = StateMachine.Parse(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}"""
        );

        var ended = new Simulation(machine, JsonElement.Parse("{}"), default, putDown: false).ToItsEnd();

        Assert.Equal(WorkflowError.Runtime, ended.Outcome!.Error!.Error);
        Assert.Equal("The execution reached the maximum number of history events (25000).", ended.Outcome.Error.Cause);
        Assert.InRange(ended.Events.Count, 24_900, Interpreter.HistoryLimit);
        Assert.Equal(Enumerable.Range(1, ended.Events.Count).Select(n => (long)n), ended.Events.Select(e => e.Id));
    }

    [Fact]
    public void Parameters_over_the_limit_fail_the_state()
    {
        var machine = StateMachine.Parse(
            """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"a.$":"$","b.$":"$"},"End":true}}}"""
        );

        var ended = new Simulation(machine, JsonElement.Parse($"\"{new string('x', 140_000)}\""), default, putDown: false).ToItsEnd();

        Assert.Equal(WorkflowError.DataLimitExceeded, ended.Outcome!.Error!.Error);
    }

    [Fact]
    public void A_map_of_a_thousand_items_ends_in_order()
    {
        var machine = StateMachine.Parse(
            """{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}"""
        );
        var input = JsonElement.Parse($"[{string.Join(',', Enumerable.Range(0, 1000))}]");

        var ended = new Simulation(machine, input, default, putDown: false).ToItsEnd();

        Assert.True(JsonElement.DeepEquals(input, ended.Outcome!.Output));
    }
}

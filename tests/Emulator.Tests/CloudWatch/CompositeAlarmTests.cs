using System.Text.Json;
using Disa.Emulator.CloudWatch;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>
/// Composite alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html. Reasons and events are as
/// in the samples of the guide's "Alarm events and EventBridge"; the message to a topic as one of 10-11-2021 that is kept in public.
/// </summary>
public sealed class CompositeAlarmTests : IAsyncLifetime
{
    private AlarmCloud alarms = null!;

    public async ValueTask InitializeAsync() => alarms = await AlarmCloud.Start();

    public ValueTask DisposeAsync() => alarms.DisposeAsync();

    [Theory]
    [InlineData("ALARM(a)", "OK", "a")]
    [InlineData("OK(a)", "ALARM", "a")]
    [InlineData("NOT OK(\"a\")", "OK", "a")]
    [InlineData("ALARM(a) OR ALARM(b)", "ALARM", "b")]
    [InlineData("ALARM(a) AND ALARM(b)", "OK", "a")]
    [InlineData("ALARM(b) AND (OK(a) OR FALSE)", "ALARM", "b a")]
    [InlineData("TRUE OR ALARM(a) AND ALARM(a)", "ALARM", "")]
    [InlineData("NOT NOT INSUFFICIENT_DATA(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)", "OK", "a")]
    public async Task A_rule_holds_or_does_not_and_says_because_of_which_alarms(string rule, string state, string deciding)
    {
        await alarms.Set("b", "ALARM");
        await alarms.Put("c", rule);

        var composite = await alarms.Describe("c");

        Assert.Equal(state, composite.GetProperty("StateValue").GetString());
        Assert.Equal(rule, composite.GetProperty("AlarmRule").GetString());
        Assert.Equal(
            $"{AlarmCloud.Arns}c was created and its alarm rule evaluates to {state}",
            composite.GetProperty("StateReason").GetString()
        );
        var data = JsonElement.Parse(composite.GetProperty("StateReasonData").GetString()!);
        Assert.Equal(
            deciding,
            string.Join(
                ' ',
                data.GetProperty("triggeringAlarms")
                    .EnumerateArray()
                    .Select(one => one.GetProperty("arn").GetString()![AlarmCloud.Arns.Length..])
            )
        );
    }

    [Fact]
    public async Task A_childs_change_changes_its_parents_at_once_and_they_tell_it()
    {
        await alarms.Listen();
        await alarms.Put("inner", "ALARM(a) AND NOT ALARM(b)", $""","AlarmActions":["{AlarmCloud.Topic}"]""");
        await alarms.Put("outer", $"ALARM(\"{AlarmCloud.Arns}inner\")");

        await alarms.Set("a", "ALARM");

        var inner = await alarms.Describe("inner");
        Assert.Equal("ALARM", inner.GetProperty("StateValue").GetString());
        Assert.Equal(
            $"{AlarmCloud.Arns}a transitioned to ALARM at Monday 23 November, 2026 06:30:00 UTC",
            inner.GetProperty("StateReason").GetString()
        );
        Assert.Equal("ALARM", await alarms.State("outer"));
        Assert.StartsWith(
            $"{AlarmCloud.Arns}inner transitioned to ALARM at ",
            (await alarms.Describe("outer")).GetProperty("StateReason").GetString()
        );
        var told = await alarms.Told();
        Assert.Equal(
            ("inner", "ALARM", "OK", "ALARM(a) AND NOT ALARM(b)", "US East (N. Virginia)"),
            (
                AlarmCloud.Text(told, "AlarmName"),
                AlarmCloud.Text(told, "NewStateValue"),
                AlarmCloud.Text(told, "OldStateValue"),
                AlarmCloud.Text(told, "AlarmRule"),
                AlarmCloud.Text(told, "Region")
            )
        );
        Assert.Equal(
            [$"{AlarmCloud.Arns}a", $"{AlarmCloud.Arns}b"],
            told.GetProperty("TriggeringChildren").EnumerateArray().Select(child => child.GetProperty("Arn").GetString()!)
        );

        await alarms.Set("b", "ALARM");
        Assert.Equal(("OK", "OK"), (await alarms.State("inner"), await alarms.State("outer")));
    }

    [Fact]
    public async Task Composite_alarms_are_listed_on_request_and_by_their_kin()
    {
        await alarms.Put("c", "ALARM(a) OR ALARM(inner)", prepare: () => alarms.Put("inner", "ALARM(b)"));

        Assert.Equal(["a", "b", "s"], await alarms.Names("{}"));
        Assert.Equal(["c", "inner"], await alarms.Names("""{"AlarmTypes":["CompositeAlarm"]}"""));
        Assert.Equal(["a", "b", "c", "inner", "s"], await alarms.Names("""{"AlarmTypes":["CompositeAlarm","MetricAlarm"]}"""));
        Assert.Equal(["a", "inner"], await alarms.Names("""{"ChildrenOfAlarmName":"c"}"""));
        Assert.Equal(["c"], await alarms.Names("""{"ParentsOfAlarmName":"inner"}"""));
        var child = (await alarms.Call("DescribeAlarms", """{"ChildrenOfAlarmName":"c"}""")).GetProperty("MetricAlarms")[0];
        Assert.Equal(
            ["AlarmArn", "AlarmName", "StateUpdatedTimestamp", "StateValue"],
            child.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "only MaxRecords and NextToken",
            await alarms.Refused("DescribeAlarms", """{"ChildrenOfAlarmName":"c","StateValue":"OK"}""")
        );
    }

    [Fact]
    public async Task History_is_kept_by_the_kind_of_alarm()
    {
        await alarms.Put("c", "ALARM(a)");
        await alarms.Set("a", "ALARM");

        var history = (await alarms.Call("DescribeAlarmHistory", """{"AlarmTypes":["CompositeAlarm"]}""")).GetProperty("AlarmHistoryItems");

        Assert.Equal(
            [
                "c CompositeAlarm Alarm updated from OK to ALARM",
                "c CompositeAlarm Alarm updated from INSUFFICIENT_DATA to OK",
                "c CompositeAlarm Alarm \"c\" created",
            ],
            history
                .EnumerateArray()
                .Select(item =>
                    $"{AlarmCloud.Text(item, "AlarmName")} {AlarmCloud.Text(item, "AlarmType")} {AlarmCloud.Text(item, "HistorySummary")}"
                )
        );
        Assert.DoesNotContain("CompositeAlarm", (await alarms.Call("DescribeAlarmHistory", "{}")).GetRawText());
    }

    [Fact]
    public async Task What_others_depend_on_stays_and_a_circle_must_be_broken()
    {
        await alarms.Put("one", "ALARM(a)");
        await alarms.Put("two", "ALARM(one)");
        await alarms.Put("one", "ALARM(two) OR ALARM(a)");

        Assert.Contains(
            "Cannot delete a as there are composite alarm(s) depending on it.",
            await alarms.Refused("DeleteAlarms", """{"AlarmNames":["a"]}""")
        );
        Assert.Contains("Cannot delete two as there", await alarms.Refused("DeleteAlarms", """{"AlarmNames":["two"]}"""));
        await alarms.Set("a", "ALARM");
        Assert.Equal(("ALARM", "ALARM"), (await alarms.State("one"), await alarms.State("two")));

        await alarms.Put("one", "FALSE");
        Assert.Contains("at most one composite alarm", await alarms.Refused("DeleteAlarms", """{"AlarmNames":["one","two"]}"""));
        await alarms.Call("DeleteAlarms", """{"AlarmNames":["two","a"]}""");
        Assert.Equal(["b", "one", "s"], await alarms.Names("""{"AlarmTypes":["CompositeAlarm","MetricAlarm"]}"""));
    }

    [Theory]
    [InlineData(
        "ALARM(none) OR OK(a) OR ALARM(nor)",
        "Could not save the composite alarm as alarms [none, nor] in the alarm rule do not exist"
    )]
    [InlineData(" ALARM(a)", "AlarmRule must not contain leading or trailing whitespace or be null")]
    [InlineData("ALARM(a) AND", "AlarmRule is not valid at position 13")]
    [InlineData("ALARM a", "AlarmRule is not valid at position 7")]
    [InlineData("(ALARM(a)", "AlarmRule is not valid at position 10")]
    [InlineData("AT_LEAST(1, ALARM, (a, b))", "AT_LEAST in an alarm rule")]
    public async Task A_rule_that_is_none_is_refused(string rule, string reason) =>
        Assert.Contains(
            reason,
            await alarms.Refused("PutCompositeAlarm", $$"""{"AlarmName":"c","AlarmRule":{{JsonSerializer.Serialize(rule)}}}""")
        );

    [Fact]
    public void A_rule_has_at_most_a_hundred_children_and_five_hundred_elements()
    {
        string Of(int count, Func<int, string> part) => string.Join(" OR ", Enumerable.Range(0, count).Select(part));

        Assert.Equal(100, AlarmRuleParser.Parse(Of(100, i => $"ALARM(a{i})")).Children.Count());
        Assert.ThrowsAny<Exception>(() => AlarmRuleParser.Parse(Of(101, i => $"ALARM(a{i})")));
        AlarmRuleParser.Parse(Of(500, _ => "TRUE"));
        Assert.ThrowsAny<Exception>(() => AlarmRuleParser.Parse(Of(501, _ => "TRUE")));
    }

    [Fact]
    public async Task A_template_makes_one_and_removes_it_before_its_children()
    {
        const string template = """
            Resources:
              Parent: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmName: p, AlarmRule: !Sub 'ALARM(${Child})'}}
              Child:
                Type: AWS::CloudWatch::Alarm
                Properties: {Namespace: N, MetricName: M, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold}
            Outputs: {Name: {Value: !Ref Parent}, Arn: {Value: !GetAtt Parent.Arn}}
            """;
        Assert.Equal("CREATE_COMPLETE", await alarms.Stacks.Do("CreateStack", "x", template));
        Assert.Equal(("p", AlarmCloud.Arns + "p"), (await alarms.Stacks.Output("x", "Name"), await alarms.Stacks.Output("x", "Arn")));
        Assert.Equal("OK", await alarms.State("p"));
        Assert.Equal("UPDATE_COMPLETE", await alarms.Stacks.Do("UpdateStack", "x", template.Replace("'ALARM(", "'NOT ALARM(")));
        Assert.Equal("ALARM", await alarms.State("p"));
        Assert.Equal("DELETE_COMPLETE", await alarms.Stacks.Do("DeleteStack", "x"));
    }
}

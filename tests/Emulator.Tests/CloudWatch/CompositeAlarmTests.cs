using System.Text.Json;
using Disa.Emulator.CloudWatch;
using Disa.Emulator.Tests.CloudFormation;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>
/// Composite alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, and for the suppressor the
/// examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html. Reasons and events
/// are as in the samples of the guide's "Alarm events and EventBridge"; the message to a topic as one of 10-11-2021 that is kept in public.
/// </summary>
public sealed class CompositeAlarmTests : IAsyncLifetime
{
    private const string Arns = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:";
    private const string Topic = "arn:aws:sns:us-east-1:000000000000:told";

    private StackCloud stacks = null!;

    private TestCloud Cloud => stacks.Cloud;

    public async ValueTask InitializeAsync()
    {
        stacks = await StackCloud.Start(
            null,
            new LocalCloudOptions { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 0, TimeSpan.Zero)) }
        );
        foreach (var name in (string[])["a", "b", "s"])
        {
            await Call(
                "PutMetricAlarm",
                $$"""{"AlarmName":"{{name}}","Namespace":"N","MetricName":"{{name}}","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold","TreatMissingData":"ignore"}"""
            );
            await Set(name, "OK");
        }
    }

    public ValueTask DisposeAsync() => stacks.DisposeAsync();

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
        await Set("b", "ALARM");
        await Put("c", rule);

        var composite = await Describe("c");

        Assert.Equal(state, composite.GetProperty("StateValue").GetString());
        Assert.Equal(rule, composite.GetProperty("AlarmRule").GetString());
        Assert.Equal($"{Arns}c was created and its alarm rule evaluates to {state}", composite.GetProperty("StateReason").GetString());
        var data = JsonElement.Parse(composite.GetProperty("StateReasonData").GetString()!);
        Assert.Equal(
            deciding,
            string.Join(
                ' ',
                data.GetProperty("triggeringAlarms").EnumerateArray().Select(one => one.GetProperty("arn").GetString()![Arns.Length..])
            )
        );
    }

    [Fact]
    public async Task A_childs_change_changes_its_parents_at_once_and_they_tell_it()
    {
        await Listen();
        await Put("inner", "ALARM(a) AND NOT ALARM(b)", $""","AlarmActions":["{Topic}"]""");
        await Put("outer", $"ALARM(\"{Arns}inner\")");

        await Set("a", "ALARM");

        var inner = await Describe("inner");
        Assert.Equal("ALARM", inner.GetProperty("StateValue").GetString());
        Assert.Equal(
            $"{Arns}a transitioned to ALARM at Monday 23 November, 2026 06:30:00 UTC",
            inner.GetProperty("StateReason").GetString()
        );
        Assert.Equal("ALARM", await State("outer"));
        Assert.StartsWith($"{Arns}inner transitioned to ALARM at ", (await Describe("outer")).GetProperty("StateReason").GetString());
        var told = await Told();
        Assert.Equal(
            ("inner", "ALARM", "OK", "ALARM(a) AND NOT ALARM(b)", "US East (N. Virginia)"),
            (
                Text(told, "AlarmName"),
                Text(told, "NewStateValue"),
                Text(told, "OldStateValue"),
                Text(told, "AlarmRule"),
                Text(told, "Region")
            )
        );
        Assert.Equal(
            [$"{Arns}a", $"{Arns}b"],
            told.GetProperty("TriggeringChildren").EnumerateArray().Select(child => child.GetProperty("Arn").GetString()!)
        );

        await Set("b", "ALARM");
        Assert.Equal(("OK", "OK"), (await State("inner"), await State("outer")));
    }

    /// <summary>Example 1 and 2: after the wait the actions are done, unless the suppressor has gone into ALARM meanwhile.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_waits_for_the_suppressor(bool suppressed)
    {
        await Listen();
        await Suppressible();

        await Set("a", "ALARM");
        Assert.Equal(("WaitPeriod", "Actions suppressed by WaitPeriod"), await Suppression());
        Assert.Null(await Next());
        if (suppressed)
        {
            await Set("s", "ALARM");
            Assert.Equal(("Alarm", "Actions suppressed by Alarm"), await Suppression());
        }

        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(suppressed ? null : "ALARM", await Next());
        Assert.Equal(suppressed ? "Alarm" : "", (await Suppression()).By);
    }

    /// <summary>Example 3: back in OK within the wait, a new wait begins, and what is told then is the state of then.</summary>
    [Fact]
    public async Task A_change_back_waits_anew()
    {
        await Listen();
        await Suppressible();
        await Set("a", "ALARM");
        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        await Set("a", "OK");
        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await Next());

        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("OK", await Next());
    }

    /// <summary>Examples 4, 5 and 6: held by the suppressor, then by the extension; a change within that begins a wait.</summary>
    [Theory]
    [InlineData(false, "ALARM")]
    [InlineData(true, "OK")]
    public async Task After_the_suppressor_actions_wait_for_the_extension(bool changesBack, string told)
    {
        await Listen();
        await Suppressible();
        await Set("s", "ALARM");
        await Set("a", "ALARM");
        Assert.Equal("Alarm", (await Suppression()).By);

        await Set("s", "OK");
        Assert.Equal("ExtensionPeriod", (await Suppression()).By);
        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await Next());
        if (changesBack)
        {
            await Set("a", "OK");
            Assert.Equal("WaitPeriod", (await Suppression()).By);
        }

        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(told, await Next());
    }

    /// <summary>What was done needs not be done again after the next suppression.</summary>
    [Fact]
    public async Task Without_a_wait_a_change_within_the_extension_is_told_at_once_and_only_once()
    {
        await Listen();
        await Suppressible(wait: 0);
        Assert.Equal("OK", await Next());
        await Set("s", "ALARM");
        await Set("a", "ALARM");
        await Set("s", "OK");
        await Set("a", "OK");
        Assert.Equal("OK", await Next());

        await Set("s", "ALARM");
        await Set("s", "OK");
        await Cloud.Cloud.Advance(TimeSpan.FromSeconds(180));

        Assert.Null(await Next());
        Assert.Equal("", (await Suppression()).By);
    }

    [Fact]
    public async Task Composite_alarms_are_listed_on_request_and_by_their_kin()
    {
        await Put("c", "ALARM(a) OR ALARM(inner)", prepare: () => Put("inner", "ALARM(b)"));

        Assert.Equal(["a", "b", "s"], await Names("{}"));
        Assert.Equal(["c", "inner"], await Names("""{"AlarmTypes":["CompositeAlarm"]}"""));
        Assert.Equal(["a", "b", "c", "inner", "s"], await Names("""{"AlarmTypes":["CompositeAlarm","MetricAlarm"]}"""));
        Assert.Equal(["a", "inner"], await Names("""{"ChildrenOfAlarmName":"c"}"""));
        Assert.Equal(["c"], await Names("""{"ParentsOfAlarmName":"inner"}"""));
        var child = (await Call("DescribeAlarms", """{"ChildrenOfAlarmName":"c"}""")).GetProperty("MetricAlarms")[0];
        Assert.Equal(
            ["AlarmArn", "AlarmName", "StateUpdatedTimestamp", "StateValue"],
            child.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "only MaxRecords and NextToken",
            await Refused("DescribeAlarms", """{"ChildrenOfAlarmName":"c","StateValue":"OK"}""")
        );
    }

    [Fact]
    public async Task History_is_kept_by_the_kind_of_alarm()
    {
        await Put("c", "ALARM(a)");
        await Set("a", "ALARM");

        var history = (await Call("DescribeAlarmHistory", """{"AlarmTypes":["CompositeAlarm"]}""")).GetProperty("AlarmHistoryItems");

        Assert.Equal(
            [
                "c CompositeAlarm Alarm updated from OK to ALARM",
                "c CompositeAlarm Alarm updated from INSUFFICIENT_DATA to OK",
                "c CompositeAlarm Alarm \"c\" created",
            ],
            history.EnumerateArray().Select(item => $"{Text(item, "AlarmName")} {Text(item, "AlarmType")} {Text(item, "HistorySummary")}")
        );
        Assert.DoesNotContain("CompositeAlarm", (await Call("DescribeAlarmHistory", "{}")).GetRawText());
    }

    [Fact]
    public async Task What_others_depend_on_stays_and_a_circle_must_be_broken()
    {
        await Put("one", "ALARM(a)");
        await Put("two", "ALARM(one)");
        await Put("one", "ALARM(two) OR ALARM(a)");

        Assert.Contains(
            "Cannot delete a as there are composite alarm(s) depending on it.",
            await Refused("DeleteAlarms", """{"AlarmNames":["a"]}""")
        );
        Assert.Contains("Cannot delete two as there", await Refused("DeleteAlarms", """{"AlarmNames":["two"]}"""));
        await Set("a", "ALARM");
        Assert.Equal(("ALARM", "ALARM"), (await State("one"), await State("two")));

        await Put("one", "FALSE");
        Assert.Contains("at most one composite alarm", await Refused("DeleteAlarms", """{"AlarmNames":["one","two"]}"""));
        await Call("DeleteAlarms", """{"AlarmNames":["two","a"]}""");
        Assert.Equal(["b", "one", "s"], await Names("""{"AlarmTypes":["CompositeAlarm","MetricAlarm"]}"""));
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
            await Refused("PutCompositeAlarm", $$"""{"AlarmName":"c","AlarmRule":{{JsonSerializer.Serialize(rule)}}}""")
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
    public async Task A_suppressor_has_both_periods_and_exists()
    {
        Assert.Contains(
            "must be specified together",
            await Refused("PutCompositeAlarm", """{"AlarmName":"c","AlarmRule":"TRUE","ActionsSuppressor":"s"}""")
        );
        Assert.Contains(
            "the actions suppressor none does not exist",
            await Refused(
                "PutCompositeAlarm",
                """{"AlarmName":"c","AlarmRule":"TRUE","ActionsSuppressor":"none","ActionsSuppressorWaitPeriod":1,"ActionsSuppressorExtensionPeriod":1}"""
            )
        );
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
        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "x", template));
        Assert.Equal(("p", Arns + "p"), (await stacks.Output("x", "Name"), await stacks.Output("x", "Arn")));
        Assert.Equal("OK", await State("p"));
        Assert.Equal("UPDATE_COMPLETE", await stacks.Do("UpdateStack", "x", template.Replace("'ALARM(", "'NOT ALARM(")));
        Assert.Equal("ALARM", await State("p"));
        Assert.Equal("DELETE_COMPLETE", await stacks.Do("DeleteStack", "x"));
    }

    private Task Suppressible(int wait = 120) =>
        Put(
            "c",
            "ALARM(a)",
            $""","AlarmActions":["{Topic}"],"OKActions":["{Topic}"],"ActionsSuppressor":"s","ActionsSuppressorWaitPeriod":{wait},"ActionsSuppressorExtensionPeriod":180"""
        );

    private async Task<(string By, string Reason)> Suppression()
    {
        var alarm = await Describe("c");
        return (Text(alarm, "ActionsSuppressedBy"), Text(alarm, "ActionsSuppressedReason"));
    }

    private async Task Put(string name, string rule, string more = "", Func<Task>? prepare = null)
    {
        if (prepare is not null)
        {
            await prepare();
        }

        await Call("PutCompositeAlarm", $$"""{"AlarmName":"{{name}}","AlarmRule":{{JsonSerializer.Serialize(rule)}}{{more}}}""");
    }

    private Task Set(string name, string state) =>
        Call("SetAlarmState", $$"""{"AlarmName":"{{name}}","StateValue":"{{state}}","StateReason":"test"}""");

    private async Task<JsonElement> Describe(string name) =>
        (await Call("DescribeAlarms", $$"""{"AlarmNames":["{{name}}"],"AlarmTypes":["CompositeAlarm"]}""")).GetProperty("CompositeAlarms")[
            0
        ];

    private async Task<string> State(string name) => (await Describe(name)).GetProperty("StateValue").GetString()!;

    private async Task<string[]> Names(string request)
    {
        var answer = await Call("DescribeAlarms", request);
        return
        [
            .. answer
                .GetProperty("MetricAlarms")
                .EnumerateArray()
                .Concat(answer.GetProperty("CompositeAlarms").EnumerateArray())
                .Select(alarm => Text(alarm, "AlarmName"))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>A queue that gets what the topic is told.</summary>
    private async Task Listen()
    {
        await Cloud.Query("sns", "CreateTopic", ("Name", "told"));
        await Cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await Cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", Topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:q"),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true")
        );
        await Cloud.Json(
            "sqs",
            "AmazonSQS.SetQueueAttributes",
            """{"QueueUrl":"http://localhost/000000000000/q","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}}"""
        );
    }

    private async Task<JsonElement> Told()
    {
        Assert.True(await Cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        var received = await Cloud.Json("sqs", "AmazonSQS.ReceiveMessage", """{"QueueUrl":"http://localhost/000000000000/q"}""");
        if (!received.TryGetProperty("Messages", out var messages) || messages.GetArrayLength() == 0)
        {
            return default;
        }

        await Cloud.Json(
            "sqs",
            "AmazonSQS.DeleteMessage",
            $$"""{"QueueUrl":"http://localhost/000000000000/q","ReceiptHandle":"{{messages[0].GetProperty("ReceiptHandle").GetString()}}"}"""
        );
        return JsonElement.Parse(messages[0].GetProperty("Body").GetString()!);
    }

    private async Task<string?> Next() => await Told() is { ValueKind: JsonValueKind.Object } told ? Text(told, "NewStateValue") : null;

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private Task<JsonElement> Call(string operation, string body) =>
        Cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);

    private async Task<string> Refused(string operation, string body) =>
        (await Assert.ThrowsAsync<TestAwsException>(() => Call(operation, body))).Body;
}

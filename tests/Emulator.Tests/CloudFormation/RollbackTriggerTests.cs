using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>
/// Rollback triggers: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html and
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html.
/// </summary>
public sealed class RollbackTriggerTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:";
    private const string Template = "Resources: {A: {Type: 'Test::Some::Thing', Properties: {Name: one}}}";

    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;
    private readonly World world = new();
    private StackCloud stacks = null!;

    public async ValueTask InitializeAsync()
    {
        await Open();
        await Call(
            "PutMetricAlarm",
            """{"AlarmName":"a","Namespace":"N","MetricName":"M","Statistic":"Sum","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold","TreatMissingData":"ignore"}"""
        );
        await Call("PutCompositeAlarm", """{"AlarmName":"c","AlarmRule":"ALARM(a)"}""");
    }

    public async ValueTask DisposeAsync()
    {
        await stacks.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("a", "AWS::CloudWatch::Alarm")]
    [InlineData("c", "AWS::CloudWatch::CompositeAlarm")]
    public async Task An_alarm_within_the_monitoring_time_takes_the_update_back(string alarm, string type)
    {
        await stacks.Do("CreateStack", "s", Template);

        Assert.Equal("UPDATE_IN_PROGRESS", await stacks.Do("UpdateStack", "s", Template.Replace("one", "two"), Trigger(alarm, type, "10")));
        Assert.Equal(["A-1", "A-2"], stacks.Things());
        await stacks.Cloud.Cloud.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("UPDATE_IN_PROGRESS", await stacks.Status("s"));
        await Set("ALARM");

        Assert.Equal("UPDATE_ROLLBACK_COMPLETE", await stacks.Status("s"));
        Assert.Equal(["A-1"], stacks.Things());
        Assert.Contains($"* UPDATE_ROLLBACK_IN_PROGRESS Rollback trigger {Arn}{alarm} went into ALARM state.", await stacks.Events("s"));
    }

    [Fact]
    public async Task What_is_replaced_goes_once_the_time_is_over_without_an_alarm_and_over_a_restart()
    {
        await stacks.Do("CreateStack", "s", Template);
        await stacks.Do("UpdateStack", "s", Template.Replace("one", "two"), Trigger("a", "AWS::CloudWatch::Alarm", "10"));
        await stacks.Cloud.Cloud.Advance(TimeSpan.FromMinutes(5));
        await stacks.DisposeAsync();
        await Open();
        Assert.Equal("UPDATE_IN_PROGRESS", await stacks.Status("s"));

        await stacks.Cloud.Cloud.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("UPDATE_COMPLETE", await stacks.Status("s"));
        Assert.Equal(["A-2"], stacks.Things());
    }

    [Fact]
    public async Task An_alarm_during_a_create_rolls_it_back()
    {
        await stacks.Call(
            "CreateStack",
            [("StackName", "s"), ("TemplateBody", Template.Replace("Some", "Gate")), .. Trigger("a", "AWS::CloudWatch::Alarm", "0")]
        );
        await stacks.World.AtGate.Task;
        await Set("ALARM");
        stacks.World.Gate.SetResult();

        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Status("s"));
        Assert.Empty(stacks.Things());
    }

    /// <summary>"If a specified trigger is missing, the entire stack operation fails and is rolled back."</summary>
    [Theory]
    [InlineData("gone", "AWS::CloudWatch::Alarm")]
    [InlineData("a", "AWS::CloudWatch::CompositeAlarm")]
    public async Task A_trigger_that_is_not_there_fails_the_operation(string alarm, string type)
    {
        Assert.Equal("ROLLBACK_COMPLETE", await stacks.Do("CreateStack", "s", Template, Trigger(alarm, type, "0")));
        Assert.Contains(await stacks.Events("s"), one => one.Contains($"Rollback trigger {Arn}{alarm} does not exist."));
    }

    /// <summary>Only an alarm that goes to ALARM during the operation counts.</summary>
    [Fact]
    public async Task An_alarm_from_before_does_not_count()
    {
        await Set("ALARM");
        await stacks.Cloud.Cloud.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("CREATE_COMPLETE", await stacks.Do("CreateStack", "s", Template, Trigger("a", "AWS::CloudWatch::Alarm", "0")));
    }

    [Fact]
    public async Task Triggers_stay_for_later_updates_until_others_are_given()
    {
        await stacks.Do("CreateStack", "s", Template, Trigger("a", "AWS::CloudWatch::Alarm", "0"));
        await stacks.Do("UpdateStack", "s", Template.Replace("one", "two"));
        Assert.Equal([Arn + "a"], await Triggers());

        await stacks.Do("UpdateStack", "s", Template, Trigger("c", "AWS::CloudWatch::CompositeAlarm", "0"));
        Assert.Equal([Arn + "c"], await Triggers());
    }

    [Theory]
    [InlineData("AWS::EC2::Instance", "0", "Rollback Trigger Type not supported")]
    [InlineData("AWS::CloudWatch::Alarm", "181", "Member must have value less than or equal to 180")]
    public async Task What_is_no_configuration_is_refused(string type, string minutes, string reason) =>
        Assert.EndsWith(
            reason,
            await stacks.Refused("CreateStack", [("StackName", "s"), ("TemplateBody", Template), .. Trigger("a", type, minutes)])
        );

    private static (string, string)[] Trigger(string alarm, string type, string minutes) =>
        [
            ("RollbackConfiguration.RollbackTriggers.member.1.Arn", Arn + alarm),
            ("RollbackConfiguration.RollbackTriggers.member.1.Type", type),
            ("RollbackConfiguration.MonitoringTimeInMinutes", minutes),
        ];

    private async Task<string[]> Triggers()
    {
        var answer = await stacks.Call("DescribeStacks", ("StackName", "s"));
        return [.. answer.Descendants("RollbackTriggers").Elements("member").Select(trigger => trigger.Element("Arn")!.Value)];
    }

    private async Task Open() =>
        stacks = await StackCloud.Start(
            world,
            new LocalCloudOptions
            {
                DataDirectory = directory,
                Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 0, TimeSpan.Zero)),
            }
        );

    private Task Set(string state) => Call("SetAlarmState", $$"""{"AlarmName":"a","StateValue":"{{state}}","StateReason":"test"}""");

    private Task Call(string operation, string body) => stacks.Cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);
}

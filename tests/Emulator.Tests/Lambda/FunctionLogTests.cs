using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>
/// A function's lines are written with its role's rights:
/// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html#monitoring-cloudwatchlogs-prereqs
/// </summary>
public sealed class FunctionLogTests
{
    private const string Hello = "def handler(event, context):\n    print('hello')\n    return 1";

    [Theory]
    [InlineData("\"logs:CreateLogGroup\",\"logs:CreateLogStream\",\"logs:PutLogEvents\"", false, true)]
    [InlineData("\"logs:CreateLogStream\",\"logs:PutLogEvents\"", false, false)]
    [InlineData("\"logs:CreateLogStream\",\"logs:PutLogEvents\"", true, true)]
    [InlineData("\"logs:PutLogEvents\"", true, false)]
    [InlineData("\"logs:CreateLogStream\"", true, false)]
    [InlineData("\"sns:Publish\"", true, false)]
    public async Task A_function_logs_what_its_role_may(string actions, bool groupIsThere, bool logs)
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH.");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("f", Hello);
        await cloud.Query("iam", "DetachRolePolicy", ("RoleName", "test"), ("PolicyArn", FunctionFixture.Logging));
        await cloud.Query(
            "iam",
            "PutRolePolicy",
            ("RoleName", "test"),
            ("PolicyName", "logs"),
            (
                "PolicyDocument",
                $$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[{{{actions}}}],"Resource":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*"}}"""
            )
        );
        if (groupIsThere)
        {
            await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"/aws/lambda/f"}""");
        }

        Assert.Equal("1", (await cloud.Invoke("f")).Payload);

        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        var groups = (await cloud.Json("logs", "Logs_20140328.DescribeLogGroups", "{}")).GetProperty("logGroups");
        Assert.Equal(logs || groupIsThere ? 1 : 0, groups.GetArrayLength());
        Assert.Equal(logs, groups.GetArrayLength() == 1 && (await cloud.LogMessages("f", "hello")).Count == 1);
    }

    [Fact]
    public async Task Metrics_in_lines_that_are_not_written_do_not_exist()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH.");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "f",
            """
            import json, time
            def handler(event, context):
                print(json.dumps({"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{"Namespace": "N", "Dimensions": [[]], "Metrics": [{"Name": "m"}]}]}, "m": 1}))
            """
        );
        await cloud.Query("iam", "DetachRolePolicy", ("RoleName", "test"), ("PolicyArn", FunctionFixture.Logging));
        await cloud.Invoke("f");
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        Assert.DoesNotContain("<MetricName>m</MetricName>", await cloud.Query("monitoring", "ListMetrics"));

        await cloud.Query("iam", "AttachRolePolicy", ("RoleName", "test"), ("PolicyArn", FunctionFixture.Logging));
        await cloud.Invoke("f");
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        Assert.Contains("<MetricName>m</MetricName>", await cloud.Query("monitoring", "ListMetrics"));
    }

    /// <summary>The late line of a stack that is deleted does not bring its log group back.</summary>
    [Fact]
    public async Task A_deleted_group_stays_deleted_where_the_role_may_not_make_it()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH.");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("f", Hello);
        await cloud.Query("iam", "DetachRolePolicy", ("RoleName", "test"), ("PolicyArn", FunctionFixture.Logging));
        await cloud.Query(
            "iam",
            "PutRolePolicy",
            ("RoleName", "test"),
            ("PolicyName", "logs"),
            (
                "PolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}}"""
            )
        );
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"/aws/lambda/f"}""");
        await cloud.Invoke("f");
        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        Assert.Single(await cloud.LogMessages("f", "hello"));

        await cloud.Json("logs", "Logs_20140328.DeleteLogGroup", """{"logGroupName":"/aws/lambda/f"}""");
        await cloud.Invoke("f");

        Assert.True(await cloud.Clock.Settle(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, (await cloud.Json("logs", "Logs_20140328.DescribeLogGroups", "{}")).GetProperty("logGroups").GetArrayLength());
    }
}

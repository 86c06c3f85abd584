using System.Text.Json;

namespace Disa.Emulator.Tests.Events;

/// <summary>Who else may put events on a bus.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html</remarks>
public sealed class BusPermissionTests
{
    private const string Other = "111111111111";

    [Fact]
    public async Task A_statement_lets_another_account_in_and_its_events_meet_the_buss_rules()
    {
        await using var cloud = await TestCloud.StartEnforcing();
        await cloud.Json(
            "sqs",
            "AmazonSQS.CreateQueue",
            """{"QueueName":"q","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}}"""
        );
        await Call(cloud, "PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"s\"]}"}""");
        await Call(cloud, "PutTargets", """{"Rule":"r","Targets":[{"Id":"t","Arn":"arn:aws:sqs:us-east-1:000000000000:q"}]}""");
        const string put =
            """{"Entries":[{"Source":"s","DetailType":"d","Detail":"{}","EventBusName":"arn:aws:events:us-east-1:000000000000:event-bus/default"}]}""";

        Assert.Contains("AccessDenied", (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutEvents", put, Other))).Body);
        await Call(cloud, "PutPermission", $$"""{"Action":"events:PutEvents","Principal":"{{Other}}","StatementId":"other"}""");
        await Call(cloud, "PutEvents", put, Other);

        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var message = (await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", """{"QueueUrl":"q"}""")).GetProperty("Messages")[0];
        Assert.Equal(Other, JsonElement.Parse(message.GetProperty("Body").GetString()!).GetProperty("account").GetString());
        await Call(cloud, "RemovePermission", """{"StatementId":"other"}""");
        await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutEvents", put, Other));
    }

    [Fact]
    public async Task A_policy_is_shown_statement_by_statement_and_removed()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "CreateEventBus", """{"Name":"b"}""");
        await Call(
            cloud,
            "PutPermission",
            """{"EventBusName":"b","Action":"events:PutEvents","Principal":"*","StatementId":"all","Condition":{"Type":"StringEquals","Key":"aws:PrincipalOrgID","Value":"o-1"}}"""
        );
        await Call(
            cloud,
            "PutPermission",
            $$"""{"EventBusName":"b","Action":"events:PutEvents","Principal":"{{Other}}","StatementId":"one"}"""
        );

        Assert.Equal(
            """{"Version":"2012-10-17","Statement":[{"Sid":"all","Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"arn:aws:events:us-east-1:000000000000:event-bus/b","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}},{"Sid":"one","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"events:PutEvents","Resource":"arn:aws:events:us-east-1:000000000000:event-bus/b"}]}""",
            (await Call(cloud, "DescribeEventBus", """{"Name":"b"}""")).GetProperty("Policy").GetString()
        );
        await Call(cloud, "RemovePermission", """{"EventBusName":"b","RemoveAllPermissions":true}""");
        Assert.False((await Call(cloud, "DescribeEventBus", """{"Name":"b"}""")).TryGetProperty("Policy", out _));
    }

    [Theory]
    [InlineData("RemovePermission", """{"StatementId":"none"}""", "EventBus does not have a policy.")]
    [InlineData("RemovePermission", """{"EventBusName":"none","StatementId":"none"}""", "Event bus none does not exist.")]
    [InlineData(
        "PutPermission",
        """{"EventBusName":"none","Action":"events:PutEvents","Principal":"*","StatementId":"s"}""",
        "Event bus none does not exist."
    )]
    [InlineData(
        "PutPermission",
        """{"Action":"events:PutRule","Principal":"*","StatementId":"s"}""",
        "Provided value in parameter 'action' is not supported."
    )]
    [InlineData(
        "PutPermission",
        """{"Action":"events:PutEvents","Principal":"me","StatementId":"s"}""",
        "at 'principal' failed to satisfy constraint"
    )]
    public async Task What_makes_no_permission_is_refused(string operation, string body, string message)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, operation, body));

        Assert.Contains(message, JsonElement.Parse(error.Body).GetProperty("message").GetString());
    }

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body, string? account = null) =>
        cloud.Json("events", "AWSEvents." + operation, body, account);
}

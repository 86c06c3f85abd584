using System.Text.Json;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Tasks that are done as another role than the machine's.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html</remarks>
public sealed class CredentialsTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await Role("machine", """{"Service":"states.amazonaws.com"}""", "sts:AssumeRole");
        await Role("target", """{"AWS":"arn:aws:iam::000000000000:role/machine"}""", "sqs:ListQueues");
        await Role("closed", """{"Service":"lambda.amazonaws.com"}""", "sqs:ListQueues");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData("\"RoleArn\":\"arn:aws:iam::000000000000:role/target\"", true)]
    [InlineData("\"RoleArn.$\":\"$.role\"", true)]
    [InlineData("\"RoleArn\":\"arn:aws:iam::000000000000:role/closed\"", false)]
    [InlineData("\"RoleArn\":\"arn:aws:iam::000000000000:role/none\"", false)]
    [InlineData("\"RoleArn\":\"arn:aws:iam::111111111111:role/theirs\"", false)]
    [InlineData(null, false)]
    public async Task A_task_has_the_rights_of_its_own_role(string? credentials, bool isAllowed)
    {
        var definition = """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sqs:listQueues","Parameters":{},FIELD"End":true}}}
            """.Replace("FIELD", credentials is null ? "" : "\"Credentials\":{" + credentials + "},", StringComparison.Ordinal);
        var machine = await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            $$"""{"name":"m","roleArn":"arn:aws:iam::000000000000:role/machine","definition":{{Bench.Quote(definition)}}}"""
        );
        const string input = """{"role":"arn:aws:iam::000000000000:role/target"}""";
        var started = await cloud.Json(
            "states",
            "AWSStepFunctions.StartExecution",
            $$"""{"stateMachineArn":"{{machine.GetProperty("stateMachineArn").GetString()}}","input":{{Bench.Quote(input)}}}"""
        );
        var execution = started.GetProperty("executionArn").GetString();
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var description = await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");

        Assert.Equal(isAllowed ? "SUCCEEDED" : "FAILED", description.GetProperty("status").GetString());
        if (!isAllowed)
        {
            Assert.Equal("Sqs.SqsException", description.GetProperty("error").GetString());
        }

        if (credentials is not null)
        {
            var history = await cloud.Json("states", "AWSStepFunctions.GetExecutionHistory", $$"""{"executionArn":"{{execution}}"}""");
            var scheduled = history.GetProperty("events")[2].GetProperty("taskScheduledEventDetails").GetProperty("taskCredentials");
            Assert.StartsWith("arn:aws:iam::", scheduled.GetProperty("roleArn").GetString());
        }
    }

    private async Task Role(string name, string principal, string action)
    {
        await cloud.Query(
            "iam",
            "CreateRole",
            ("RoleName", name),
            (
                "AssumeRolePolicyDocument",
                """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":""" + principal + "}}"
            )
        );
        await cloud.Query(
            "iam",
            "PutRolePolicy",
            ("RoleName", name),
            ("PolicyName", "p"),
            ("PolicyDocument", $$$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"{{{action}}}","Resource":"*"}}""")
        );
    }
}

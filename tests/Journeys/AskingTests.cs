using Amazon.DynamoDBv2.Model;

namespace Disa.Journeys;

/// <summary>Asking what became of messages: audit and explain.</summary>
public sealed class AskingTests
{
    [Fact]
    public async Task Audit_and_explain_account_for_every_message()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Put("sent", "Sent.");
        await disa.Put("bad", "");
        await disa.Decided("sent");
        await disa.Decided("bad");
        Assert.Equal("Sent", await State(disa, "sent"));
        Assert.Equal("Parked", await State(disa, "bad"));

        await disa.Disa("break");
        await disa.Put("failed", "Fails.");
        await disa.Decided("failed");
        var waiting = (await disa.Disa("explain", "failed", "--json")).Json();
        Assert.Equal("Failed", waiting.GetProperty("state").GetString());
        Assert.Contains(
            "a random delay of at most 30 s after attempt 1",
            string.Join(' ', waiting.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetString())),
            StringComparison.Ordinal
        );
        Assert.NotEmpty(waiting.GetProperty("nextAttempt").GetString()!);

        var audited = (await disa.Disa("audit", "--json")).Json();
        Assert.Equal((3, 0), (audited.GetProperty("total").GetInt32(), audited.GetProperty("unaccounted").GetInt32()));
        Assert.Equal(
            2,
            audited.GetProperty("states").GetProperty("Failed").GetInt32() + audited.GetProperty("states").GetProperty("Parked").GetInt32()
        );

        await disa.DynamoDb.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = disa.Table,
                Key = new() { ["sequenceNo"] = new() { S = "bad" } },
                UpdateExpression = "REMOVE sendReason",
            }
        );
        var unaccounted = await disa.Disa("audit");
        Assert.Equal(1, unaccounted.ExitCode);
        Assert.Contains("NoNextAttempt", unaccounted.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stack_audits_itself_its_alarm_tells_and_what_was_lost_is_taken_up_again()
    {
        await using var disa = await RunningDisa.Up();
        await disa.DynamoDb.PutItemAsync(
            disa.Table,
            new()
            {
                ["sequenceNo"] = new() { S = "odd" },
                ["message"] = new() { S = "Found again." },
                ["sendStatus"] = new() { S = "Failure" },
            }
        );
        Assert.True(await Becomes("ALARM"), "the alarm did not go off");
        Assert.True(await Becomes("OK"), "the alarm did not go back");

        Assert.Equal("Successful", (await disa.Decided("odd", item => item["sendStatus"].S == "Successful"))["sendStatus"].S);
        Assert.Equal(0, (await disa.Disa("audit")).ExitCode);

        async Task<bool> Becomes(string state)
        {
            for (var minutes = 0; minutes <= 90; minutes += 5)
            {
                var described = await disa.Aws("cloudwatch", "describe-alarms", "--alarm-names", disa.Outputs["UnaccountedAlarmName"]);
                if (described.Json().GetProperty("MetricAlarms")[0].GetProperty("StateValue").GetString() == state)
                {
                    return true;
                }

                await disa.Advance(TimeSpan.FromMinutes(5));
            }

            return false;
        }
    }

    [Fact]
    public async Task Parked_messages_are_redriven_and_a_cancelled_one_is_not_sent_until_then()
    {
        await using var disa = await RunningDisa.Up();
        await disa.Put("sent", "Sent.");
        await disa.Put("bad", "");
        await disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = "later" },
                ["message"] = new() { S = "Later." },
                ["sendAt"] = new() { N = "4000000000" },
            }
        );
        await disa.Decided("sent");
        await disa.Decided("bad");
        await disa.Decided("later");

        Assert.Equal(1, (await disa.Disa("cancel", "sent")).ExitCode);
        Assert.Equal(0, (await disa.Disa("cancel", "later")).ExitCode);
        Assert.Equal("Parked", await State(disa, "later"));
        Assert.Equal(0, (await disa.Disa("audit")).ExitCode);

        Assert.Equal(2, (await disa.Disa("redrive")).ExitCode);
        var counted = (await disa.Disa("redrive", "--dry-run", "--json")).Json();
        Assert.Equal((2, 0), (counted.GetProperty("matched").GetInt32(), counted.GetProperty("redriven").GetInt32()));

        await disa.DynamoDb.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = disa.Table,
                Key = new() { ["sequenceNo"] = new() { S = "bad" } },
                UpdateExpression = "SET message = :text",
                ExpressionAttributeValues = new() { [":text"] = new() { S = "Corrected." } },
            }
        );
        var redriven = (await disa.Disa("redrive", "--reason", "InvalidMessage", "--yes", "--json")).Json();
        Assert.Equal(
            (1, 1, 1),
            (
                redriven.GetProperty("matched").GetInt32(),
                redriven.GetProperty("redriven").GetInt32(),
                redriven.GetProperty("sent").GetInt32()
            )
        );
        Assert.Equal("Successful", (await disa.Item("bad"))["sendStatus"].S);
        Assert.Equal("Cancelled", (await disa.Item("later"))["sendReason"].S);

        var record = await disa.DynamoDb.GetItemAsync(
            disa.Outputs["ControlTableName"],
            new() { ["id"] = new() { S = redriven.GetProperty("id").GetString()! } }
        );
        Assert.Contains("@", record.Item["by"].S, StringComparison.Ordinal);

        await disa.DynamoDb.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = disa.Table,
                Key = new() { ["sequenceNo"] = new() { S = "bad" } },
                UpdateExpression = "SET sendStatus = :failure, sendReason = :expired",
                ExpressionAttributeValues = new()
                {
                    [":failure"] = new() { S = "Failure" },
                    [":expired"] = new() { S = "AttemptsExhausted" },
                },
            }
        );
        await disa.Disa("break");
        var stopped = await disa.Disa("redrive", "--reason", "AttemptsExhausted", "--stop-at-failures", "0", "--yes");
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("failed again", stopped.Error, StringComparison.Ordinal);
    }

    private static async Task<string?> State(RunningDisa disa, string id) =>
        (await disa.Disa("explain", id, "--json")).Json().GetProperty("state").GetString();
}

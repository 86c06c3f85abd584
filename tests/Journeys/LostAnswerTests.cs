using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Client;

namespace Disa.Journeys;

/// <summary>
/// A write is applied and its answer is lost: the SDK repeats the call, and what it is told then is about its own effect
/// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, error retries).
/// </summary>
public sealed class LostAnswerTests(SharedDisa shared) : IClassFixture<SharedDisa>, IAsyncLifetime
{
    private LosingProxy proxy = null!;

    private RunningDisa Disa => shared.Disa;

    public async ValueTask InitializeAsync() => proxy = await LosingProxy.Start(Disa.Endpoint);

    public ValueTask DisposeAsync() => proxy.DisposeAsync();

    [Fact]
    public async Task The_library_s_own_put_is_not_taken_for_somebody_else_s()
    {
        using var dynamoDb = Client();
        var outbox = new DisaOutbox(dynamoDb, new DisaTable(Disa.Table));
        proxy.Lose("PutItem");
        var key = await outbox.PutAsync(new DisaMessage("Put once."));
        Assert.Equal(["PutItem"], proxy.Lost);
        Assert.Matches("^[0-9a-f]{32}$", (await Disa.Decided(key.ToString()))["sendToken"].S);

        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() => outbox.PutAsync(new DisaMessage("Another one."), key));
        await Disa.Put("without-token", "By other means.");
        await Assert.ThrowsAsync<ConditionalCheckFailedException>(() =>
            outbox.PutAsync(new DisaMessage("Another one."), DisaKey.Of("without-token"))
        );
        Assert.Equal("Put once.", (await Disa.Item(key.ToString()))["message"].S);
    }

    [Fact]
    public async Task A_transaction_s_repetition_carries_the_token_that_the_SDK_gave_it()
    {
        using var dynamoDb = Client();
        var outbox = new DisaOutbox(dynamoDb, new DisaTable(Disa.Table));
        proxy.Lose("TransactWriteItems");
        await dynamoDb.TransactWriteItemsAsync(new() { TransactItems = [outbox.Entry(new DisaMessage("In a transaction."), out var key)] });
        Assert.Equal(["TransactWriteItems"], proxy.Lost);
        Assert.Equal("Successful", (await Disa.Decided(key.ToString()))["sendStatus"].S);
    }

    [Fact]
    public async Task Each_write_of_the_command_is_done_once_though_its_first_answer_is_lost()
    {
        await Disa.Put(
            new()
            {
                ["sequenceNo"] = new() { S = "later" },
                ["message"] = new() { S = "Later." },
                ["sendAt"] = new() { N = "4000000000" },
            }
        );
        await Disa.Put("bad", "");
        await Disa.Decided("later");
        await Disa.Decided("bad");
        await Disa.DynamoDb.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = Disa.Table,
                Key = new() { ["sequenceNo"] = new() { S = "bad" } },
                UpdateExpression = "SET message = :text",
                ExpressionAttributeValues = new() { [":text"] = new() { S = "Corrected." } },
            }
        );
        await Disa.DynamoDb.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = "orders",
                BillingMode = BillingMode.PAY_PER_REQUEST,
                KeySchema = [new("id", KeyType.HASH)],
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
            }
        );
        var topic = Disa.Outputs["TopicArn"];
        (string Command, string[] Writes, Func<JsonElement, string> Answer, string Expected)[] table =
        [
            ("send Sent", ["PutItem"], answer => $"{answer.GetArrayLength()}", "1"),
            (
                "cancel later",
                ["UpdateItem", "PutItem"],
                answer => $"{answer.GetProperty("wasStatus")} {answer.GetProperty("wasReason")}",
                "Failure Scheduled"
            ),
            (
                "redrive --reason InvalidMessage --yes",
                ["UpdateItem", "PutItem", "Invoke"],
                answer => $"{answer.GetProperty("redriven")} {answer.GetProperty("sent")} {answer.GetProperty("skipped")}",
                "1 1 0"
            ),
            ("break", ["UpdateFunctionConfiguration"], answer => $"{answer.GetProperty("before")}", topic),
            ("mend", ["UpdateFunctionConfiguration"], answer => $"{answer.GetProperty("before")}", topic + "-does-not-exist"),
            (
                "deploy --stack lost --env prod --yes",
                ["PutObject", "CreateChangeSet", "ExecuteChangeSet", "UpdateTerminationProtection"],
                answer => $"{answer.GetProperty("changed")}",
                "True"
            ),
            (
                "deploy --stack lost --param AlarmPeriod=300 --yes",
                ["CreateChangeSet", "ExecuteChangeSet"],
                answer => $"{answer.GetProperty("changed")}",
                "True"
            ),
            (
                "diff --stack lost --param AlarmPeriod=600",
                ["CreateChangeSet", "DeleteChangeSet"],
                answer => $"{answer.GetProperty("isNew")}",
                "False"
            ),
            (
                "destroy --stack lost --yes",
                ["UpdateTerminationProtection", "DeleteStack"],
                answer => $"{answer.GetProperty("kept").GetArrayLength()}",
                "3"
            ),
            (
                "destroy --stack lost --delete-data --bootstrap --yes",
                ["UpdateTable", "DeleteTable", "DeleteObjects", "DeleteStack", "ScheduleKeyDeletion"],
                answer => $"{answer.GetProperty("kept").GetArrayLength()}",
                "0"
            ),
            ("deploy --stack attached --table orders --yes", ["UpdateTable"], answer => $"{answer.GetProperty("changed")}", "True"),
            (
                "destroy --stack attached --delete-data --bootstrap --remove-index --yes",
                ["UpdateTable"],
                answer => $"{answer.GetProperty("kept").GetArrayLength()}",
                "1"
            ),
        ];
        var failed = new List<string>();
        foreach (var (command, writes, answer, expected) in table)
        {
            proxy.Lose(writes);
            var ended = await Program.Run(Program.DisaPath, [.. command.Split(' '), "--json", "--endpoint-url", proxy.Endpoint.ToString()]);
            var lost = proxy.Lost.Distinct(StringComparer.Ordinal);
            if (writes.Except(lost).Any())
            {
                failed.Add($"{command}: no answer was lost of {string.Join(", ", writes.Except(lost))}");
            }

            var got = ended.Output.Length > 0 ? answer(JsonElement.Parse(ended.Output)) : $"{ended.ExitCode} {ended.Error}";
            if (got != expected)
            {
                failed.Add($"{command}: {got} instead of {expected}");
            }
        }

        Assert.True(failed.Count == 0, string.Join("\n", failed));
        Assert.Equal(1, await Count(Disa.Table, "message = :wanted", "Sent"));
        Assert.Equal(1, await Count(Disa.Outputs["ControlTableName"], "begins_with(id, :wanted)", "cancel#"));
    }

    private async Task<int> Count(string tableName, string filter, string wanted) => (
            await Disa.DynamoDb.ScanAsync(
                new ScanRequest
                {
                    TableName = tableName,
                    FilterExpression = filter,
                    ExpressionAttributeValues = new() { [":wanted"] = new() { S = wanted } },
                }
            )
        ).Count!.Value;

    private AmazonDynamoDBClient Client() =>
        new(
            RunningDisa.Credentials,
            new AmazonDynamoDBConfig { ServiceURL = proxy.Endpoint.ToString(), AuthenticationRegion = "us-east-1" }
        );
}

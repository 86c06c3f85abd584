using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Client;

namespace Disa.Journeys;

/// <summary>Disa attached to tables that their user made, with keys and items of the user's.</summary>
public sealed class ExistingTableTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private const string Index = "send-due-index";

    private RunningDisa Disa => shared.Disa;

    private AmazonDynamoDBClient DynamoDb => shared.Disa.DynamoDb;

    [Fact]
    public async Task The_outbox_is_in_the_users_own_transaction_and_nothing_else_of_the_table_is_touched()
    {
        const string stack = "orders";
        using var kms = new Amazon.KeyManagementService.AmazonKeyManagementServiceClient(
            RunningDisa.Credentials,
            Disa.Configure(new Amazon.KeyManagementService.AmazonKeyManagementServiceConfig())
        );
        var key = (await kms.CreateKeyAsync(new() { Description = "the user's" })).KeyMetadata.Arn;
        var arn = await Make(
            "orders",
            new("customer", ScalarAttributeType.S),
            new("line", ScalarAttributeType.N),
            new()
            {
                Enabled = true,
                SSEType = SSEType.KMS,
                KMSMasterKeyId = key,
            }
        );
        foreach (var line in Enumerable.Range(1, 20))
        {
            await DynamoDb.PutItemAsync("orders", Order(line));
        }

        // Nothing is done to someone's table unasked.
        var diff = await Disa.Disa("diff", "--stack", stack, "--table", arn, "--json");
        Assert.Equal(1, diff.ExitCode);
        Assert.Equal(3, JsonElement.Parse(diff.Output).GetProperty("changes")[0].GetProperty("properties").GetArrayLength());
        Assert.Equal(2, (await Disa.Disa("deploy", "--stack", stack, "--table", arn)).ExitCode);
        var untouched = (await DynamoDb.DescribeTableAsync("orders")).Table;
        Assert.True(untouched.StreamSpecification?.StreamEnabled != true && untouched.GlobalSecondaryIndexes is null or { Count: 0 });

        var deployed = await Disa.Disa(
            "deploy",
            "--stack",
            stack,
            "--table",
            arn,
            "--param",
            "RetryFirstDelaySeconds=1",
            "--yes",
            "--json"
        );
        var outputs = deployed.Json().GetProperty("outputs");
        Assert.Contains("is yours, and in no stack of Disa", deployed.Error, StringComparison.Ordinal);
        Assert.Equal(
            ("orders", "customer", "line", "N"),
            (Text(outputs, "TableName"), Text(outputs, "PartitionKeyName"), Text(outputs, "SortKeyName"), Text(outputs, "SortKeyType"))
        );

        // Business and message together, or neither.
        var outbox = new DisaOutbox(DynamoDb, new DisaTable("orders", "customer", "S", "line", "N"));
        var sent = DisaKey.Of("customer/7").And(100);
        await DynamoDb.TransactWriteItemsAsync(new() { TransactItems = [Own(21), outbox.Entry(new DisaMessage("Order 21."), sent)] });
        Assert.Equal(DisaOutcome.Successful, (await Decided(outbox, sent)).Outcome);
        var refused = DisaKey.New(outbox.Table, DisaKey.Of("customer/7"));
        await Assert.ThrowsAsync<TransactionCanceledException>(() =>
            DynamoDb.TransactWriteItemsAsync(new() { TransactItems = [Own(21), outbox.Entry(new DisaMessage("Order 21 again."), refused)] })
        );
        Assert.Null(await outbox.StatusAsync(refused));

        // By its two values, by the key as the AWS CLI has it, and as the list shows it.
        var id = sent.Id(outbox.Table);
        Assert.Equal("""{"customer":{"S":"customer/7"},"line":{"N":"100"}}""", id);
        Assert.Equal(
            id,
            (await Disa.Disa("messages", "--stack", stack, "--json"))
                .Json()
                .GetProperty("messages")
                .EnumerateArray()
                .Single()
                .GetProperty("id")
                .GetString()
        );
        Assert.Contains("Order 21.", (await Disa.Disa("show", "customer/7", "100", "--stack", stack)).Output, StringComparison.Ordinal);
        Assert.Equal("Sent", (await Disa.Disa("explain", id, "--stack", stack, "--json")).Json().GetProperty("state").GetString());
        Assert.Equal(2, (await Disa.Disa("show", "customer/7", "--stack", stack)).ExitCode);
        Assert.Equal(1, (await Disa.Disa("show", "customer/7", "3", "--stack", stack)).ExitCode); // no message
        Assert.Equal(
            "Successful",
            (await Disa.Disa("send", "By hand.", "--wait", "--stack", stack, "--json")).Json()[0].GetProperty("status").GetString()
        );

        // A failure, in a minute without a success, held messages, and both sent in the end.
        await Disa.Advance(TimeSpan.FromSeconds(61 - await Disa.Second()));
        await Disa.Disa("break", "--stack", stack);
        var failed = await outbox.PutAsync(new DisaMessage("While it is broken."), DisaKey.New(outbox.Table, DisaKey.Of("customer/7")));
        Assert.Equal("SendFailed", (await Decided(outbox, failed)).Reason);
        await Disa.Advance(TimeSpan.FromMinutes(1));
        var held = await outbox.PutAsync(new DisaMessage("While it is held."));
        Assert.Equal("Held", (await Decided(outbox, held)).Reason);
        await Disa.Disa("mend", "--stack", stack);
        await Disa.Advance(TimeSpan.FromMinutes(10));
        Assert.All(new[] { failed, held }, one => Assert.Equal(DisaOutcome.Successful, outbox.StatusAsync(one).Result!.Outcome));

        // Parked, mended, redriven. What has a message that is none is found by the audit, which the stream does not show it to.
        var later = await outbox.PutAsync(
            new DisaMessage("Later.") { SendAt = DateTimeOffset.UnixEpoch.AddYears(130) },
            DisaKey.Of("customer/8").And(2)
        );
        Assert.Equal("Scheduled", (await Decided(outbox, later)).Reason);
        Assert.Equal(0, (await Disa.Disa("cancel", later.Id(outbox.Table), "--stack", stack)).ExitCode);
        await DynamoDb.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = "orders",
                Key = later.Attributes(outbox.Table),
                UpdateExpression = "REMOVE sendAt",
            }
        );
        var redriven = (await Disa.Disa("redrive", "--stack", stack, "--reason", "Cancelled", "--yes", "--json")).Json();
        Assert.Equal((1, 1), (redriven.GetProperty("matched").GetInt32(), redriven.GetProperty("sent").GetInt32()));
        await DynamoDb.PutItemAsync(
            "orders",
            new()
            {
                ["customer"] = new("customer/9"),
                ["line"] = new() { N = "1" },
                ["message"] = new() { N = "7" },
            }
        );
        await Disa.Advance(TimeSpan.FromHours(3));
        Assert.Equal("InvalidMessage", (await outbox.StatusAsync(DisaKey.Of("customer/9").And(1)))!.Reason);

        var audit = (await Disa.Disa("audit", "--stack", stack, "--json")).Json();
        Assert.Equal((0, 6), (audit.GetProperty("unaccounted").GetInt32(), audit.GetProperty("total").GetInt32()));
        var items = await All("orders");
        Assert.Equal(21, items.Count(item => !item.ContainsKey("message")));
        Assert.All(
            items.Where(item => !item.ContainsKey("message")),
            item => Assert.Equal(Order(int.Parse(item["line"].N)).Keys.Order(), item.Keys.Order())
        );

        // Disa goes; the table, its items and its stream stay, and the index where nobody says that it may go.
        var destroyed = (
            await Disa.Disa("destroy", "--stack", stack, "--delete-data", "--bootstrap", "--remove-index", "--yes", "--json")
        ).Json();
        Assert.Contains("table orders, which is yours", destroyed.GetProperty("kept")[0].GetString(), StringComparison.Ordinal);
        var left = (await DynamoDb.DescribeTableAsync("orders")).Table;
        Assert.True(left.StreamSpecification.StreamEnabled);
        Assert.True(left.GlobalSecondaryIndexes is null or { Count: 0 });
        Assert.Equal(items.Count, (await All("orders")).Count);
    }

    [Fact]
    public async Task Attaching_goes_on_where_it_was_interrupted_whatever_the_table_is_like()
    {
        const string stack = "ledger";
        var arn = await Make("ledger", new("account", ScalarAttributeType.N), new("entry", ScalarAttributeType.B), capacity: new(5, 7));
        await DynamoDb.PutItemAsync(
            "ledger",
            new()
            {
                ["account"] = new() { N = "1" },
                ["entry"] = Bytes(1),
                ["message"] = new("Old."),
            }
        );
        using (
            var process = Program.Start(
                Program.DisaPath,
                ["deploy", "--stack", stack, "--table", arn, "--yes", "--endpoint-url", Disa.Endpoint.ToString()],
                null,
                null
            )
        )
        {
            while (
                await process.StandardError.ReadLineAsync() is { } said && !said.Contains("ledger: add the index", StringComparison.Ordinal)
            ) { }

            process.Kill();
            await process.WaitForExitAsync();
        }

        var again = await Disa.Disa("deploy", "--stack", stack, "--table", "ledger", "--yes");
        Assert.True(again.ExitCode == 0, again.Error);
        var indexes = (await DynamoDb.DescribeTableAsync("ledger")).Table.GlobalSecondaryIndexes;
        Assert.Equal([Index, "send-list-index"], indexes.Select(index => index.IndexName).Order(StringComparer.Ordinal));
        Assert.All(
            indexes,
            index =>
                Assert.Equal(
                    (5L, 7L),
                    (index.ProvisionedThroughput.ReadCapacityUnits!.Value, index.ProvisionedThroughput.WriteCapacityUnits!.Value)
                )
        );

        var outbox = new DisaOutbox(DynamoDb, new DisaTable("ledger", "account", "N", "entry", "B"));
        var key = await outbox.PutAsync(new DisaMessage("Entered."), DisaKey.Of(1).And([0, 255, 2]));
        Assert.Equal(DisaOutcome.Successful, (await Decided(outbox, key)).Outcome);
        Assert.Contains("Sent", (await Disa.Disa("show", "1", "AP8C", "--stack", stack)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Disa.Disa("deploy", "--stack", stack, "--yes")).ExitCode); // the table need not be named again
        var destroyed = (await Disa.Disa("destroy", "--stack", stack, "--bootstrap", "--delete-data", "--yes", "--json")).Json();
        Assert.Contains(
            destroyed.GetProperty("later").EnumerateArray(),
            later => later.GetString()!.Contains("\"Delete\":{\"IndexName\":\"send-due-index\"}", StringComparison.Ordinal)
        );
        Assert.Equal(2, (await All("ledger")).Count);
        Assert.Equal(2, (await DynamoDb.DescribeTableAsync("ledger")).Table.GlobalSecondaryIndexes.Count);
    }

    [Fact]
    public async Task What_cannot_be_attached_is_refused_with_what_to_do()
    {
        var keysOnly = await Make("keys-only", new("id", ScalarAttributeType.S), null, view: StreamViewType.KEYS_ONLY);
        await Refuses(1, "--stream-specification StreamEnabled=false", keysOnly);
        var taken = await Make("taken", new("subject", ScalarAttributeType.S), null);
        await Refuses(1, "'subject' of taken is one that Disa reads or writes", taken);
        await Refuses(1, "there is no table 'no-such-table'", "no-such-table");
        await Refuses(2, "say --region eu-west-1", "arn:aws:dynamodb:eu-west-1:000000000000:table/elsewhere");
        var foreign = await Make("foreign", new("id", ScalarAttributeType.S), null);
        await DynamoDb.UpdateTableAsync(
            new UpdateTableRequest
            {
                TableName = "foreign",
                AttributeDefinitions = [new("id", ScalarAttributeType.S)],
                GlobalSecondaryIndexUpdates =
                [
                    new()
                    {
                        Create = new()
                        {
                            IndexName = Index,
                            KeySchema = [new("id", KeyType.HASH)],
                            Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                        },
                    },
                ],
            }
        );
        await Refuses(1, "an index send-due-index that is not Disa's", foreign);
        Assert.Equal(2, (await Disa.Disa("deploy", "--stack", "none", "--param", "ExistingTableArn=" + foreign, "--yes")).ExitCode);

        // A stack keeps the table that it has: what waits in it would wait for good.
        var other = await Disa.Disa("deploy", "--table", await Make("other", new("id", ScalarAttributeType.S), null), "--yes");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("has a table of its own", other.Error, StringComparison.Ordinal);

        async Task Refuses(int exitCode, string why, string table)
        {
            var ended = await Disa.Disa("deploy", "--stack", "none", "--table", table, "--yes");
            Assert.Equal(exitCode, ended.ExitCode);
            Assert.Contains(why, ended.Error, StringComparison.Ordinal);
        }
    }

    private static string Text(JsonElement outputs, string name) => outputs.GetProperty(name).GetString()!;

    private static AttributeValue Bytes(params byte[] bytes) => new() { B = new(bytes) };

    /// <summary>The user's own data, with attributes that mean something to Disa on a message only.</summary>
    private static Dictionary<string, AttributeValue> Order(int line) =>
        new()
        {
            ["customer"] = new("customer/7"),
            ["line"] = new() { N = $"{line}" },
            ["subject"] = new("shoes"),
            ["tags"] = new() { SS = ["a", "b"] },
            ["total"] = new() { N = "12.50" },
        };

    private static TransactWriteItem Own(int line) =>
        new()
        {
            Put = new()
            {
                TableName = "orders",
                Item = Order(line),
                ConditionExpression = "attribute_not_exists(customer)",
            },
        };

    private async Task<string> Make(
        string name,
        AttributeDefinition partition,
        AttributeDefinition? sort,
        SSESpecification? encryption = null,
        ProvisionedThroughput? capacity = null,
        StreamViewType? view = null
    )
    {
        var made = await DynamoDb.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = name,
                AttributeDefinitions = sort is null ? [partition] : [partition, sort],
                KeySchema = sort is null
                    ? [new(partition.AttributeName, KeyType.HASH)]
                    : [new(partition.AttributeName, KeyType.HASH), new(sort.AttributeName, KeyType.RANGE)],
                BillingMode = capacity is null ? BillingMode.PAY_PER_REQUEST : BillingMode.PROVISIONED,
                ProvisionedThroughput = capacity,
                SSESpecification = encryption,
                StreamSpecification = view is null ? null : new() { StreamEnabled = true, StreamViewType = view },
            }
        );
        while ((await DynamoDb.DescribeTableAsync(name)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return made.TableDescription.TableArn;
    }

    private async Task<List<Dictionary<string, AttributeValue>>> All(string table) =>
        (await DynamoDb.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true })).Items;

    private static async Task<DisaStatus> Decided(DisaOutbox outbox, DisaKey key)
    {
        var deadline = TimeProvider.System.GetUtcNow() + RunningDisa.Patience;
        while (true)
        {
            var status = await outbox.StatusAsync(key);
            if (status is { Outcome: not DisaOutcome.Pending })
            {
                return status;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"{key} is still undecided");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}

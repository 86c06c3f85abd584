using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;
using static Disa.Emulator.Tests.DynamoDb.Recovery;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>
/// Restores to a point in time: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html and
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html.
/// </summary>
public sealed class PointInTimeTests
{
    [Fact]
    public async Task A_table_is_restored_to_any_second_of_the_window()
    {
        await using var dynamo = await Start();
        await dynamo.Table(change: Indexed);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("0")), ("city", S("Bern")));
        await dynamo.Put("table", ("pk", S("c")), ("n", N("0")));
        await Recover(dynamo);
        await Pass(dynamo, 5);
        var first = Now(dynamo);
        await Pass(dynamo, 5);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")), ("city", S("Thun")));
        await dynamo.Put("table", ("pk", S("b")), ("n", N("1")));
        await dynamo.Client.DeleteItemAsync("table", Item(("pk", S("c"))));
        await Pass(dynamo, 5);
        var second = Now(dynamo);
        await Pass(dynamo, 5);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("2")));
        await dynamo.Put("table", ("pk", S("a")), ("n", N("3")));
        await dynamo.Client.DeleteItemAsync("table", Item(("pk", S("b"))));
        await dynamo.Put("table", ("pk", S("c")), ("n", N("3")));
        await Pass(dynamo, 600);

        var restored = (await Restore(dynamo, "one", first)).TableDescription;
        await Restore(dynamo, "two", second);
        await Restore(dynamo, "three", null);

        Assert.Equal("a=0 c=0", await Items(dynamo, "one"));
        Assert.Equal("a=1 b=1", await Items(dynamo, "two"));
        Assert.Equal("a=3 c=3", await Items(dynamo, "three"));
        Assert.Equal("a=3 c=3", await Items(dynamo, "table"));
        Assert.Equal((TableStatus.CREATING, true), (restored.TableStatus, restored.RestoreSummary.RestoreInProgress));
        Assert.Equal(
            (null, "arn:aws:dynamodb:us-east-1:000000000000:table/table", first.UtcDateTime),
            (restored.RestoreSummary.SourceBackupArn, restored.RestoreSummary.SourceTableArn, restored.RestoreSummary.RestoreDateTime)
        );
        Assert.Equal((1, 0), (await InCity(dynamo, "one", "Bern"), await InCity(dynamo, "one", "Thun")));
        Assert.Equal((0, 1), (await InCity(dynamo, "two", "Bern"), await InCity(dynamo, "two", "Thun")));
    }

    /// <summary>"All these settings come from the current settings of the source table at the time of restore", and what is to be set up again.</summary>
    [Fact]
    public async Task The_settings_are_those_of_now_and_recovery_is_off()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await Recover(dynamo);
        await Pass(dynamo, 5);
        var before = Now(dynamo);
        await Pass(dynamo, 600);
        await dynamo.Client.UpdateTableAsync(
            new()
            {
                TableName = "table",
                BillingMode = BillingMode.PROVISIONED,
                ProvisionedThroughput = new(3, 4),
                StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.KEYS_ONLY },
            }
        );
        await dynamo.Client.DescribeTableAsync("table");

        await Restore(dynamo, "restored", before);

        var table = (await dynamo.Client.DescribeTableAsync("restored")).Table;
        Assert.Equal((3, 4), (table.ProvisionedThroughput.ReadCapacityUnits, table.ProvisionedThroughput.WriteCapacityUnits));
        Assert.Null(table.LatestStreamArn);
        Assert.Equal(PointInTimeRecoveryStatus.DISABLED, (await Window(dynamo, "restored")).PointInTimeRecoveryStatus);
    }

    [Theory]
    [InlineData("""{"SourceTableName":"none","TargetTableName":"new","UseLatestRestorableTime":true}""", "TableNotFoundException")]
    [InlineData(
        """{"SourceTableName":"off","TargetTableName":"new","UseLatestRestorableTime":true}""",
        "PointInTimeRecoveryUnavailableException"
    )]
    [InlineData("""{"SourceTableName":"table","TargetTableName":"off","UseLatestRestorableTime":true}""", "TableAlreadyExistsException")]
    [InlineData("""{"SourceTableName":"table","TargetTableName":"new","RestoreDateTime":1}""", "InvalidRestoreTimeException")]
    [InlineData("""{"SourceTableName":"table","TargetTableName":"new","RestoreDateTime":LATE}""", "InvalidRestoreTimeException")]
    [InlineData("""{"SourceTableName":"table","TargetTableName":"new"}""", "ValidationException")]
    [InlineData(
        """{"SourceTableName":"table","TargetTableName":"new","RestoreDateTime":1,"UseLatestRestorableTime":true}""",
        "ValidationException"
    )]
    [InlineData("""{"TargetTableName":"new","UseLatestRestorableTime":true}""", "ValidationException")]
    [InlineData("""{"SourceTableName":"table","UseLatestRestorableTime":true}""", "ValidationException")]
    [InlineData("""{"SourceTableArn":"table","TargetTableName":"new","UseLatestRestorableTime":true}""", "ValidationException")]
    [InlineData(
        """{"SourceTableArn":"arn:aws:dynamodb:eu-west-1:000000000000:table/table","TargetTableName":"new","UseLatestRestorableTime":true}""",
        "NotImplemented"
    )]
    public async Task What_cannot_be_restored_is_refused(string body, string type)
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Table("off");
        await Recover(dynamo);
        await Pass(dynamo, 600);
        var late = Now(dynamo).AddMinutes(-4).ToUnixTimeSeconds();

        Assert.Equal(
            type,
            (await dynamo.Fails("RestoreTableToPointInTime", body.Replace("LATE", $"{late}", StringComparison.Ordinal))).Type
        );
    }

    [Fact]
    public async Task The_window_begins_when_recovery_is_switched_on_and_moves_with_its_period()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        var on = Now(dynamo);
        await Recover(dynamo, days: 2);
        await Pass(dynamo, 3600);
        var young = await Window(dynamo, "table");
        Assert.InRange((young.EarliestRestorableDateTime!.Value - on.UtcDateTime).TotalSeconds, -1, 1);
        Assert.InRange((Now(dynamo).UtcDateTime - young.LatestRestorableDateTime!.Value).TotalMinutes, 4.9, 5.1);

        await Pass(dynamo, 86400 * 10);
        Assert.InRange((Now(dynamo).UtcDateTime - (await Window(dynamo, "table")).EarliestRestorableDateTime!.Value).TotalDays, 2, 2.01);

        await Recover(dynamo, days: 35);
        await Pass(dynamo, 3600);
        Assert.InRange((Now(dynamo).UtcDateTime - (await Window(dynamo, "table")).EarliestRestorableDateTime!.Value).TotalDays, 2, 2.1);
    }

    [Fact]
    public async Task Items_that_a_transaction_a_batch_a_statement_or_the_time_to_live_change_are_led_back_too()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Client.UpdateTimeToLiveAsync(
            new()
            {
                TableName = "table",
                TimeToLiveSpecification = new() { AttributeName = "due", Enabled = true },
            }
        );
        var due = $"{Now(dynamo).AddSeconds(60).ToUnixTimeSeconds()}";
        foreach (var key in (string[])["a", "b", "c", "d"])
        {
            await dynamo.Put("table", ("pk", S(key)), ("n", N("0")), key == "d" ? ("due", N(due)) : ("x", N("0")));
        }

        await Recover(dynamo);
        await Pass(dynamo, 5);
        var before = Now(dynamo);
        await Pass(dynamo, 5);
        await dynamo.Client.TransactWriteItemsAsync(
            new()
            {
                TransactItems =
                [
                    new()
                    {
                        Delete = new() { TableName = "table", Key = Item(("pk", S("a"))) },
                    },
                ],
            }
        );
        await dynamo.Client.BatchWriteItemAsync(
            new BatchWriteItemRequest { RequestItems = new() { ["table"] = [new(new PutRequest(Item(("pk", S("b")), ("n", N("1")))))] } }
        );
        await dynamo.Client.ExecuteStatementAsync(new() { Statement = "UPDATE \"table\" SET n = 1 WHERE pk = 'c'" });
        await Pass(dynamo, 3600);
        Assert.Equal("b=1 c=1", await Items(dynamo, "table"));

        await Restore(dynamo, "restored", before);

        Assert.Equal("a=0 b=0 c=0 d=0", await Items(dynamo, "restored"));
    }

    /// <summary>
    /// "RestoreTableToPointInTime permissions are necessary on the source table, and DynamoDB read and write permissions on the target table":
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html.
    /// </summary>
    [Fact]
    public async Task A_restore_asks_for_rights_to_both_tables()
    {
        await using var cloud = await TestCloud.StartEnforcing();
        Task<System.Text.Json.JsonElement> Call(string operation, string body, string? key = null) =>
            cloud.Json("dynamodb", "DynamoDB_20120810." + operation, body, key);
        await Call(
            "CreateTable",
            """{"TableName":"table","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}"""
        );
        await Call("DescribeTable", """{"TableName":"table"}""");
        await Call(
            "UpdateContinuousBackups",
            """{"TableName":"table","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}"""
        );
        await cloud.Query("iam", "CreateUser", ("UserName", "me"));
        var issued = await cloud.Query("iam", "CreateAccessKey", ("UserName", "me"));
        string Part(string name) => issued.Split($"<{name}>")[1].Split($"</{name}>")[0];
        cloud.Secrets[Part("AccessKeyId")] = Part("SecretAccessKey");
        const string restore = """{"SourceTableName":"table","TargetTableName":"new","UseLatestRestorableTime":true}""";
        Task Allow(string name, string actions) =>
            cloud.Query(
                "iam",
                "PutUserPolicy",
                ("UserName", "me"),
                ("PolicyName", name),
                ("PolicyDocument", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":{{actions}},"Resource":"*"}]}""")
            );

        await Allow("a", "\"dynamodb:RestoreTableToPointInTime\"");
        var denied = await Assert.ThrowsAsync<TestAwsException>(() => Call("RestoreTableToPointInTime", restore, Part("AccessKeyId")));
        Assert.Contains("dynamodb:PutItem", denied.Body);
        await Allow(
            "b",
            """["dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:DeleteItem","dynamodb:GetItem","dynamodb:Query","dynamodb:Scan","dynamodb:BatchWriteItem"]"""
        );

        await Call("RestoreTableToPointInTime", restore, Part("AccessKeyId"));
    }
}

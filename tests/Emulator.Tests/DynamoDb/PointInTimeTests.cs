using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Disa.Emulator.Aws;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

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
    public async Task Changes_are_kept_only_where_recovery_is_on_and_only_as_long_as_its_period()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")));
        Assert.Equal(0, Kept(dynamo));

        await Recover(dynamo, days: 1);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Put("table", ("pk", S("b")));
        Assert.Equal(2, Kept(dynamo));

        await Pass(dynamo, 86400 * 2);
        Assert.Equal(0, Kept(dynamo));

        await dynamo.Put("table", ("pk", S("a")));
        Assert.Equal(1, Kept(dynamo));
        await Recover(dynamo, on: false);
        await Pass(dynamo, 1);
        Assert.Equal(0, Kept(dynamo));

        await Recover(dynamo);
        await dynamo.Put("table", ("pk", S("c")));
        await dynamo.Client.DeleteTableAsync("table");
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => dynamo.Client.DescribeTableAsync("table"));
        await Pass(dynamo, 1);
        Assert.Equal(0, Kept(dynamo));
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

    [Fact]
    public async Task A_table_that_has_another_key_by_now_is_led_back()
    {
        await using var dynamo = await Start();
        using var kms = Kms.KmsTests.Client(dynamo.Cloud);
        var key = (await kms.CreateKeyAsync(new Amazon.KeyManagementService.Model.CreateKeyRequest())).KeyMetadata;
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")), ("n", N("0")));
        await Recover(dynamo);
        await Pass(dynamo, 5);
        var before = Now(dynamo);
        await Pass(dynamo, 5);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
        await dynamo.Client.UpdateTableAsync(
            new()
            {
                TableName = "table",
                SSESpecification = new()
                {
                    Enabled = true,
                    SSEType = SSEType.KMS,
                    KMSMasterKeyId = key.KeyId,
                },
            }
        );
        await Pass(dynamo, 600);

        await Restore(dynamo, "restored", before);

        Assert.Equal("a=0", await Items(dynamo, "restored"));
        Assert.Equal(key.Arn, (await dynamo.Client.DescribeTableAsync("restored")).Table.SSEDescription.KMSMasterKeyArn);
    }

    [Fact]
    public async Task What_is_kept_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            DateTimeOffset before;
            await using (var dynamo = await Start(new LocalCloudOptions { DataDirectory = folder }))
            {
                await dynamo.Table();
                await dynamo.Put("table", ("pk", S("a")), ("n", N("0")));
                await Recover(dynamo);
                await Pass(dynamo, 5);
                before = Now(dynamo);
                await Pass(dynamo, 5);
                await dynamo.Put("table", ("pk", S("a")), ("n", N("1")));
            }

            await using var again = await Start(new LocalCloudOptions { DataDirectory = folder });
            await Pass(again, 600);
            await Restore(again, "restored", before);
            Assert.Equal("a=0", await Items(again, "restored"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Versions before kept the setting and no changes: the window of such a table begins with the first start of this one.</summary>
    [Fact]
    public async Task A_table_of_an_earlier_version_is_recoverable_from_the_update_on()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using (var dynamo = await Start(new LocalCloudOptions { DataDirectory = folder }))
            {
                await dynamo.Table();
                await Recover(dynamo);
                await Pass(dynamo, 86400);
                var (database, scope) = (dynamo.Cloud.Cloud.Database, new Scope("000000000000", "us-east-1"));
                var tables = new Disa.Emulator.DynamoDb.Tables(database, dynamo.Cloud.Clock, null!);
                await database.Write(transaction =>
                    tables.Shelf.Put(transaction, scope, "table", tables.Shelf.Get(scope, "table")! with { ChangeSpace = null })
                );
            }

            await using var again = await Start(new LocalCloudOptions { DataDirectory = folder });
            var start = Now(again);
            await Pass(again, 3600);
            Assert.InRange(((await Window(again, "table")).EarliestRestorableDateTime!.Value - start.UtcDateTime).TotalSeconds, -1, 60);
            await again.Put("table", ("pk", S("a")));
            Assert.Equal(1, Kept(again));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private static void Indexed(CreateTableRequest request)
    {
        request.AttributeDefinitions.Add(new("city", ScalarAttributeType.S));
        request.GlobalSecondaryIndexes =
        [
            new()
            {
                IndexName = "by-city",
                KeySchema = [new("city", KeyType.HASH)],
                Projection = new() { ProjectionType = ProjectionType.ALL },
            },
        ];
    }

    private static DateTimeOffset Now(Dynamo dynamo) =>
        DateTimeOffset.FromUnixTimeSeconds(dynamo.Cloud.Clock.GetUtcNow().ToUnixTimeSeconds());

    private static Task Pass(Dynamo dynamo, int seconds) => dynamo.Cloud.Cloud.Advance(TimeSpan.FromSeconds(seconds));

    private static long Kept(Dynamo dynamo) =>
        dynamo.Cloud.Cloud.Database.Read(transaction => transaction.Number("SELECT COUNT(*) FROM dynamodb_change"))!.Value;

    private static Task Recover(Dynamo dynamo, bool on = true, int? days = null) =>
        dynamo.Client.UpdateContinuousBackupsAsync(
            new()
            {
                TableName = "table",
                PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = on, RecoveryPeriodInDays = days },
            }
        );

    private static async Task<PointInTimeRecoveryDescription> Window(Dynamo dynamo, string table) =>
        (await dynamo.Client.DescribeContinuousBackupsAsync(new() { TableName = table }))
            .ContinuousBackupsDescription
            .PointInTimeRecoveryDescription;

    /// <param name="time">Null: the latest.</param>
    private static Task<RestoreTableToPointInTimeResponse> Restore(Dynamo dynamo, string target, DateTimeOffset? time) =>
        dynamo.Client.RestoreTableToPointInTimeAsync(
            new()
            {
                SourceTableName = "table",
                TargetTableName = target,
                RestoreDateTime = time?.UtcDateTime,
                UseLatestRestorableTime = time is null ? true : null,
            }
        );

    private static async Task<string> Items(Dynamo dynamo, string table)
    {
        await dynamo.Client.DescribeTableAsync(table);
        return string.Join(
            ' ',
            (await dynamo.Client.ScanAsync(new ScanRequest(table)))
                .Items.Select(item => $"{item["pk"].S}={item["n"].N}")
                .Order(StringComparer.Ordinal)
        );
    }

    private static async Task<int> InCity(Dynamo dynamo, string table, string city) => (
            await dynamo.Client.QueryAsync(
                new QueryRequest(table)
                {
                    IndexName = "by-city",
                    KeyConditionExpression = "city = :city",
                    ExpressionAttributeValues = Item((":city", S(city))),
                }
            )
        ).Count!.Value;
}

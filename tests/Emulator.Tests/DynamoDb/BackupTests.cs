using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>
/// By the page "Backing up and restoring a DynamoDB table" of AWS's Developer Guide, and the API Reference of its operations.
/// </summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_keeps_the_table_as_it_was()
    {
        await using var dynamo = await Start();
        var table = await dynamo.Table(change: Indexed);
        await dynamo.Put("table", ("pk", S("a")), ("n", N("1")), ("city", S("Bern")));

        var made = (await Backup(dynamo)).BackupDetails;
        await dynamo.Put("table", ("pk", S("a")), ("n", N("2")));
        await dynamo.Put("table", ("pk", S("b")));

        Assert.Equal((BackupStatus.CREATING, "first", BackupType.USER), (made.BackupStatus, made.BackupName, made.BackupType));
        Assert.Matches(@"^arn:aws:dynamodb:us-east-1:000000000000:table/table/backup/\d{14}-[0-9a-f]{8}$", made.BackupArn);
        var shown = (await dynamo.Client.DescribeBackupAsync(new() { BackupArn = made.BackupArn })).BackupDescription;
        Assert.Equal(BackupStatus.AVAILABLE, shown.BackupDetails.BackupStatus);
        Assert.Equal((table.TableId, 1), (shown.SourceTableDetails.TableId, shown.SourceTableDetails.ItemCount));
        Assert.Equal("by-city", Assert.Single(shown.SourceTableFeatureDetails.GlobalSecondaryIndexes).IndexName);
        Assert.Equal("DISABLED", shown.SourceTableFeatureDetails.TimeToLiveDescription.TimeToLiveStatus);

        var restored = (await Restore(dynamo, made.BackupArn)).TableDescription;
        Assert.Equal((TableStatus.CREATING, true), (restored.TableStatus, restored.RestoreSummary.RestoreInProgress));
        Assert.Equal((made.BackupArn, table.TableArn), (restored.RestoreSummary.SourceBackupArn, restored.RestoreSummary.SourceTableArn));
        var active = (await dynamo.Client.DescribeTableAsync("restored")).Table;
        Assert.Equal((TableStatus.ACTIVE, false), (active.TableStatus, active.RestoreSummary.RestoreInProgress));
        Assert.NotEqual(table.TableId, active.TableId);
        Assert.Equal("1", Assert.Single((await dynamo.Client.ScanAsync(new ScanRequest("restored"))).Items)["n"].N);
        var found = await dynamo.Client.QueryAsync(
            new QueryRequest("restored")
            {
                IndexName = "by-city",
                KeyConditionExpression = "city = :city",
                ExpressionAttributeValues = Item((":city", S("Bern"))),
            }
        );
        Assert.Equal(1, found.Count);
    }

    [Fact]
    public async Task A_restore_may_leave_out_indexes_and_change_the_capacity()
    {
        await using var dynamo = await Start();
        await dynamo.Table(change: Indexed);
        var arn = await Available(dynamo);

        await dynamo.Client.RestoreTableFromBackupAsync(
            new()
            {
                BackupArn = arn,
                TargetTableName = "restored",
                BillingModeOverride = BillingMode.PROVISIONED,
                ProvisionedThroughputOverride = new(3, 4),
                GlobalSecondaryIndexOverride = [],
            }
        );

        var table = (await dynamo.Client.DescribeTableAsync("restored")).Table;
        Assert.Equal((3, 4), (table.ProvisionedThroughput.ReadCapacityUnits, table.ProvisionedThroughput.WriteCapacityUnits));
        Assert.Equal("pk", Assert.Single(table.AttributeDefinitions).AttributeName);
    }

    [Fact]
    public async Task A_backup_outlives_its_table_and_goes_when_it_is_deleted()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")));
        var arn = await Available(dynamo);
        await dynamo.Client.DeleteTableAsync("table");
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromDays(100));

        await Restore(dynamo, arn);
        await dynamo.Client.DescribeTableAsync("restored");
        Assert.Equal(1, (await dynamo.Client.ScanAsync(new ScanRequest("restored"))).Count);
        var gone = await dynamo.Client.DeleteBackupAsync(new() { BackupArn = arn });

        Assert.Equal(BackupStatus.DELETED, gone.BackupDescription.BackupDetails.BackupStatus);
        var error = await Assert.ThrowsAsync<BackupNotFoundException>(() => dynamo.Client.DescribeBackupAsync(new() { BackupArn = arn }));
        Assert.Equal($"Backup not found: {arn}", error.Message);
    }

    /// <summary>"Point-in-time recovery: how it works": a table that is deleted leaves a system backup for 35 days.</summary>
    [Fact]
    public async Task A_table_with_point_in_time_recovery_leaves_a_system_backup()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Put("table", ("pk", S("a")));
        await dynamo.Client.UpdateContinuousBackupsAsync(
            new()
            {
                TableName = "table",
                PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true },
            }
        );
        await dynamo.Client.DeleteTableAsync("table");
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => dynamo.Client.DescribeTableAsync("table"));

        var backup = Assert.Single((await dynamo.Client.ListBackupsAsync(new() { BackupType = BackupTypeFilter.SYSTEM })).BackupSummaries);
        Assert.Equal("table$DeletedTableBackup", backup.BackupName);
        Assert.Equal( // The times are numbers with a fraction, and the client rounds them.
            backup.BackupCreationDateTime!.Value.AddDays(35),
            backup.BackupExpiryDateTime!.Value,
            TimeSpan.FromMilliseconds(2)
        );
        await Restore(dynamo, backup.BackupArn);
        await dynamo.Client.DescribeTableAsync("restored");
        Assert.Equal(1, (await dynamo.Client.ScanAsync(new ScanRequest("restored"))).Count);
        await dynamo.Cloud.Cloud.Advance(TimeSpan.FromDays(36));
        Assert.Empty((await dynamo.Client.ListBackupsAsync(new())).BackupSummaries);
    }

    [Fact]
    public async Task Backups_are_listed_by_table_and_page()
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        await dynamo.Table("other");
        for (var i = 0; i < 3; i++)
        {
            await Backup(dynamo);
            await dynamo.Cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
        }

        await Backup(dynamo, "other");

        var first = await dynamo.Client.ListBackupsAsync(new() { TableName = "table", Limit = 2 });
        var rest = await dynamo.Client.ListBackupsAsync(
            new() { TableName = "table", ExclusiveStartBackupArn = first.LastEvaluatedBackupArn }
        );
        Assert.Equal((2, 1), (first.BackupSummaries.Count, rest.BackupSummaries.Count));
        Assert.Null(rest.LastEvaluatedBackupArn);
        Assert.Equal(4, (await dynamo.Client.ListBackupsAsync(new())).BackupSummaries.Count);
        Assert.Empty((await dynamo.Client.ListBackupsAsync(new() { TableName = "none" })).BackupSummaries);
    }

    [Theory]
    [InlineData("CreateBackup", """{"TableName":"none","BackupName":"first"}""", "TableNotFoundException", "Table not found: none")]
    [InlineData(
        "CreateBackup",
        """{"TableName":"table","BackupName":"a b"}""",
        "ValidationException",
        "1 validation error detected: Value 'a b' at 'backupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    )]
    [InlineData("DescribeBackup", """{"BackupArn":"NONE"}""", "BackupNotFoundException", "Backup not found: NONE")]
    [InlineData("DeleteBackup", """{"BackupArn":"NONE"}""", "BackupNotFoundException", "Backup not found: NONE")]
    [InlineData(
        "RestoreTableFromBackup",
        """{"BackupArn":"NONE","TargetTableName":"new"}""",
        "BackupNotFoundException",
        "Backup not found: NONE"
    )]
    [InlineData(
        "RestoreTableFromBackup",
        """{"BackupArn":"MADE","TargetTableName":"table"}""",
        "TableAlreadyExistsException",
        "Table already exists: table"
    )]
    [InlineData(
        "UpdateContinuousBackups",
        """{"TableName":"none","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}""",
        "TableNotFoundException",
        "Table not found: none"
    )]
    public async Task What_is_not_there_is_refused_in_these_words(string operation, string body, string type, string message)
    {
        await using var dynamo = await Start();
        await dynamo.Table();
        const string none = "arn:aws:dynamodb:us-east-1:000000000000:table/table/backup/01489602797149-73d8d5bc";
        string Real(string text) => text.Replace("NONE", none, StringComparison.Ordinal);
        var made = await Available(dynamo);

        Assert.Equal((type, Real(message)), await dynamo.Fails(operation, Real(body).Replace("MADE", made, StringComparison.Ordinal)));
    }

    /// <summary>
    /// "DynamoDB encryption at rest usage notes": whoever uses a table under a customer managed key needs the right to its key.
    /// </summary>
    [Fact]
    public async Task A_backup_of_a_table_under_a_key_of_ones_own_asks_for_the_key()
    {
        await using var cloud = await TestCloud.StartEnforcing();
        Task<System.Text.Json.JsonElement> Call(string operation, string body, string? key = null) =>
            cloud.Json("dynamodb", "DynamoDB_20120810." + operation, body, key);
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("Arn").GetString();
        await Call(
            "CreateTable",
            $$"""{"TableName":"table","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"SSESpecification":{"Enabled":true,"KMSMasterKeyId":"{{key}}"} }"""
        );
        await Call("DescribeTable", """{"TableName":"table"}""");
        await cloud.Query("iam", "CreateUser", ("UserName", "me"));
        var issued = await cloud.Query("iam", "CreateAccessKey", ("UserName", "me"));
        string Part(string name) => issued.Split($"<{name}>")[1].Split($"</{name}>")[0];
        cloud.Secrets[Part("AccessKeyId")] = Part("SecretAccessKey");
        const string backup = """{"TableName":"table","BackupName":"first"}""";
        Task Allow(string action) =>
            cloud.Query(
                "iam",
                "PutUserPolicy",
                ("UserName", "me"),
                ("PolicyName", action.Replace(':', '-').Replace('*', '-').Trim('-')),
                ("PolicyDocument", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}""")
            );

        await Allow("dynamodb:*");
        var denied = await Assert.ThrowsAsync<TestAwsException>(() => Call("CreateBackup", backup, Part("AccessKeyId")));
        await Allow("kms:Decrypt");
        var made = (await Call("CreateBackup", backup, Part("AccessKeyId")))
            .GetProperty("BackupDetails")
            .GetProperty("BackupArn")
            .GetString();
        await Call("DescribeBackup", $$"""{"BackupArn":"{{made}}"}""");
        var restore = $$"""{"BackupArn":"{{made}}","TargetTableName":"restored"}""";
        var deniedToo = await Assert.ThrowsAsync<TestAwsException>(() => Call("RestoreTableFromBackup", restore, Part("AccessKeyId")));
        await Allow("kms:*");

        await Call("RestoreTableFromBackup", restore, Part("AccessKeyId"));
        Assert.Contains("kms:Decrypt", denied.Body);
        Assert.Contains("kms:", deniedToo.Body);
        var table = (await Call("DescribeTable", """{"TableName":"restored"}""")).GetProperty("Table");
        Assert.Equal(key, table.GetProperty("SSEDescription").GetProperty("KMSMasterKeyArn").GetString());
    }

    [Fact]
    public async Task Backups_and_the_restored_survive_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string arn;
            await using (var dynamo = await Start(new LocalCloudOptions { DataDirectory = folder }))
            {
                await dynamo.Table();
                await dynamo.Put("table", ("pk", S("a")));
                arn = await Available(dynamo);
            }

            await using var again = await Start(new LocalCloudOptions { DataDirectory = folder });
            await Restore(again, arn);
            await again.Client.DescribeTableAsync("restored");
            Assert.Equal(1, (await again.Client.ScanAsync(new ScanRequest("restored"))).Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private static Task<CreateBackupResponse> Backup(Dynamo dynamo, string table = "table") =>
        dynamo.Client.CreateBackupAsync(new() { TableName = table, BackupName = "first" });

    private static async Task<string> Available(Dynamo dynamo)
    {
        var arn = (await Backup(dynamo)).BackupDetails.BackupArn;
        await dynamo.Client.DescribeBackupAsync(new() { BackupArn = arn });
        return arn;
    }

    private static Task<RestoreTableFromBackupResponse> Restore(Dynamo dynamo, string arn) =>
        dynamo.Client.RestoreTableFromBackupAsync(new() { BackupArn = arn, TargetTableName = "restored" });
}

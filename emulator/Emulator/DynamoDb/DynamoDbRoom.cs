using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.PartiQL;
using Disa.Emulator.Faults;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.DynamoDb;

/// <summary>Amazon DynamoDB and its streams.</summary>
internal sealed class DynamoDbRoom : Room
{
    public static readonly IReadOnlyList<Migration> Migrations =
    [
        new(
            "dynamodb",
            1,
            """
            CREATE TABLE dynamodb_space (id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, dropped INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE dynamodb_item (
                space INTEGER NOT NULL, hash INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, pk BLOB NOT NULL, value BLOB NOT NULL,
                PRIMARY KEY (space, hash, hk, rk, pk)
            ) WITHOUT ROWID;
            CREATE TABLE dynamodb_expiry (
                due INTEGER NOT NULL, space INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (due, space, hk, rk)
            ) WITHOUT ROWID;
            CREATE TABLE dynamodb_record (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, shard INTEGER NOT NULL, created INTEGER NOT NULL,
                event INTEGER NOT NULL, service INTEGER NOT NULL, value BLOB NOT NULL
            );
            CREATE INDEX dynamodb_record_shard ON dynamodb_record (stream, shard, sequence);
            CREATE INDEX dynamodb_record_created ON dynamodb_record (created);
            CREATE TABLE dynamodb_token (
                account TEXT NOT NULL, region TEXT NOT NULL, token TEXT NOT NULL, request BLOB NOT NULL, created INTEGER NOT NULL,
                PRIMARY KEY (account, region, token)
            ) WITHOUT ROWID;
            """
        ),
        LateIndexes.Migration,
        ChangeLog.Migration,
    ];

    private readonly Worker upkeep;
    private readonly Worker lateIndexes;
    private readonly Worker timeToLive;
    private readonly Worker exportWriter;

    internal DynamoDbRoom(
        Database database,
        Clock clock,
        EmulatorEndpoint endpoint,
        DataKeys keys,
        Tokens tokens,
        FaultPlan faults,
        Authorizer authorizer,
        ServiceDirectory services,
        UsageMeter meter,
        ILoggerFactory loggers,
        bool instant = false
    )
    {
        var tables = new Tables(database, clock, keys) { IsInstant = instant };
        var streams = new StreamWriter(database, clock);
        var late = new LateIndexes(database, clock, faults, tables);
        var items = new Items(clock, streams, late);
        var writes = new ItemWrites(database, tables, items, meter);
        var transactions = new ItemTransactions(clock, tables, writes);
        StreamReader = new StreamReader(database, clock, streams, keys);
        var iterators = new ShardIterators(tokens);
        var lists = new Listings(tokens, "dynamodb", Errors.InvalidNextToken);
        var statements = new Listings(tokens, "dynamodb", Errors.ForeignNextToken);
        var backups = new BackupStore(database, clock, tables);
        Rights = new TableRights(tables, streams, keys, iterators, backups);
        var statementRights = new StatementRights(tables, Rights);
        var logger = loggers.CreateLogger("Disa.DynamoDb");
        tables.KeepDeleted = backups.KeepDeleted;
        var continuous = new ContinuousBackups(database, clock, tables);
        upkeep = new Worker("dynamodb upkeep", clock, logger, new Upkeep(database, clock, streams, backups, tables, continuous).Step);
        tables.Dropped = upkeep.Signal;
        lateIndexes = new Worker("dynamodb late indexes", clock, logger, late.Step);
        late.Changed = lateIndexes.Signal;
        var expiry = new TimeToLive(database, clock, tables, items);
        timeToLive = new Worker("dynamodb time to live", clock, logger, expiry.Step);
        items.ExpiryChanged = timeToLive.Signal;
        var exports = new ExportStore(database);
        exportWriter = new Worker("dynamodb exports", clock, logger, new ExportWriter(database, clock, tables, exports, services).Step);
        exports.Changed = exportWriter.Signal;
        var policies = new ResourcePolicies(database, clock, tables, streams);
        var createTable = new CreateTable(database, clock, tables, streams, keys, policies);
        var updateTable = new UpdateTable(database, clock, tables, streams, keys);
        var deleteTable = new DeleteTable(database, clock, tables, streams);
        var updateTimeToLive = new UpdateTimeToLive(database, tables, expiry);
        var restore = new TableRestore(database, clock, tables, keys);
        var insights = new ContributorInsights(database, clock, tables, lists);
        var tags = new Tags(database, tables, lists);
        Resources =
        [
            new TableResource(database, tables, createTable, updateTable, deleteTable, updateTimeToLive, continuous, policies, authorizer),
        ];
        var json = DynamoDbJson.Default;
        Services =
        [
            new AwsService(
                "dynamodb",
                [
                    Operation.Of("CreateTable", json.CreateTableRequest, json.CreateTableResponse, createTable.Run),
                    Operation.Of(
                        "DescribeTable",
                        json.DescribeTableRequest,
                        json.DescribeTableResponse,
                        new DescribeTable(database, tables).Run
                    ),
                    Operation.Of("DeleteTable", json.DeleteTableRequest, json.DeleteTableResponse, deleteTable.Run),
                    Operation.Of("ListTables", json.ListTablesRequest, json.ListTablesResponse, new ListTables(tables).Run),
                    Operation.Of("UpdateTable", json.UpdateTableRequest, json.UpdateTableResponse, updateTable.Run),
                    Operation.Of("UpdateTimeToLive", json.UpdateTimeToLiveRequest, json.UpdateTimeToLiveResponse, updateTimeToLive.Run),
                    Operation.Of(
                        "DescribeTimeToLive",
                        json.DescribeTimeToLiveRequest,
                        json.DescribeTimeToLiveResponse,
                        new DescribeTimeToLive(tables).Run
                    ),
                    Operation.Of(
                        "DescribeContinuousBackups",
                        json.DescribeContinuousBackupsRequest,
                        json.ContinuousBackupsResponse,
                        continuous.Describe
                    ),
                    Operation.Of(
                        "UpdateContinuousBackups",
                        json.UpdateContinuousBackupsRequest,
                        json.ContinuousBackupsResponse,
                        continuous.Update
                    ),
                    Operation.Of(
                        "CreateBackup",
                        json.CreateBackupRequest,
                        json.CreateBackupResponse,
                        new CreateBackup(database, tables, backups).Run
                    ),
                    Operation.Of(
                        "DescribeBackup",
                        json.DescribeBackupRequest,
                        json.DescribeBackupResponse,
                        new DescribeBackup(database, backups).Run
                    ),
                    Operation.Of(
                        "DeleteBackup",
                        json.DeleteBackupRequest,
                        json.DeleteBackupResponse,
                        new DeleteBackup(database, backups).Run
                    ),
                    Operation.Of("ListBackups", json.ListBackupsRequest, json.ListBackupsResponse, new ListBackups(backups).Run),
                    Operation.Of(
                        "RestoreTableFromBackup",
                        json.RestoreTableFromBackupRequest,
                        json.RestoreTableFromBackupResponse,
                        new RestoreTableFromBackup(clock, backups, restore).Run
                    ),
                    Operation.Of(
                        "RestoreTableToPointInTime",
                        json.RestoreTableToPointInTimeRequest,
                        json.RestoreTableToPointInTimeResponse,
                        new RestoreTableToPointInTime(tables, continuous, restore).Run
                    ),
                    Operation.Of("PutResourcePolicy", json.PutResourcePolicyRequest, json.PutResourcePolicyResponse, policies.Put),
                    Operation.Of("GetResourcePolicy", json.GetResourcePolicyRequest, json.GetResourcePolicyResponse, policies.Get),
                    Operation.Of(
                        "DeleteResourcePolicy",
                        json.DeleteResourcePolicyRequest,
                        json.DeleteResourcePolicyResponse,
                        policies.Delete
                    ),
                    Operation.Of(
                        "UpdateContributorInsights",
                        json.UpdateContributorInsightsRequest,
                        json.UpdateContributorInsightsResponse,
                        insights.Update
                    ),
                    Operation.Of(
                        "DescribeContributorInsights",
                        json.DescribeContributorInsightsRequest,
                        json.DescribeContributorInsightsResponse,
                        insights.Describe
                    ),
                    Operation.Of(
                        "ListContributorInsights",
                        json.ListContributorInsightsRequest,
                        json.ListContributorInsightsResponse,
                        insights.List
                    ),
                    Operation.Of(
                        "ExportTableToPointInTime",
                        json.ExportTableToPointInTimeRequest,
                        json.ExportTableToPointInTimeResponse,
                        new ExportTableToPointInTime(database, clock, tables, exports, continuous).Run
                    ),
                    Operation.Of(
                        "DescribeExport",
                        json.DescribeExportRequest,
                        json.DescribeExportResponse,
                        new DescribeExport(exports).Run
                    ),
                    Operation.Of(
                        "ListExports",
                        json.ListExportsRequest,
                        json.ListExportsResponse,
                        new ListExports(exports, clock, lists).Run
                    ),
                    Operation.Of("TagResource", json.TagResourceRequest, tags.Tag),
                    Operation.Of("UntagResource", json.UntagResourceRequest, tags.Untag),
                    Operation.Of("ListTagsOfResource", json.ListTagsOfResourceRequest, json.ListTagsOfResourceResponse, tags.List),
                    Operation.Of("DescribeLimits", json.DescribeLimitsRequest, json.DescribeLimitsResponse, DescribeLimits.Run),
                    Operation.Of(
                        "DescribeEndpoints",
                        json.DescribeEndpointsRequest,
                        json.DescribeEndpointsResponse,
                        new DescribeEndpoints(endpoint).Run
                    ),
                    Operation.Of("Query", json.QueryRequest, json.QueryResponse, new Query(database, tables, meter).Run),
                    Operation.Of("Scan", json.ScanRequest, json.ScanResponse, new Scan(database, tables, meter).Run),
                    Operation.Of(
                        "BatchGetItem",
                        json.BatchGetItemRequest,
                        json.BatchGetItemResponse,
                        new BatchGetItem(database, tables, meter).Run
                    ),
                    Operation.Of(
                        "BatchWriteItem",
                        json.BatchWriteItemRequest,
                        json.BatchWriteItemResponse,
                        new BatchWriteItem(database, tables, writes).Run
                    ),
                    Operation.Of(
                        "TransactWriteItems",
                        json.TransactWriteItemsRequest,
                        json.TransactWriteItemsResponse,
                        new TransactWriteItems(database, tables, transactions).Run
                    ),
                    Operation.Of(
                        "TransactGetItems",
                        json.TransactGetItemsRequest,
                        json.TransactGetItemsResponse,
                        new TransactGetItems(database, tables, meter).Run
                    ),
                    Operation.Of(
                        "ExecuteStatement",
                        json.ExecuteStatementRequest,
                        json.ExecuteStatementResponse,
                        new ExecuteStatement(tables, new StatementReads(database, tables, statements, meter), writes).Run
                    ),
                    Operation.Of(
                        "BatchExecuteStatement",
                        json.BatchExecuteStatementRequest,
                        json.BatchExecuteStatementResponse,
                        new BatchExecuteStatement(database, tables, writes, statementRights, authorizer, meter).Run
                    ),
                    Operation.Of(
                        "ExecuteTransaction",
                        json.ExecuteTransactionRequest,
                        json.ExecuteTransactionResponse,
                        new ExecuteTransaction(database, tables, transactions, meter).Run
                    ),
                    Operation.Of("PutItem", json.PutItemRequest, json.PutItemResponse, new PutItem(writes).Run),
                    Operation.Of("GetItem", json.GetItemRequest, json.GetItemResponse, new GetItem(database, tables, meter).Run),
                    Operation.Of("UpdateItem", json.UpdateItemRequest, json.UpdateItemResponse, new UpdateItem(writes).Run),
                    Operation.Of("DeleteItem", json.DeleteItemRequest, json.DeleteItemResponse, new DeleteItem(writes).Run),
                ]
            )
            {
                SdkName = "dynamodb",
                SdkErrorPrefix = "DynamoDb",
                Protocols = Protocols.Json,
                TargetPrefix = "DynamoDB_20120810",
                Rights = (operation, request, caller) => statementRights.Of(request, caller) ?? Rights.Of(operation, request, caller),
                ErrorTypePrefix = "com.amazonaws.dynamodb.v20120810#",
            },
            new AwsService(
                "dynamodb",
                [
                    Operation.Of("ListStreams", json.ListStreamsRequest, json.ListStreamsResponse, new ListStreams(streams).Run),
                    Operation.Of(
                        "DescribeStream",
                        json.DescribeStreamRequest,
                        json.DescribeStreamResponse,
                        new DescribeStream(streams).Run
                    ),
                    Operation.Of(
                        "GetShardIterator",
                        json.GetShardIteratorRequest,
                        json.GetShardIteratorResponse,
                        new GetShardIterator(database, clock, StreamReader, iterators).Run
                    ),
                    Operation.Of(
                        "GetRecords",
                        json.GetRecordsRequest,
                        json.GetRecordsResponse,
                        new GetRecords(clock, StreamReader, iterators).Run
                    ),
                ]
            )
            {
                SdkName = "dynamodbstreams",
                SdkErrorPrefix = "DynamoDbStreams",
                Protocols = Protocols.Json,
                TargetPrefix = "DynamoDBStreams_20120810",
                Rights = Rights.Of,
                ErrorTypePrefix = "com.amazonaws.dynamodb.v20120810#",
            },
        ];
    }

    /// <summary>For the rooms that follow streams.</summary>
    public StreamReader StreamReader { get; }

    /// <summary>What reading a stream asks for.</summary>
    public TableRights Rights { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    internal override Access? Existing(string arn, Caller caller) => Rights.Existing(arn, caller);

    public override void Start()
    {
        upkeep.Start();
        lateIndexes.Start();
        timeToLive.Start();
        exportWriter.Start();
    }

    public override void Reset(Transaction transaction, string account)
    {
        transaction.Execute("UPDATE dynamodb_space SET dropped = 1 WHERE account = $1", account);
        transaction.Execute("DELETE FROM dynamodb_token WHERE account = $1", account);
        transaction.AfterCommit(upkeep.Signal);
    }

    public override async ValueTask DisposeAsync()
    {
        await upkeep.DisposeAsync().ConfigureAwait(false);
        await lateIndexes.DisposeAsync().ConfigureAwait(false);
        await timeToLive.DisposeAsync().ConfigureAwait(false);
        await exportWriter.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}

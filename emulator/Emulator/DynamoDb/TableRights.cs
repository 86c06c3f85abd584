using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.DynamoDb;

/// <summary>The rights that DynamoDB's operations need, and those on the KMS key of the table.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html;
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html: DynamoDB decrypts the table's key in the
/// name of each principal that uses the table (and keeps it for five minutes, which the emulator does not).
/// </remarks>
internal sealed class TableRights(Tables tables, StreamWriter streams, DataKeys keys, ShardIterators iterators, BackupStore backups)
{
    /// <summary>What DynamoDB documents as the least that whoever creates a table under a key of one's own must have.</summary>
    private static readonly string[] ToCreate = ["DescribeKey", "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey"];

    /// <summary>What a table's policy can allow to other accounts
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html).</summary>
    private static readonly HashSet<string> AcrossAccounts =
    [
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "UpdateItem",
        "ConditionCheckItem",
        "BatchGetItem",
        "BatchWriteItem",
        "DescribeTable",
        "UpdateTable",
        "DeleteTable",
    ];

    /// <summary>The rights on the new table that a restore requires
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html).</summary>
    private static readonly string[] ToRestore = ["PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan", "BatchWriteItem"];

    /// <summary>The condition key that names the transaction that an action is a part of.</summary>
    /// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html</remarks>
    public const string EnclosingOperation = "dynamodb:EnclosingOperation";

    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            GetItemRequest get => Data(operation, get.TableName, caller, items: [get.Key]),
            PutItemRequest put => Data(operation, put.TableName, caller, items: [put.Item]),
            UpdateItemRequest update => Data(operation, update.TableName, caller, items: [update.Key]),
            DeleteItemRequest delete => Data(operation, delete.TableName, caller, items: [delete.Key]),
            QueryRequest query => Data(operation, query.TableName, caller, query.IndexName, query),
            ScanRequest scan => Data(operation, scan.TableName, caller, scan.IndexName),
            BatchGetItemRequest batch => Many(
                (batch.RequestItems ?? []).Select(entry => (operation, (string?)entry.Key, (IEnumerable<Item?>)(entry.Value.Keys ?? []))),
                caller
            ),
            BatchWriteItemRequest batch => Many(
                (batch.RequestItems ?? []).Select(entry =>
                    (operation, (string?)entry.Key, entry.Value.Select(write => write.PutRequest?.Item ?? write.DeleteRequest?.Key))
                ),
                caller
            ),
            TransactGetItemsRequest transaction => Many(
                (transaction.TransactItems ?? []).Select(item => ("GetItem", item.Get?.TableName, (IEnumerable<Item?>)[item.Get?.Key])),
                caller,
                operation
            ),
            TransactWriteItemsRequest transaction => Many((transaction.TransactItems ?? []).Select(Written), caller, operation),
            CreateTableRequest create =>
            [
                .. create.ResourcePolicy is null ? [] : (Access[])[Table("PutResourcePolicy", create.TableName, caller)],
                Table(operation, create.TableName, caller).Tagged(null, Pairs(create.Tags)),
                .. Keyed(create.SSESpecification, create.TableName, caller),
            ],
            UpdateTableRequest update =>
            [
                Table(operation, update.TableName, caller),
                .. Keyed(update.SSESpecification, update.TableName, caller),
            ],
            DescribeTableRequest one => [Table(operation, one.TableName, caller)],
            DeleteTableRequest one => [Table(operation, one.TableName, caller)],
            UpdateTimeToLiveRequest one => [Table(operation, one.TableName, caller)],
            DescribeTimeToLiveRequest one => [Table(operation, one.TableName, caller)],
            DescribeContinuousBackupsRequest one => [Table(operation, one.TableName, caller)],
            UpdateContinuousBackupsRequest one => [Table(operation, one.TableName, caller)],
            ExportTableToPointInTimeRequest one =>
            [
                Table(operation, one.TableArn, caller),
                .. Locked(tables.Find(caller.Scope, one.TableArn ?? ""), caller),
            ],
            DescribeExportRequest one => [new("dynamodb:" + operation, one.ExportArn ?? "")],
            ListExportsRequest { TableArn: { } table } when IsForeign(table, caller) => [Table(operation, table, caller)],
            ListExportsRequest => [new("dynamodb:" + operation, "*")],
            UpdateContributorInsightsRequest one => [Table(operation, one.TableName, caller, one.IndexName)],
            DescribeContributorInsightsRequest one => [Table(operation, one.TableName, caller, one.IndexName)],
            ListContributorInsightsRequest { TableName: { } table } when IsForeign(table, caller) => [Table(operation, table, caller)],
            ListContributorInsightsRequest => [new("dynamodb:" + operation, "*")],
            CreateBackupRequest one =>
            [
                Table(operation, one.TableName, caller),
                .. Locked(tables.Find(caller.Scope, one.TableName ?? ""), caller),
            ],
            ListBackupsRequest { TableName: { } table } when IsForeign(table, caller) => [Table(operation, table, caller)],
            ListBackupsRequest => [new("dynamodb:" + operation, "*")],
            DescribeBackupRequest one => [new("dynamodb:" + operation, one.BackupArn ?? "")],
            DeleteBackupRequest one => [new("dynamodb:" + operation, one.BackupArn ?? "")],
            RestoreTableFromBackupRequest one =>
            [
                new("dynamodb:" + operation, one.BackupArn ?? ""),
                .. Restored(operation, one, backups.TryFind(caller.Scope, one.BackupArn ?? "")?.Table, caller),
            ],
            RestoreTableToPointInTimeRequest one =>
            [
                Table(operation, one.SourceTableArn ?? one.SourceTableName, caller),
                .. Restored(operation, one, tables.Find(caller.Scope, one.SourceTableArn ?? one.SourceTableName ?? ""), caller),
            ],
            TagResourceRequest one => [Named(operation, one.ResourceArn, caller).Tagged(null, Pairs(one.Tags))],
            UntagResourceRequest one => [Named(operation, one.ResourceArn, caller)],
            ListTagsOfResourceRequest one => [Named(operation, one.ResourceArn, caller)],
            ListTablesRequest or DescribeLimitsRequest or DescribeEndpointsRequest => [new("dynamodb:" + operation, "*")],
            ListStreamsRequest list =>
            [
                ToListStreams(list.TableName is null ? "*" : Tables.NameOf(list.TableName), caller),
                .. list.TableName is { } table && IsForeign(table, caller) ? [Table(operation, table, caller)] : Array.Empty<Access>(),
            ],
            DescribeStreamRequest one => [Stream(operation, one.StreamArn)],
            GetShardIteratorRequest one => [Stream(operation, one.StreamArn)],
            PutResourcePolicyRequest one => [Attached(operation, one.ResourceArn, caller)],
            GetResourcePolicyRequest one => [Attached(operation, one.ResourceArn, caller)],
            // "The root principal in your account can perform DeleteResourcePolicy requests, even if your policy explicitly denies" it.
            DeleteResourcePolicyRequest one when caller.IsRoot && !IsForeign(one.ResourceArn ?? "", caller) => [],
            DeleteResourcePolicyRequest one => [Attached(operation, one.ResourceArn, caller)],
            // On the stream that is read, whatever ARN stands before it. One that was never given out is refused by the operation.
            GetRecordsRequest records => iterators.Parse(records.ShardIterator ?? "") is { } iterator
                ? ToRead(iterator.StreamArn, caller)
                : [],
            _ => null,
        };

    /// <summary>Reading a stream's records: the stream's key is the table's.</summary>
    public IReadOnlyList<Access> ToRead(string streamArn, Caller caller) =>
        [Stream("GetRecords", streamArn), .. streams.Find(streamArn) is { } stream ? Decrypt(stream.DataKey, caller) : []];

    /// <summary>What Lambda needs to follow a stream: all four actions on the stream itself, as its refusal says ("… Actions on your stream").</summary>
    public IEnumerable<Access> ToPoll(string streamArn, Caller caller) =>
        [
            new("dynamodb:DescribeStream", streamArn),
            new("dynamodb:GetShardIterator", streamArn),
            .. ToRead(streamArn, caller),
            new("dynamodb:ListStreams", streamArn),
        ];

    /// <summary>ListStreams knows no stream, but those of a table.</summary>
    public static Access ToListStreams(string table, Caller caller) =>
        new("dynamodb:ListStreams", Arn.Of("dynamodb", caller.Scope, $"table/{table}/stream/*"));

    private Access Stream(string operation, string? arn) =>
        new("dynamodb:" + operation, arn ?? "") { Policy = streams.Find(arn ?? "")?.ResourcePolicy?.Text };

    /// <summary>What the resource that a policy is attached to says of it.</summary>
    private Access Attached(string operation, string? arn, Caller caller) =>
        Arn.TryParse(arn)?.Resource.Contains("/stream/", StringComparison.Ordinal) == true
            ? Stream(operation, arn)
            : Named(operation, arn, caller);

    /// <summary>What a resource's own policy says, whatever is to be done with it.</summary>
    public Access? Existing(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "dynamodb" } ? Attached("", arn, caller) with { Action = "" } : null;

    private Access Table(string operation, string? name, Caller caller, string? index = null)
    {
        var document = tables.Find(caller.Scope, name ?? "");
        var isHelpful = !IsForeign(name ?? "", caller) || AcrossAccounts.Contains(operation);
        return new Access(
            "dynamodb:" + operation,
            Arn.Of(
                "dynamodb",
                caller.Scope with
                {
                    Account = Owner(name, caller),
                },
                $"table/{Tables.NameOf(name ?? "")}{(index is null ? "" : "/index/" + index)}"
            )
        )
        {
            Policy = isHelpful ? document?.ResourcePolicy?.Text : null,
        }.Tagged(Pairs(document?.Tags));
    }

    private Access Named(string operation, string? arn, Caller caller)
    {
        var document = tables.Find(caller.Scope, arn ?? "");
        return new Access("dynamodb:" + operation, arn ?? "") { Policy = document?.ResourcePolicy?.Text }.Tagged(Pairs(document?.Tags));
    }

    private static IEnumerable<(string, string)>? Pairs(IEnumerable<Tag>? tags) => tags?.Select(tag => (tag.Key ?? "", tag.Value ?? ""));

    /// <summary>A table that is named by its ARN may be another account's.</summary>
    private static string Owner(string? table, Caller caller) =>
        table is not null && Arn.TryParse(table) is { } arn ? arn.Account : caller.Account;

    private static bool IsForeign(string table, Caller caller) => Owner(table, caller) != caller.Account;

    /// <summary>Root, who needs no right to a table, may still lack one to its key; mostly it does not, and nothing is made.</summary>
    /// <param name="complete">Adds what only some operations know of.</param>
    public IReadOnlyList<Access> Data(
        string operation,
        string? table,
        Caller caller,
        string? index = null,
        QueryRequest? query = null,
        IEnumerable<Item?>? items = null,
        Func<Access, Access>? complete = null
    )
    {
        var document = tables.Find(caller.Scope, table ?? "");
        var key = Locked(document, caller);
        if (caller.IsRoot && document?.ResourcePolicy is null && !IsForeign(table ?? "", caller))
        {
            return key;
        }

        var access = LeadingKeys.Add(Table(operation, table, caller, index), document, index, query, items);
        return [complete is null ? access : complete(access), .. key];
    }

    private List<Access> Many(
        IEnumerable<(string Operation, string? Table, IEnumerable<Item?> Items)> all,
        Caller caller,
        string? enclosing = null
    ) =>
        [
            .. all.GroupBy(one => (one.Operation, one.Table))
                .SelectMany(group =>
                    Data(
                        group.Key.Operation,
                        group.Key.Table,
                        caller,
                        items: group.SelectMany(one => one.Items),
                        complete: access =>
                            access with
                            {
                                Facts = enclosing is null ? access.Facts : [.. access.Facts, (EnclosingOperation, enclosing)],
                                Supplied = [.. access.Supplied, EnclosingOperation],
                            }
                    )
                ),
        ];

    private static (string, string?, IEnumerable<Item?>) Written(TransactWriteItem item) =>
        item.Put is { } put ? ("PutItem", put.TableName, [put.Item])
        : item.Update is { } update ? ("UpdateItem", update.TableName, [update.Key])
        : item.Delete is { } delete ? ("DeleteItem", delete.TableName, [delete.Key])
        : ("ConditionCheckItem", item.ConditionCheck?.TableName, [item.ConditionCheck?.Key]);

    /// <summary>What a restore asks for the new table.</summary>
    private IEnumerable<Access> Restored(string operation, RestoreRequest request, TableDocument? source, Caller caller) =>
        [
            .. ToRestore.Prepend(operation).Select(action => Table(action, request.TargetTableName, caller)),
            .. Locked(source, caller),
            .. Keyed(
                request.SSESpecificationOverride ?? (source?.KmsKeyArn is { } key ? new SSESpecification(true, "KMS", key) : null),
                request.TargetTableName,
                caller
            ),
        ];

    /// <summary>What the items of a table under a key of the account ask for.</summary>
    private IReadOnlyList<Access> Locked(TableDocument? table, Caller caller) =>
        table is { KmsKeyArn: not null } ? Decrypt(table.DataKey, caller) : [];

    private IReadOnlyList<Access> Decrypt(DataKeyEnvelope envelope, Caller caller) =>
        keys.Right("Decrypt", envelope.KeyArn, envelope.Context, caller, "dynamodb") is { } access ? [access with { Denied = Denied }] : [];

    private IEnumerable<Access> Keyed(SSESpecification? specification, string? table, Caller caller)
    {
        if (specification?.Enabled != true || specification.KMSMasterKeyId is not { } name || keys.Named(name, caller.Scope) is not { } key)
        {
            return [];
        }

        var context = CreateTable.KeyContext(Tables.NameOf(table ?? ""), caller);
        return ToCreate
            .Select(action => keys.Right(action, key, context, caller, "dynamodb"))
            .Append(keys.Right("CreateGrant", key, context, caller, "dynamodb", ("kms:GrantIsForAWSResource", "true")))
            .OfType<Access>()
            .Select(access => access with { Denied = Denied });
    }

    private static AwsException Denied(string message) =>
        new("AccessDeniedException", $"KMS key access denied error: {message} (Service: AWSKMS; Error Code: AccessDeniedException)");
}

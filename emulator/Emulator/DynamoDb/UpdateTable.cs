using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record UpdateTableRequest
{
    public string? TableName { get; init; }

    public List<AttributeDefinition>? AttributeDefinitions { get; init; }

    public string? BillingMode { get; init; }

    public ProvisionedThroughput? ProvisionedThroughput { get; init; }

    public List<GlobalSecondaryIndexUpdate>? GlobalSecondaryIndexUpdates { get; init; }

    public StreamSpecification? StreamSpecification { get; init; }

    public SSESpecification? SSESpecification { get; init; }

    public string? TableClass { get; init; }

    public bool? DeletionProtectionEnabled { get; init; }
}

/// <summary>One change of a global index: exactly one of these.</summary>
internal sealed record GlobalSecondaryIndexUpdate(IndexThroughput? Update, IndexRequest? Create, IndexName? Delete);

internal sealed record IndexThroughput(string? IndexName, ProvisionedThroughput? ProvisionedThroughput);

internal sealed record IndexName([property: System.Text.Json.Serialization.JsonPropertyName("IndexName")] string? Name);

internal sealed record UpdateTableResponse(TableDescription TableDescription);

/// <summary>Changes a table: UPDATING in the answer, ACTIVE when someone looks. A new index is filled in the same write.</summary>
internal sealed class UpdateTable(Database database, Clock clock, Tables tables, StreamWriter streams, DataKeys keys)
{
    public async Task<UpdateTableResponse> Run(UpdateTableRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var scope = caller.Scope;
        var name = Tables.NameOf(request.TableName!);
        var key = request.SSESpecification is null
            ? null
            : await keys.Generate(CreateTable.KeyName(request.SSESpecification), caller, "dynamodb", CreateTable.KeyContext(name, caller))
                .ConfigureAwait(false);
        var description = await database
            .Write(transaction => TableDescription.Of(Change(transaction, scope, name, request, key), transaction))
            .ConfigureAwait(false);
        return new UpdateTableResponse(description);
    }

    /// <summary>Does the change in a write; the table's document after it.</summary>
    public TableDocument Change(Transaction transaction, Scope scope, string name, UpdateTableRequest request, DataKey? key)
    {
        var table = tables.Find(transaction, scope, name);
        if (table.Status != "ACTIVE" || table.Indexes.Exists(index => index.Status != "ACTIVE"))
        {
            var state = table.Status switch
            {
                "CREATING" => "created",
                "DELETING" => "deleted",
                _ => "updated",
            };
            throw Errors.ResourceInUse($"Attempt to change a resource which is still in use: Table is being {state}: {name}");
        }

        var before = table;
        var now = clock.GetUtcNow();
        table = Billing(table, request, now);
        table = Stream(transaction, scope, table, request.StreamSpecification);
        table = table with
        {
            DeletionProtection = request.DeletionProtectionEnabled ?? table.DeletionProtection,
            TableClass = request.TableClass ?? table.TableClass,
            TableClassChanged =
                request.TableClass is not null && request.TableClass != (table.TableClass ?? "STANDARD") ? now : table.TableClassChanged,
        };
        var added = new List<string>();
        foreach (var update in request.GlobalSecondaryIndexUpdates ?? [])
        {
            table = Index(transaction, scope, table, update, request, now, added);
        }

        table = table with
        {
            Status = "UPDATING",
            SettlesAt = now + Tables.SettlingTime,
            AttributeDefinitions = Definitions(table, request.AttributeDefinitions),
        };
        if (key is not null)
        {
            table = Encrypt(
                transaction,
                scope,
                before,
                table with
                {
                    DataKey = key.Envelope,
                    KmsKeyArn = request.SSESpecification!.Enabled == true ? key.Envelope.KeyArn : null,
                }
            );
            table = table with { ChangingKeyArn = table.KmsKeyArn ?? before.KmsKeyArn };
        }

        Fill(transaction, tables.Open(scope, table), added);
        return tables.Put(transaction, scope, table);
    }

    private static void Check(UpdateTableRequest request)
    {
        if (request.TableName is null)
        {
            throw Errors.Validation("The parameter 'TableName' is required but was not present in the request");
        }

        TableChecks.Name(request.TableName);
        var checks = new Checks()
            .Table(request.TableName)
            .OneOf("billingMode", request.BillingMode, "PROVISIONED", "PAY_PER_REQUEST")
            .OneOf("tableClass", request.TableClass, "STANDARD", "STANDARD_INFREQUENT_ACCESS")
            .OneOf(
                "streamSpecification.streamViewType",
                request.StreamSpecification?.StreamViewType,
                "NEW_IMAGE",
                "OLD_IMAGE",
                "NEW_AND_OLD_IMAGES",
                "KEYS_ONLY"
            );
        TableChecks.Definitions(checks, request.AttributeDefinitions);
        TableChecks.Capacity(checks, "provisionedThroughput", request.ProvisionedThroughput);
        for (var i = 0; i < request.GlobalSecondaryIndexUpdates?.Count; i++)
        {
            var at = $"globalSecondaryIndexUpdates.{i + 1}.member";
            var update = request.GlobalSecondaryIndexUpdates[i];
            if (update.Create is { } create)
            {
                TableChecks.Index(checks, $"{at}.create", create);
            }

            if (update.Update is { } change)
            {
                checks
                    .NotNull($"{at}.update.indexName", change.IndexName)
                    .NotNull($"{at}.update.provisionedThroughput", change.ProvisionedThroughput);
                TableChecks.Capacity(checks, $"{at}.update.provisionedThroughput", change.ProvisionedThroughput);
            }

            if (update.Delete is { } delete)
            {
                checks.NotNull($"{at}.delete.indexName", delete.Name);
            }
        }

        checks.Throw();
        TableChecks.Stream(request.StreamSpecification);
        TableChecks.Encryption(request.SSESpecification);
        if (
            request
                is {
                    BillingMode: null,
                    ProvisionedThroughput: null,
                    StreamSpecification: null,
                    SSESpecification: null,
                    TableClass: null,
                    DeletionProtectionEnabled: null
                }
            && request.GlobalSecondaryIndexUpdates is null or { Count: 0 }
        )
        {
            throw Errors.Validation(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
            );
        }

        if (request.BillingMode == "PAY_PER_REQUEST")
        {
            TableChecks.Billing(request.BillingMode, request.ProvisionedThroughput);
        }
    }

    private static TableDocument Billing(TableDocument table, UpdateTableRequest request, DateTimeOffset now)
    {
        var mode = request.BillingMode ?? table.BillingMode;
        if (mode == "PAY_PER_REQUEST")
        {
            TableChecks.Billing(mode, request.ProvisionedThroughput);
            return mode == table.BillingMode
                ? table
                : table with
                {
                    BillingMode = mode,
                    OnDemandSince = now,
                    Throughput = Throughput.OnDemand,
                    Indexes = [.. table.Indexes.Select(index => index with { Throughput = Throughput.OnDemand })],
                };
        }

        if (table.BillingMode == "PAY_PER_REQUEST")
        {
            TableChecks.Billing(mode, request.ProvisionedThroughput);
            foreach (var index in table.Indexes.Where(index => index.IsGlobal))
            {
                if (
                    request.GlobalSecondaryIndexUpdates?.Exists(update =>
                        update.Update?.IndexName == index.Name || update.Delete?.Name == index.Name
                    ) != true
                )
                {
                    throw Errors.Invalid($"ProvisionedThroughput must be specified for index: {index.Name}");
                }
            }
        }

        if (request.ProvisionedThroughput is not { } given)
        {
            return table;
        }

        if (
            given.ReadCapacityUnits == table.Throughput.Read
            && given.WriteCapacityUnits == table.Throughput.Write
            && mode == table.BillingMode
            && request.GlobalSecondaryIndexUpdates is null
        )
        {
            throw Errors.Validation(
                $"The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: {table.Throughput.Read}. "
                    + $"Requested ReadCapacityUnits: {given.ReadCapacityUnits}. Current WriteCapacityUnits provisioned for the table: {table.Throughput.Write}. Requested WriteCapacityUnits: {given.WriteCapacityUnits}. "
                    + "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
            );
        }

        return table with
        {
            BillingMode = mode,
            Throughput = Changed(table.Throughput, given, now),
        };
    }

    private static Throughput Changed(Throughput before, ProvisionedThroughput given, DateTimeOffset now)
    {
        var (read, write) = (given.ReadCapacityUnits!.Value, given.WriteCapacityUnits!.Value);
        return new Throughput(
            read,
            write,
            read > before.Read || write > before.Write ? now : before.LastIncrease,
            read < before.Read || write < before.Write ? now : before.LastDecrease
        );
    }

    private TableDocument Stream(Transaction transaction, Scope scope, TableDocument table, StreamSpecification? specification)
    {
        switch (specification?.StreamEnabled)
        {
            case true when table.StreamViewType is not null:
                throw Errors.Validation("Table already has an enabled stream: TableName: " + table.Name);
            case true:
                var stream = streams.Enable(transaction, scope, table, specification.StreamViewType!);
                return table with { StreamViewType = stream.ViewType, LatestStreamArn = stream.Arn, LatestStreamLabel = stream.Label };
            case false when table.StreamViewType is null:
                throw Errors.Validation("Table already has a disabled stream: TableName: " + table.Name);
            case false:
                streams.Disable(transaction, scope, table);
                return table with { StreamViewType = null };
            default:
                return table;
        }
    }

    private static TableDocument Index(
        Transaction transaction,
        Scope scope,
        TableDocument table,
        GlobalSecondaryIndexUpdate update,
        UpdateTableRequest request,
        DateTimeOffset now,
        List<string> added
    )
    {
        IndexDocument Find(string? name) =>
            table.Indexes.Find(index => index.IsGlobal && index.Name == name) ?? throw Errors.ResourceNotFound($"Index: {name} not found");

        if (update.Create is { } create)
        {
            if (table.Indexes.Exists(index => index.Name == create.IndexName))
            {
                throw Errors.Validation($"Attempting to create an index which already exists: {create.IndexName}");
            }

            if (added.Count > 0)
            {
                throw new AwsException(
                    "LimitExceededException",
                    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
                );
            }

            TableChecks.GlobalIndex(create, Merge(table.AttributeDefinitions, request.AttributeDefinitions), table.BillingMode);
            added.Add(create.IndexName!);
            return table with
            {
                AttributeDefinitions = Merge(table.AttributeDefinitions, request.AttributeDefinitions),
                Indexes =
                [
                    .. table.Indexes,
                    new IndexDocument(
                        create.IndexName!,
                        Tables.NewSpace(transaction, scope),
                        true,
                        create.KeySchema!,
                        create.Projection!,
                        CreateTable.ThroughputOf(create.ProvisionedThroughput),
                        "CREATING",
                        now + Tables.SettlingTime
                    ),
                ],
            };
        }

        if (update.Delete is { } delete)
        {
            var gone = Find(delete.Name);
            return table with
            {
                Indexes =
                [
                    .. table.Indexes.Select(index =>
                        index == gone ? gone with { Status = "DELETING", SettlesAt = now + Tables.SettlingTime } : index
                    ),
                ],
            };
        }

        var changed = Find(update.Update?.IndexName);
        return table with
        {
            Indexes =
            [
                .. table.Indexes.Select(index =>
                    index == changed
                        ? changed with
                        {
                            Throughput = Changed(changed.Throughput, update.Update!.ProvisionedThroughput!, now),
                            Status = "UPDATING",
                            SettlesAt = now + Tables.SettlingTime,
                        }
                        : index
                ),
            ],
        };
    }

    /// <summary>Definitions of what is a key somewhere: those of an index that goes are no longer needed.</summary>
    private static List<AttributeDefinition> Definitions(TableDocument table, List<AttributeDefinition>? given)
    {
        var used = table
            .KeySchema.Concat(table.Indexes.SelectMany(index => index.KeySchema))
            .Select(element => element.AttributeName)
            .ToHashSet();
        return [.. Merge(table.AttributeDefinitions, given).Where(definition => used.Contains(definition.AttributeName))];
    }

    private static List<AttributeDefinition> Merge(List<AttributeDefinition> there, List<AttributeDefinition>? given) =>
        [.. there, .. (given ?? []).Where(definition => there.TrueForAll(other => other.AttributeName != definition.AttributeName))];

    /// <summary>Backfill: an item whose value has the wrong type for the new index's key is left out of it.</summary>
    private static void Fill(Transaction transaction, Table table, List<string> added)
    {
        foreach (var index in table.Schema.Indexes.Where(index => added.Contains(index.Name)))
        {
            transaction.Scan(
                "SELECT hk, rk, hash, value FROM dynamodb_item WHERE space = $1",
                row =>
                {
                    var item = ItemCodec.Decode(table.Key.Decrypt(row.GetFieldValue<byte[]>(3)));
                    if (
                        index.Entry(item) is { } entry
                        && index.Keys.All.All(key => entry[key.Name].Type == key.Type && entry[key.Name].Length() != 0)
                    )
                    {
                        Items.PutEntry(
                            transaction,
                            table,
                            index,
                            new RowKey(row.GetInt64(2), row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)),
                            entry
                        );
                    }

                    return true;
                },
                table.Document.Space
            );
        }
    }

    /// <summary>Under another key: every row is written again, and a stream that is on goes on under a shard's own key.</summary>
    private TableDocument Encrypt(Transaction transaction, Scope scope, TableDocument before, TableDocument after)
    {
        var (old, fresh) = (keys.Open(before.DataKey, scope), keys.Open(after.DataKey, scope));
        foreach (var space in after.Indexes.Select(index => index.Space).Prepend(after.Space))
        {
            var rows = transaction.Query(
                "SELECT hash, hk, rk, pk, value FROM dynamodb_item WHERE space = $1",
                row =>
                    (
                        Hash: row.GetInt64(0),
                        HashKey: row.GetFieldValue<byte[]>(1),
                        RangeKey: row.GetFieldValue<byte[]>(2),
                        Row: row.GetFieldValue<byte[]>(3),
                        Value: row.GetFieldValue<byte[]>(4)
                    ),
                space
            );
            foreach (var row in rows)
            {
                transaction.Execute(
                    "UPDATE dynamodb_item SET value = $6 WHERE space = $1 AND hash = $2 AND hk = $3 AND rk = $4 AND pk = $5",
                    space,
                    row.Hash,
                    row.HashKey,
                    row.RangeKey,
                    row.Row,
                    fresh.Encrypt(old.Decrypt(row.Value))
                );
            }
        }

        streams.Encrypt(transaction, scope, after, old, fresh);
        return after;
    }
}

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

    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughput? WarmThroughput { get; init; }
}

/// <summary>One change of a global index: exactly one of these.</summary>
internal sealed record GlobalSecondaryIndexUpdate(IndexThroughput? Update, IndexRequest? Create, IndexName? Delete);

internal sealed record IndexThroughput(string? IndexName, ProvisionedThroughput? ProvisionedThroughput)
{
    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughput? WarmThroughput { get; init; }
}

internal sealed record IndexName([property: System.Text.Json.Serialization.JsonPropertyName("IndexName")] string? Name);

internal sealed record UpdateTableResponse(TableDescription TableDescription);

/// <summary>Changes a table: UPDATING in the answer, ACTIVE when someone looks. A new index is filled in the same write.</summary>
internal sealed class UpdateTable(Database database, Clock clock, Tables tables, StreamWriter streams, DataKeys keys)
{
    public async Task<UpdateTableResponse> Run(UpdateTableRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var scope = Tables.ScopeOf(caller.Scope, request.TableName);
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
        ThroughputSettings.Check(request.OnDemandThroughput, request.WarmThroughput, table.BillingMode);
        table = Stream(transaction, scope, table, request.StreamSpecification);
        table = table with
        {
            DeletionProtection = request.DeletionProtectionEnabled ?? table.DeletionProtection,
            TableClass = request.TableClass ?? table.TableClass,
            OnDemandThroughput =
                table.BillingMode == "PAY_PER_REQUEST"
                    ? ThroughputSettings.Changed(table.OnDemandThroughput, request.OnDemandThroughput)
                    : null,
            Warm = ThroughputSettings.Changed(table.Warm, request.WarmThroughput, table.Throughput),
            TableClassChanged =
                request.TableClass is not null && request.TableClass != (table.TableClass ?? "STANDARD") ? now : table.TableClassChanged,
        };
        var added = new List<string>();
        foreach (var update in request.GlobalSecondaryIndexUpdates ?? [])
        {
            table = IndexUpdates.Apply(transaction, scope, table, update, request.AttributeDefinitions, now, added);
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

        TableRows.Fill(transaction, tables.Open(scope, table), added);
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
                checks.NotNull($"{at}.update.indexName", change.IndexName);
                if (change is { OnDemandThroughput: null, WarmThroughput: null })
                {
                    checks.NotNull($"{at}.update.provisionedThroughput", change.ProvisionedThroughput);
                }

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
                    DeletionProtectionEnabled: null,
                    OnDemandThroughput: null,
                    WarmThroughput: null
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
            Throughput = IndexUpdates.Changed(table.Throughput, given, now),
        };
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

    /// <summary>Definitions of what is a key somewhere: those of an index that goes are no longer needed.</summary>
    public static List<AttributeDefinition> Definitions(TableDocument table, List<AttributeDefinition>? given)
    {
        var used = table
            .KeySchema.Concat(table.Indexes.SelectMany(index => index.KeySchema))
            .Select(element => element.AttributeName)
            .ToHashSet();
        return [.. IndexUpdates.Merge(table.AttributeDefinitions, given).Where(definition => used.Contains(definition.AttributeName))];
    }

    /// <summary>Under another key: every row is written again, and a stream that is on goes on under a shard's own key.</summary>
    private TableDocument Encrypt(Transaction transaction, Scope scope, TableDocument before, TableDocument after)
    {
        var (old, fresh) = (keys.Open(before.DataKey, scope), keys.Open(after.DataKey, scope));
        foreach (var space in after.Indexes.Select(index => index.Space).Prepend(after.Space))
        {
            TableRows.Encrypt(transaction, space, old, fresh);
        }

        ChangeLog.Encrypt(transaction, after, old, fresh);
        streams.Encrypt(transaction, scope, after, old, fresh);
        return after;
    }
}

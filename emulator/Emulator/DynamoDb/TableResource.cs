using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>The properties of <c>AWS::DynamoDB::Table</c>.</summary>
internal sealed record TableProperties
{
    public string? TableName { get; init; }

    public List<AttributeDefinition>? AttributeDefinitions { get; init; }

    public List<KeySchemaElement>? KeySchema { get; init; }

    public string? BillingMode { get; init; }

    public ProvisionedThroughput? ProvisionedThroughput { get; init; }

    public List<IndexRequest>? GlobalSecondaryIndexes { get; init; }

    public List<IndexRequest>? LocalSecondaryIndexes { get; init; }

    public ResourceStream? StreamSpecification { get; init; }

    public ResourceEncryption? SSESpecification { get; init; }

    public PointInTimeRecoverySpecification? PointInTimeRecoverySpecification { get; init; }

    public TimeToLiveSpecification? TimeToLiveSpecification { get; init; }

    public List<Tag>? Tags { get; init; }

    public string? TableClass { get; init; }

    public bool? DeletionProtectionEnabled { get; init; }
}

/// <summary>A template switches a stream on by naming the view type.</summary>
internal sealed record ResourceStream(string? StreamViewType);

/// <summary>A template writes SSEEnabled where the API writes Enabled.</summary>
internal sealed record ResourceEncryption(bool? SSEEnabled, string? SSEType, string? KMSMasterKeyId);

/// <summary>Tables for CloudFormation.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html</remarks>
internal sealed class TableResource(
    Database database,
    Tables tables,
    CreateTable createTable,
    UpdateTable updateTable,
    DeleteTable deleteTable,
    UpdateTimeToLive timeToLive,
    ContinuousBackups backups
) : IResource
{
    public string Type => "AWS::DynamoDB::Table";

    public ResourceActions? Actions =>
        new(
            "dynamodb:CreateTable dynamodb:DescribeTable",
            "dynamodb:UpdateTable dynamodb:DescribeTable",
            "dynamodb:DeleteTable dynamodb:DescribeTable"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["TableName"] = new(UpdateType.Replacement),
            ["AttributeDefinitions"] = new(),
            ["KeySchema"] = new(UpdateType.Replacement, Required: true),
            ["BillingMode"] = new(),
            ["ProvisionedThroughput"] = new(),
            ["GlobalSecondaryIndexes"] = new(),
            ["LocalSecondaryIndexes"] = new(UpdateType.Replacement),
            ["StreamSpecification"] = new(),
            ["SSESpecification"] = new(),
            ["PointInTimeRecoverySpecification"] = new(),
            ["TimeToLiveSpecification"] = new(),
            ["Tags"] = new(),
            ["TableClass"] = new(),
            ["DeletionProtectionEnabled"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "StreamArn"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => TableResourceJson.Default.TableProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = Read(request.Properties);
        var name = properties.TableName ?? request.GenerateName(255);
        var scope = request.Caller.Scope;
        if (tables.Shelf.Get(scope, name) is { } there && there.CreationToken == request.Token)
        {
            return State(await Finish(scope, name, properties).ConfigureAwait(false));
        }

        await createTable
            .Run(
                new CreateTableRequest
                {
                    TableName = name,
                    AttributeDefinitions = properties.AttributeDefinitions,
                    KeySchema = properties.KeySchema,
                    BillingMode = properties.BillingMode,
                    ProvisionedThroughput = properties.ProvisionedThroughput,
                    GlobalSecondaryIndexes = properties.GlobalSecondaryIndexes,
                    LocalSecondaryIndexes = properties.LocalSecondaryIndexes,
                    StreamSpecification = Stream(properties),
                    SSESpecification = Encryption(properties.SSESpecification),
                    Tags = Tags(properties, request),
                    TableClass = properties.TableClass,
                    DeletionProtectionEnabled = properties.DeletionProtectionEnabled,
                },
                request.Caller,
                request.Token
            )
            .ConfigureAwait(false);
        return State(await Finish(scope, name, properties).ConfigureAwait(false));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var (properties, scope, name) = (Read(request.Properties), request.Caller.Scope, request.PhysicalId!);
        var table = await tables.Describe(scope, name).ConfigureAwait(false);
        if (
            properties.AttributeDefinitions?.Find(wanted =>
                table.AttributeDefinitions.Exists(there => there.AttributeName == wanted.AttributeName && there != wanted)
            ) is
            { } edited
        )
        {
            throw Errors.Validation(
                $"The type of the attribute {edited.AttributeName} cannot be changed: a table with another AttributeDefinition is another table."
            );
        }

        foreach (var step in Steps(table, properties, Read(request.PreviousProperties)))
        {
            await updateTable.Run(step with { TableName = name }, request.Caller, cancellation).ConfigureAwait(false);
            table = await tables.Describe(scope, name).ConfigureAwait(false);
        }

        await database
            .Write(transaction =>
            {
                var document = tables.Find(transaction, scope, name);
                tables.Shelf.Put(transaction, scope, name, document with { Tags = Tags(properties, request) });
            })
            .ConfigureAwait(false);
        return State(await Finish(scope, name, properties).ConfigureAwait(false));
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var (scope, name) = (request.Caller.Scope, request.PhysicalId!);
        if (tables.Shelf.Get(scope, name) is null)
        {
            return;
        }

        await tables.Describe(scope, name).ConfigureAwait(false);
        await deleteTable.Run(new DeleteTableRequest(name), request.Caller, cancellation).ConfigureAwait(false);
        await database.Write(transaction => tables.Look(transaction, scope, name, looked: true)).ConfigureAwait(false);
    }

    /// <summary>Settles the table, then what CreateTable does not take: time to live and recovery.</summary>
    private async Task<TableDocument> Finish(Scope scope, string name, TableProperties properties)
    {
        await tables.Describe(scope, name).ConfigureAwait(false);
        return await database
            .Write(transaction =>
            {
                var table = tables.Find(transaction, scope, name);
                var wanted = properties.TimeToLiveSpecification is { Enabled: true } specification ? specification.AttributeName : null;
                if (table.TimeToLiveAttribute is { } attribute && attribute != wanted)
                {
                    table = timeToLive.Set(transaction, scope, table, new TimeToLiveSpecification(false, attribute));
                }

                if (wanted is not null && table.TimeToLiveAttribute is null)
                {
                    table = timeToLive.Set(transaction, scope, table, new TimeToLiveSpecification(true, wanted));
                }

                table = backups.Set(table, properties.PointInTimeRecoverySpecification ?? new(false, null));
                tables.Shelf.Put(transaction, scope, name, table);
                return table;
            })
            .ConfigureAwait(false);
    }

    /// <summary>UpdateTable takes one kind of change at a time, and one index: CloudFormation does them one after the other.</summary>
    private static IEnumerable<UpdateTableRequest> Steps(TableDocument table, TableProperties wanted, TableProperties before)
    {
        var mode = wanted.BillingMode ?? "PROVISIONED";
        var throughput = wanted.ProvisionedThroughput;
        if (
            mode != table.BillingMode
            || (
                throughput is not null
                && CreateTable.ThroughputOf(throughput) is var given
                && (given.Read != table.Throughput.Read || given.Write != table.Throughput.Write)
            )
        )
        {
            // To provisioned capacity, every index that is there needs its own in the same step.
            var indexes =
                mode == table.BillingMode || mode == "PAY_PER_REQUEST"
                    ? null
                    : table
                        .Indexes.Where(index => index.IsGlobal)
                        .Select(index => new GlobalSecondaryIndexUpdate(
                            new IndexThroughput(
                                index.Name,
                                wanted.GlobalSecondaryIndexes?.Find(other => other.IndexName == index.Name)?.ProvisionedThroughput
                                    ?? throughput
                            ),
                            null,
                            null
                        ))
                        .ToList();
            yield return new UpdateTableRequest
            {
                BillingMode = mode,
                ProvisionedThroughput = throughput,
                GlobalSecondaryIndexUpdates = indexes,
            };
        }

        var view = wanted.StreamSpecification?.StreamViewType;
        if (table.StreamViewType is not null && table.StreamViewType != view)
        {
            yield return new UpdateTableRequest { StreamSpecification = new(false, null) };
        }

        if (view is not null && table.StreamViewType != view)
        {
            yield return new UpdateTableRequest { StreamSpecification = new(true, view) };
        }

        if (wanted.SSESpecification != before.SSESpecification)
        {
            yield return new UpdateTableRequest { SSESpecification = Encryption(wanted.SSESpecification) ?? new(false, null, null) };
        }

        if (
            (wanted.TableClass ?? "STANDARD") != (table.TableClass ?? "STANDARD")
            || (wanted.DeletionProtectionEnabled ?? false) != table.DeletionProtection
        )
        {
            yield return new UpdateTableRequest
            {
                TableClass = wanted.TableClass ?? (table.TableClass is null ? null : "STANDARD"),
                DeletionProtectionEnabled = wanted.DeletionProtectionEnabled ?? false,
            };
        }

        foreach (var step in IndexSteps(table, wanted))
        {
            yield return step;
        }
    }

    private static IEnumerable<UpdateTableRequest> IndexSteps(TableDocument table, TableProperties wanted)
    {
        var indexes = wanted.GlobalSecondaryIndexes ?? [];
        foreach (var there in table.Indexes.Where(index => index.IsGlobal))
        {
            var same = indexes.Find(index => index.IndexName == there.Name);
            if (same is null || !IsSame(there, same))
            {
                yield return new UpdateTableRequest { GlobalSecondaryIndexUpdates = [new(null, null, new IndexName(there.Name))] };
            }
            else if (
                same.ProvisionedThroughput is { } throughput
                && CreateTable.ThroughputOf(throughput) is var given
                && (given.Read != there.Throughput.Read || given.Write != there.Throughput.Write)
            )
            {
                yield return new UpdateTableRequest
                {
                    GlobalSecondaryIndexUpdates = [new(new IndexThroughput(there.Name, throughput), null, null)],
                };
            }
        }

        foreach (var index in indexes)
        {
            if (table.Indexes.Find(there => there.Name == index.IndexName) is not { } there || !IsSame(there, index))
            {
                yield return new UpdateTableRequest
                {
                    AttributeDefinitions = wanted.AttributeDefinitions,
                    GlobalSecondaryIndexUpdates = [new(null, index, null)],
                };
            }
        }
    }

    private static bool IsSame(IndexDocument there, IndexRequest index) =>
        there.KeySchema.SequenceEqual(index.KeySchema ?? [])
        && there.Projection.ProjectionType == index.Projection?.ProjectionType
        && (there.Projection.NonKeyAttributes ?? []).ToHashSet().SetEquals(index.Projection?.NonKeyAttributes ?? []);

    private static StreamSpecification? Stream(TableProperties properties) =>
        properties.StreamSpecification is { } stream ? new StreamSpecification(true, stream.StreamViewType) : null;

    private static SSESpecification? Encryption(ResourceEncryption? encryption) =>
        encryption is null ? null : new SSESpecification(encryption.SSEEnabled, encryption.SSEType, encryption.KMSMasterKeyId);

    /// <summary>Those of the stack with <c>aws:</c> before their name are not shown (recorded on AWS).</summary>
    private static List<Tag> Tags(TableProperties properties, ResourceRequest request) =>
        [
            .. (properties.Tags ?? []),
            .. request
                .StackTags.Where(tag => !tag.Key.StartsWith("aws:", StringComparison.Ordinal))
                .Where(tag => properties.Tags?.Exists(own => own.Key == tag.Key) != true)
                .Select(tag => new Tag(tag.Key, tag.Value)),
        ];

    private static ResourceState State(TableDocument table) =>
        table.StreamViewType is null
            ? ResourceState.Of(table.Name, ("Arn", table.Arn))
            : ResourceState.Of(table.Name, ("Arn", table.Arn), ("StreamArn", table.LatestStreamArn!));

    private static TableProperties Read(JsonElement properties)
    {
        try
        {
            return properties.Deserialize(TableResourceJson.Default.TableProperties)!;
        }
        catch (JsonException failure)
        {
            throw Errors.Validation($"Properties validation failed for resource: {failure.Message}");
        }
    }
}

/// <summary>Templates may write numbers and booleans as text.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(BooleanTextConverter), typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(TableProperties))]
internal sealed partial class TableResourceJson : JsonSerializerContext;

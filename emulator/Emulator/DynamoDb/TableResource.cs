using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
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

    public TemplatePolicy? ResourcePolicy { get; init; }

    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughput? WarmThroughput { get; init; }
}

/// <summary>A policy as a template writes it.</summary>
internal sealed record TemplatePolicy(JsonElement? PolicyDocument);

/// <summary>A template switches a stream on by naming the view type.</summary>
internal sealed record ResourceStream(string? StreamViewType)
{
    public TemplatePolicy? ResourcePolicy { get; init; }
}

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
    ContinuousBackups backups,
    ResourcePolicies policies,
    Authorizer authorizer
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
            ["ResourcePolicy"] = new(),
            ["OnDemandThroughput"] = new(),
            ["WarmThroughput"] = new(),
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

        RequirePolicies(request, name, properties, new TableProperties());
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
                    SSESpecification = TableSteps.Encryption(properties.SSESpecification),
                    Tags = Tags(properties, request),
                    TableClass = properties.TableClass,
                    DeletionProtectionEnabled = properties.DeletionProtectionEnabled,
                    ResourcePolicy = Policy(properties),
                    OnDemandThroughput = properties.OnDemandThroughput,
                    WarmThroughput = properties.WarmThroughput,
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
        var previous = Read(request.PreviousProperties);
        RequirePolicies(request, name, properties, previous);
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

        foreach (var step in TableSteps.Of(table, properties, previous))
        {
            await updateTable.Run(step with { TableName = name }, request.Caller, cancellation).ConfigureAwait(false);
            table = await tables.Describe(scope, name).ConfigureAwait(false);
        }

        await database
            .Write(transaction =>
            {
                var document = tables.Find(transaction, scope, name);
                document = document with { Tags = Tags(properties, request) };
                // A policy that was changed beside the template stays until the template's own changes.
                if (Policy(properties) is var policy && policy != Policy(previous))
                {
                    document = policies.Set(document, policy);
                }

                if (StreamPolicy(properties) is null && StreamPolicy(previous) is not null && document.StreamViewType is not null)
                {
                    policies.SetStream(transaction, document.LatestStreamArn!, null);
                }

                tables.Shelf.Put(transaction, scope, name, document);
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

                if (StreamPolicy(properties) is { } policy)
                {
                    policies.SetStream(transaction, table.LatestStreamArn!, policy);
                }

                table = backups.Set(transaction, scope, table, properties.PointInTimeRecoverySpecification ?? new(false, null));
                tables.Shelf.Put(transaction, scope, name, table);
                return table;
            })
            .ConfigureAwait(false);
    }

    private static string? Policy(TableProperties properties) => properties.ResourcePolicy?.PolicyDocument?.GetRawText();

    private static string? StreamPolicy(TableProperties properties) =>
        properties.StreamSpecification?.ResourcePolicy?.PolicyDocument?.GetRawText();

    /// <summary>Policies ask for rights of their own, where the template has or changes them.</summary>
    private void RequirePolicies(ResourceRequest request, string name, TableProperties wanted, TableProperties before)
    {
        var changes = new[] { (Policy(wanted), Policy(before)), (StreamPolicy(wanted), StreamPolicy(before)) };
        foreach (var (text, _) in changes.Where(change => change.Item1 != change.Item2))
        {
            authorizer.Require(
                request.Caller,
                new Access(
                    text is null ? "dynamodb:DeleteResourcePolicy" : "dynamodb:PutResourcePolicy",
                    Arn.Of("dynamodb", request.Caller.Scope, $"table/{name}")
                ),
                message => new AwsException("AccessDenied", message, 403)
            );
        }
    }

    private static StreamSpecification? Stream(TableProperties properties) =>
        properties.StreamSpecification is { } stream ? new StreamSpecification(true, stream.StreamViewType) : null;

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

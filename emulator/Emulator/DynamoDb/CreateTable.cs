using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record CreateTableRequest
{
    public string? TableName { get; init; }

    public List<AttributeDefinition>? AttributeDefinitions { get; init; }

    public List<KeySchemaElement>? KeySchema { get; init; }

    public List<IndexRequest>? LocalSecondaryIndexes { get; init; }

    public List<IndexRequest>? GlobalSecondaryIndexes { get; init; }

    public string? BillingMode { get; init; }

    public ProvisionedThroughput? ProvisionedThroughput { get; init; }

    public StreamSpecification? StreamSpecification { get; init; }

    public SSESpecification? SSESpecification { get; init; }

    public List<Tag>? Tags { get; init; }

    public string? TableClass { get; init; }

    public bool? DeletionProtectionEnabled { get; init; }

    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughput? WarmThroughput { get; init; }

    /// <summary>A resource-based policy, which asks for the right to PutResourcePolicy too.</summary>
    public string? ResourcePolicy { get; init; }
}

/// <summary>A secondary index as a request defines it.</summary>
internal sealed record IndexRequest(
    string? IndexName,
    List<KeySchemaElement>? KeySchema,
    IndexProjection? Projection,
    ProvisionedThroughput? ProvisionedThroughput
)
{
    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughput? WarmThroughput { get; init; }
}

internal sealed record CreateTableResponse(TableDescription TableDescription);

/// <summary>Creates a table: CREATING in the answer, ACTIVE when someone looks.</summary>
internal sealed class CreateTable(
    Database database,
    Clock clock,
    Tables tables,
    StreamWriter streams,
    DataKeys keys,
    ResourcePolicies policies
)
{
    public Task<CreateTableResponse> Run(CreateTableRequest request, Caller caller, CancellationToken cancellation) =>
        Run(request, caller, null);

    /// <param name="creationToken">Kept with the table, so that a repeated step of CloudFormation finds it.</param>
    public async Task<CreateTableResponse> Run(CreateTableRequest request, Caller caller, string? creationToken)
    {
        TableChecks.Create(request);
        if (request.ResourcePolicy is { } policy)
        {
            ResourcePolicies.CheckDocument(policy);
        }

        var name = Tables.NameOf(request.TableName!);
        var scope = caller.Scope;
        var key = await keys.Generate(KeyName(request.SSESpecification), caller, "dynamodb", KeyContext(name, caller))
            .ConfigureAwait(false);
        var description = await database
            .Write(transaction =>
            {
                if (tables.Look(transaction, scope, name, looked: false) is not null)
                {
                    throw Errors.ResourceInUse($"Table already exists: {name}");
                }

                var table = Document(request, name, transaction, scope, key, clock.GetUtcNow()) with { CreationToken = creationToken };
                if (request.StreamSpecification?.StreamEnabled == true)
                {
                    var stream = streams.Enable(transaction, scope, table, request.StreamSpecification.StreamViewType!);
                    table = table with { StreamViewType = stream.ViewType, LatestStreamArn = stream.Arn, LatestStreamLabel = stream.Label };
                }

                return TableDescription.Of(tables.Put(transaction, scope, policies.Set(table, request.ResourcePolicy)), transaction);
            })
            .ConfigureAwait(false);
        return new CreateTableResponse(description);
    }

    /// <summary>Which KMS key a specification means: the account's managed one, a customer's, or none of the account.</summary>
    public static string KeyName(SSESpecification? specification) =>
        specification?.Enabled == true ? specification.KMSMasterKeyId ?? "alias/aws/dynamodb" : DataKeys.AwsOwned;

    public static Dictionary<string, string> KeyContext(string table, Caller caller) =>
        new(StringComparer.Ordinal) { ["aws:dynamodb:tableName"] = table, ["aws:dynamodb:subscriberId"] = caller.Account };

    public static Throughput ThroughputOf(ProvisionedThroughput? given) =>
        given is null ? Throughput.OnDemand : new Throughput(given.ReadCapacityUnits!.Value, given.WriteCapacityUnits!.Value);

    private static TableDocument Document(
        CreateTableRequest request,
        string name,
        Transaction transaction,
        Scope scope,
        DataKey key,
        DateTimeOffset now
    )
    {
        IndexDocument Index(IndexRequest index, bool isGlobal) =>
            new(
                index.IndexName!,
                Tables.NewSpace(transaction, scope),
                isGlobal,
                index.KeySchema!,
                index.Projection!,
                ThroughputOf(index.ProvisionedThroughput),
                "ACTIVE",
                now
            )
            {
                OnDemandThroughput = ThroughputSettings.Changed(null, index.OnDemandThroughput),
                Warm = ThroughputSettings.Changed(null, index.WarmThroughput, ThroughputOf(index.ProvisionedThroughput)),
            };

        var billingMode = request.BillingMode ?? "PROVISIONED";
        return new TableDocument
        {
            Name = name,
            Id = Guid.NewGuid().ToString(),
            Arn = Arn.Of("dynamodb", scope, $"table/{name}"),
            Space = Tables.NewSpace(transaction, scope),
            Created = now,
            Status = "CREATING",
            SettlesAt = now + Tables.SettlingTime,
            AttributeDefinitions = request.AttributeDefinitions!,
            KeySchema = request.KeySchema!,
            Indexes =
            [
                .. (request.LocalSecondaryIndexes ?? []).Select(index => Index(index, isGlobal: false)),
                .. (request.GlobalSecondaryIndexes ?? []).Select(index => Index(index, isGlobal: true)),
            ],
            BillingMode = billingMode,
            OnDemandSince = billingMode == "PAY_PER_REQUEST" ? now : null,
            Throughput = ThroughputOf(request.ProvisionedThroughput),
            OnDemandThroughput = ThroughputSettings.Changed(null, request.OnDemandThroughput),
            Warm = ThroughputSettings.Changed(null, request.WarmThroughput, ThroughputOf(request.ProvisionedThroughput)),
            KmsKeyArn = request.SSESpecification?.Enabled == true ? key.Envelope.KeyArn : null,
            DataKey = key.Envelope,
            Tags = request.Tags ?? [],
            TableClass = request.TableClass,
            DeletionProtection = request.DeletionProtectionEnabled == true,
        };
    }
}

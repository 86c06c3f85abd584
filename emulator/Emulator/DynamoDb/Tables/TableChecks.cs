namespace Disa.Emulator.DynamoDb;

/// <summary>What AWS asks of a table's definition, in its order and words.</summary>
internal static class TableChecks
{
    /// <summary>Attributes of a global index's partition key, and of its sort key.</summary>
    private const int MostOfAKind = 4;

    private static readonly string[] BillingModes = ["PROVISIONED", "PAY_PER_REQUEST"];

    public static void Create(CreateTableRequest request)
    {
        if (request.TableName is null)
        {
            throw Errors.Validation("The parameter 'TableName' is required but was not present in the request");
        }

        Name(request.TableName);
        var checks = new Checks()
            .NotNull("attributeDefinitions", request.AttributeDefinitions)
            .Table(request.TableName)
            .OneOf("billingMode", request.BillingMode, BillingModes)
            .NotNull("keySchema", request.KeySchema)
            .OneOf("tableClass", request.TableClass, "STANDARD", "STANDARD_INFREQUENT_ACCESS");
        Definitions(checks, request.AttributeDefinitions);
        Schema(checks, "keySchema", request.KeySchema);
        Capacity(checks, "provisionedThroughput", request.ProvisionedThroughput);
        Indexes(checks, "localSecondaryIndexes", request.LocalSecondaryIndexes);
        Indexes(checks, "globalSecondaryIndexes", request.GlobalSecondaryIndexes);
        checks.OneOf(
            "streamSpecification.streamViewType",
            request.StreamSpecification?.StreamViewType,
            "NEW_IMAGE",
            "OLD_IMAGE",
            "NEW_AND_OLD_IMAGES",
            "KEYS_ONLY"
        );
        checks.Throw();

        Billing(request.BillingMode ?? "PROVISIONED", request.ProvisionedThroughput);
        ThroughputSettings.Check(request.OnDemandThroughput, request.WarmThroughput, request.BillingMode ?? "PROVISIONED");
        Keys(request.KeySchema!, request.AttributeDefinitions!);
        if (
            request.LocalSecondaryIndexes is null
            && request.GlobalSecondaryIndexes is null
            && request.KeySchema!.Count != request.AttributeDefinitions!.Count
        )
        {
            throw Errors.Invalid(
                "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            );
        }

        LocalIndexes(request);
        GlobalIndexes(request);
        AllDefinitionsUsed(request);
        Stream(request.StreamSpecification);
        Encryption(request.SSESpecification);
        foreach (var tag in request.Tags ?? [])
        {
            TagCheck(tag);
        }
    }

    public static void Name(string tableName)
    {
        if (!tableName.StartsWith("arn:", StringComparison.Ordinal) && tableName.Length is < 3 or > 255)
        {
            throw Errors.Validation("TableName must be at least 3 characters long and at most 255 characters long");
        }
    }

    public static void Definitions(Checks checks, List<AttributeDefinition>? definitions)
    {
        for (var i = 0; i < definitions?.Count; i++)
        {
            checks
                .NotNull($"attributeDefinitions.{i + 1}.member.attributeName", definitions[i].AttributeName)
                .NotNull($"attributeDefinitions.{i + 1}.member.attributeType", definitions[i].AttributeType)
                .Length($"attributeDefinitions.{i + 1}.member.attributeName", definitions[i].AttributeName, 1, 255)
                .OneOf($"attributeDefinitions.{i + 1}.member.attributeType", definitions[i].AttributeType, "B", "N", "S");
        }
    }

    public static void Capacity(Checks checks, string path, ProvisionedThroughput? throughput)
    {
        if (throughput is not null)
        {
            checks
                .NotNull($"{path}.writeCapacityUnits", throughput.WriteCapacityUnits)
                .AtLeast($"{path}.writeCapacityUnits", throughput.WriteCapacityUnits, 1)
                .NotNull($"{path}.readCapacityUnits", throughput.ReadCapacityUnits)
                .AtLeast($"{path}.readCapacityUnits", throughput.ReadCapacityUnits, 1);
        }
    }

    public static void Billing(string mode, ProvisionedThroughput? throughput)
    {
        if (mode == "PAY_PER_REQUEST" && throughput is not null)
        {
            throw Errors.Invalid("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
        }

        if (mode == "PROVISIONED" && throughput is null)
        {
            throw Errors.Invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
        }
    }

    /// <summary>One global index, new with the table or added to it.</summary>
    public static void GlobalIndex(IndexRequest index, List<AttributeDefinition> definitions, string billingMode)
    {
        Keys(index.KeySchema!, definitions, isGlobalIndex: true);
        Projected(index);
        ThroughputSettings.Check(index.OnDemandThroughput, index.WarmThroughput, billingMode);
        if (billingMode == "PAY_PER_REQUEST" && index.ProvisionedThroughput is not null)
        {
            throw Errors.Invalid(
                $"ProvisionedThroughput should not be specified for index: {index.IndexName} when BillingMode is PAY_PER_REQUEST"
            );
        }

        if (billingMode == "PROVISIONED" && index.ProvisionedThroughput is null)
        {
            throw Errors.Invalid($"ProvisionedThroughput must be specified for index: {index.IndexName}");
        }
    }

    public static void Indexes(Checks checks, string path, List<IndexRequest>? indexes)
    {
        for (var i = 0; i < indexes?.Count; i++)
        {
            Index(checks, $"{path}.{i + 1}.member", indexes[i]);
        }
    }

    public static void Index(Checks checks, string at, IndexRequest index)
    {
        checks
            .NotNull($"{at}.indexName", index.IndexName)
            .Name($"{at}.indexName", index.IndexName)
            .Length($"{at}.indexName", index.IndexName, 3, 255)
            .NotNull($"{at}.keySchema", index.KeySchema)
            .NotNull($"{at}.projection", index.Projection)
            .OneOf($"{at}.projection.projectionType", index.Projection?.ProjectionType, "ALL", "INCLUDE", "KEYS_ONLY")
            .Count($"{at}.projection.nonKeyAttributes", index.Projection?.NonKeyAttributes?.Count, 1, 20, () => "[]");
        Schema(checks, $"{at}.keySchema", index.KeySchema);
        Capacity(checks, $"{at}.provisionedThroughput", index.ProvisionedThroughput);
    }

    public static void Stream(StreamSpecification? stream)
    {
        if (stream is null)
        {
            return;
        }

        if (stream.StreamEnabled is null)
        {
            throw Errors.Validation(
                "1 validation error detected: Value null at 'streamSpecification.streamEnabled' failed to satisfy constraint: Member must not be null"
            );
        }

        if (stream.StreamEnabled == true && stream.StreamViewType is null)
        {
            throw Errors.Invalid("ViewType parameter must be specified when StreamEnabled parameter is specified as true");
        }

        if (stream.StreamEnabled == false && stream.StreamViewType is not null)
        {
            throw Errors.Invalid("StreamViewType cannot be specified when StreamEnabled is false");
        }
    }

    public static void Encryption(SSESpecification? encryption)
    {
        if (encryption is null)
        {
            return;
        }

        if (encryption.Enabled != true && encryption.KMSMasterKeyId is not null)
        {
            throw Errors.Invalid("KMSMasterKeyId can not be specified when SSE is not enabled");
        }

        if (encryption.SSEType is not (null or "KMS"))
        {
            throw Errors.Invalid($"SSEType {encryption.SSEType} is not supported");
        }
    }

    public static void TagCheck(Tag tag)
    {
        new Checks()
            .NotNull("tags.member.key", tag.Key)
            .NotNull("tags.member.value", tag.Value)
            .Length("tags.member.key", tag.Key, 1, 128)
            .Length("tags.member.value", tag.Value, 0, 256)
            .Throw();
    }

    private static void Schema(Checks checks, string path, List<KeySchemaElement>? schema)
    {
        checks.Count(
            path,
            schema?.Count,
            1,
            path.StartsWith("globalSecondaryIndex", StringComparison.Ordinal) ? 2 * MostOfAKind : 2,
            () =>
                $"[{string.Join(", ", schema!.Select(element => $"KeySchemaElement(attributeName={element.AttributeName}, keyType={element.KeyType})"))}]"
        );
        for (var i = 0; i < schema?.Count; i++)
        {
            checks
                .NotNull($"{path}.{i + 1}.member.attributeName", schema[i].AttributeName)
                .NotNull($"{path}.{i + 1}.member.keyType", schema[i].KeyType)
                .OneOf($"{path}.{i + 1}.member.keyType", schema[i].KeyType, "HASH", "RANGE");
        }
    }

    private static void Keys(List<KeySchemaElement> schema, List<AttributeDefinition> definitions, bool isGlobalIndex = false)
    {
        var names = schema.Select(element => element.AttributeName).ToList();
        var defined = definitions.Select(definition => definition.AttributeName).ToList();
        if (names.Count > defined.Count && !names.Except(defined).Any())
        {
            throw Errors.Validation("Invalid KeySchema: Some index key attribute have no definition");
        }

        if (names.Except(defined).Any())
        {
            throw Errors.Invalid(
                "Some index key attributes are not defined in AttributeDefinitions. "
                    + $"Keys: [{string.Join(", ", names)}], AttributeDefinitions: [{string.Join(", ", defined)}]"
            );
        }

        if (names.Count == 2 && names[0] == names[1])
        {
            throw Errors.Validation("Both the Hash Key and the Range Key element in the KeySchema have the same name");
        }

        if (schema[0].KeyType != "HASH")
        {
            throw Errors.Validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        }

        if (isGlobalIndex)
        {
            SeveralOfAKind(schema);
        }
        else if (schema.Count == 2 && schema[1].KeyType != "RANGE")
        {
            throw Errors.Validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        }
    }

    /// <summary>Partition attributes first, then those of the sort key, up to four of each; the words are not verified.</summary>
    private static void SeveralOfAKind(List<KeySchemaElement> schema)
    {
        var hashes = schema.TakeWhile(element => element.KeyType == "HASH").Count();
        if (schema.Skip(hashes).Any(element => element.KeyType != "RANGE"))
        {
            throw Errors.Validation("Invalid KeySchema: HASH key elements must precede RANGE key elements");
        }

        if (hashes > MostOfAKind || schema.Count - hashes > MostOfAKind)
        {
            throw Errors.Validation($"Invalid KeySchema: A key has at most {MostOfAKind} HASH and {MostOfAKind} RANGE elements");
        }

        if (schema.Select(element => element.AttributeName).Distinct().Count() < schema.Count)
        {
            throw Errors.Validation("Invalid KeySchema: An attribute is named more than once");
        }
    }

    private static void LocalIndexes(CreateTableRequest request)
    {
        if (request.LocalSecondaryIndexes is not { } indexes)
        {
            return;
        }

        if (indexes.Count == 0)
        {
            throw Errors.Invalid("List of LocalSecondaryIndexes is empty");
        }

        if (request.KeySchema!.Count != 2)
        {
            throw Errors.Invalid("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
        }

        foreach (var index in indexes)
        {
            Keys(index.KeySchema!, request.AttributeDefinitions!);
            if (index.KeySchema!.Count != 2)
            {
                throw Errors.Invalid($"Index KeySchema does not have a range key for index: {index.IndexName}");
            }

            var (hash, tableHash) = (index.KeySchema[0].AttributeName, request.KeySchema[0].AttributeName);
            if (hash != tableHash)
            {
                throw Errors.Invalid(
                    $"Index KeySchema does not have the same leading hash key as table KeySchema for index: {index.IndexName}. index hash key: {hash}, table hash key: {tableHash}"
                );
            }

            Projected(index);
        }

        Distinct(indexes);
        if (indexes.Count > 5)
        {
            throw Errors.Invalid("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
        }
    }

    private static void GlobalIndexes(CreateTableRequest request)
    {
        if (request.GlobalSecondaryIndexes is not { } indexes)
        {
            return;
        }

        if (indexes.Count == 0)
        {
            throw Errors.Invalid("List of GlobalSecondaryIndexes is empty");
        }

        foreach (var index in indexes)
        {
            GlobalIndex(index, request.AttributeDefinitions!, request.BillingMode ?? "PROVISIONED");
        }

        Distinct([.. indexes, .. request.LocalSecondaryIndexes ?? []]);
        if (indexes.Count > 20)
        {
            throw Errors.Invalid("GlobalSecondaryIndex count exceeds the per-table limit of 20");
        }
    }

    private static void AllDefinitionsUsed(CreateTableRequest request)
    {
        var used = request
            .KeySchema!.Concat(
                (request.LocalSecondaryIndexes ?? []).Concat(request.GlobalSecondaryIndexes ?? []).SelectMany(index => index.KeySchema!)
            )
            .Select(element => element.AttributeName)
            .ToHashSet();
        var unused = request
            .AttributeDefinitions!.Select(definition => definition.AttributeName)
            .Where(name => !used.Contains(name))
            .ToList();
        if (unused.Count > 0)
        {
            throw Errors.Invalid(
                $"Some AttributeDefinitions are not used. AttributeDefinitions: [{string.Join(", ", request.AttributeDefinitions!.Select(definition => definition.AttributeName))}], keys used: [{string.Join(", ", used)}]"
            );
        }
    }

    private static void Projected(IndexRequest index)
    {
        if (index.Projection!.ProjectionType is not { } type)
        {
            throw Errors.Invalid("Unknown ProjectionType: null");
        }

        if (index.Projection.NonKeyAttributes is not null && type != "INCLUDE")
        {
            throw Errors.Invalid($"ProjectionType is {type}, but NonKeyAttributes is specified");
        }

        if (index.Projection.NonKeyAttributes is null && type == "INCLUDE")
        {
            throw Errors.Invalid($"ProjectionType is {type}, but NonKeyAttributes is not specified");
        }
    }

    private static void Distinct(List<IndexRequest> indexes)
    {
        if (indexes.GroupBy(index => index.IndexName).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Errors.Invalid($"Duplicate index name: {twice.Key}");
        }
    }
}

namespace Disa.Emulator.DynamoDb;

/// <summary>What leads from a table that is there to the one that a template describes.</summary>
internal static class TableSteps
{
    /// <summary>UpdateTable takes one kind of change at a time, and one index: CloudFormation does them one after the other.</summary>
    public static IEnumerable<UpdateTableRequest> Of(TableDocument table, TableProperties wanted, TableProperties before)
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

        var most =
            wanted.OnDemandThroughput == before.OnDemandThroughput || mode != "PAY_PER_REQUEST"
                ? null
                : wanted.OnDemandThroughput ?? new OnDemandThroughput(-1, -1);
        var warm = wanted.WarmThroughput == before.WarmThroughput ? null : wanted.WarmThroughput;
        if (most is not null || warm is not null)
        {
            yield return new UpdateTableRequest { OnDemandThroughput = most, WarmThroughput = warm };
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

    /// <summary>Whether a request describes an index that is there, but for its capacity.</summary>
    public static bool IsSame(IndexDocument there, IndexRequest index) =>
        there.KeySchema.SequenceEqual(index.KeySchema ?? [])
        && there.Projection.ProjectionType == index.Projection?.ProjectionType
        && (there.Projection.NonKeyAttributes ?? []).ToHashSet().SetEquals(index.Projection?.NonKeyAttributes ?? []);

    public static SSESpecification? Encryption(ResourceEncryption? encryption) =>
        encryption is null ? null : new SSESpecification(encryption.SSEEnabled, encryption.SSEType, encryption.KMSMasterKeyId);
}

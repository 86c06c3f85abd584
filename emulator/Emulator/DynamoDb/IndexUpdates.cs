using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>GlobalSecondaryIndexUpdates: an index more, one less, or another capacity.</summary>
internal static class IndexUpdates
{
    /// <param name="added">Takes the name of an index that is new.</param>
    public static TableDocument Apply(
        Transaction transaction,
        Scope scope,
        TableDocument table,
        GlobalSecondaryIndexUpdate update,
        List<AttributeDefinition>? definitions,
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

            TableChecks.GlobalIndex(create, Merge(table.AttributeDefinitions, definitions), table.BillingMode);
            added.Add(create.IndexName!);
            return table with
            {
                AttributeDefinitions = Merge(table.AttributeDefinitions, definitions),
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
                    )
                    {
                        OnDemandThroughput = ThroughputSettings.Changed(null, create.OnDemandThroughput),
                        Warm = ThroughputSettings.Changed(
                            null,
                            create.WarmThroughput,
                            CreateTable.ThroughputOf(create.ProvisionedThroughput)
                        ),
                    },
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
        ThroughputSettings.Check(update.Update!.OnDemandThroughput, update.Update.WarmThroughput, table.BillingMode);
        var throughput = update.Update.ProvisionedThroughput is { } given ? Changed(changed.Throughput, given, now) : changed.Throughput;
        return table with
        {
            Indexes =
            [
                .. table.Indexes.Select(index =>
                    index == changed
                        ? changed with
                        {
                            Throughput = throughput,
                            OnDemandThroughput = ThroughputSettings.Changed(changed.OnDemandThroughput, update.Update.OnDemandThroughput),
                            Warm = ThroughputSettings.Changed(changed.Warm, update.Update.WarmThroughput, throughput),
                            Status = "UPDATING",
                            SettlesAt = now + Tables.SettlingTime,
                        }
                        : index
                ),
            ],
        };
    }

    /// <summary>Provisioned capacity after a change, with the times that answers show.</summary>
    public static Throughput Changed(Throughput before, ProvisionedThroughput given, DateTimeOffset now)
    {
        var (read, write) = (given.ReadCapacityUnits!.Value, given.WriteCapacityUnits!.Value);
        return new Throughput(
            read,
            write,
            read > before.Read || write > before.Write ? now : before.LastIncrease,
            read < before.Read || write < before.Write ? now : before.LastDecrease
        );
    }

    public static List<AttributeDefinition> Merge(List<AttributeDefinition> there, List<AttributeDefinition>? given) =>
        [.. there, .. (given ?? []).Where(definition => there.TrueForAll(other => other.AttributeName != definition.AttributeName))];
}

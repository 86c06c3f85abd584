using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Cli.Deploy;

/// <summary>An index that Disa's table needs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Its partition key, a text.</param>
/// <param name="Range">Its sort key, a text.</param>
/// <param name="Holds">What is in it, in words.</param>
internal sealed record TableIndex(string Name, string Hash, string Range, string Holds)
{
    /// <summary>The step that adds it to a table.</summary>
    public TableStep AddTo(TableDescription table)
    {
        // On demand there is nothing to provision; else as much as the table itself: an index that is too slow throttles its table.
        var throughput =
            table.BillingModeSummary?.BillingMode == BillingMode.PAY_PER_REQUEST
                ? null
                : new ProvisionedThroughput
                {
                    ReadCapacityUnits = table.ProvisionedThroughput.ReadCapacityUnits,
                    WriteCapacityUnits = table.ProvisionedThroughput.WriteCapacityUnits,
                };
        var capacity = throughput is null
            ? ""
            : $$""","ProvisionedThroughput":{"ReadCapacityUnits":{{throughput.ReadCapacityUnits}},"WriteCapacityUnits":{{throughput.WriteCapacityUnits}} }""";
        return new(
            $"add the index {Name}, {Holds}{(throughput is null ? "" : $", with the table's own capacity ({throughput.ReadCapacityUnits} reads and {throughput.WriteCapacityUnits} writes a second)")}",
            $"aws dynamodb update-table --table-name {table.TableName} --attribute-definitions AttributeName={Hash},AttributeType=S AttributeName={Range},AttributeType=S --global-secondary-index-updates "
                + $$$"""'[{"Create":{"IndexName":"{{{Name}}}","KeySchema":[{"AttributeName":"{{{Hash}}}","KeyType":"HASH"},{"AttributeName":"{{{Range}}}","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}"""
                + capacity
                + "}}]'",
            new UpdateTableRequest
            {
                TableName = table.TableName,
                AttributeDefinitions = [new(Hash, ScalarAttributeType.S), new(Range, ScalarAttributeType.S)],
                GlobalSecondaryIndexUpdates =
                [
                    new()
                    {
                        Create = new()
                        {
                            IndexName = Name,
                            KeySchema = [new(Hash, KeyType.HASH), new(Range, KeyType.RANGE)],
                            Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                            ProvisionedThroughput = throughput,
                        },
                    },
                ],
            }
        );
    }
}

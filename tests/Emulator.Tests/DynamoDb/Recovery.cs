using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Emulator.Tests.DynamoDb.Dynamo;

namespace Disa.Emulator.Tests.DynamoDb;

/// <summary>Short ways to tables with point-in-time recovery.</summary>
internal static class Recovery
{
    public static void Indexed(CreateTableRequest request)
    {
        request.AttributeDefinitions.Add(new("city", ScalarAttributeType.S));
        request.GlobalSecondaryIndexes =
        [
            new()
            {
                IndexName = "by-city",
                KeySchema = [new("city", KeyType.HASH)],
                Projection = new() { ProjectionType = ProjectionType.ALL },
            },
        ];
    }

    public static DateTimeOffset Now(Dynamo dynamo) =>
        DateTimeOffset.FromUnixTimeSeconds(dynamo.Cloud.Clock.GetUtcNow().ToUnixTimeSeconds());

    public static Task Pass(Dynamo dynamo, int seconds) => dynamo.Cloud.Cloud.Advance(TimeSpan.FromSeconds(seconds));

    public static long Kept(Dynamo dynamo) =>
        dynamo.Cloud.Cloud.Database.Read(transaction => transaction.Number("SELECT COUNT(*) FROM dynamodb_change"))!.Value;

    public static Task Recover(Dynamo dynamo, bool on = true, int? days = null) =>
        dynamo.Client.UpdateContinuousBackupsAsync(
            new()
            {
                TableName = "table",
                PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = on, RecoveryPeriodInDays = days },
            }
        );

    public static async Task<PointInTimeRecoveryDescription> Window(Dynamo dynamo, string table) =>
        (await dynamo.Client.DescribeContinuousBackupsAsync(new() { TableName = table }))
            .ContinuousBackupsDescription
            .PointInTimeRecoveryDescription;

    /// <param name="time">Null: the latest.</param>
    public static Task<RestoreTableToPointInTimeResponse> Restore(Dynamo dynamo, string target, DateTimeOffset? time) =>
        dynamo.Client.RestoreTableToPointInTimeAsync(
            new()
            {
                SourceTableName = "table",
                TargetTableName = target,
                RestoreDateTime = time?.UtcDateTime,
                UseLatestRestorableTime = time is null ? true : null,
            }
        );

    public static async Task<string> Items(Dynamo dynamo, string table)
    {
        await dynamo.Client.DescribeTableAsync(table);
        return string.Join(
            ' ',
            (await dynamo.Client.ScanAsync(new ScanRequest(table)))
                .Items.Select(item => $"{item["pk"].S}={item["n"].N}")
                .Order(StringComparer.Ordinal)
        );
    }

    public static async Task<int> InCity(Dynamo dynamo, string table, string city) => (
            await dynamo.Client.QueryAsync(
                new QueryRequest(table)
                {
                    IndexName = "by-city",
                    KeyConditionExpression = "city = :city",
                    ExpressionAttributeValues = Item((":city", S(city))),
                }
            )
        ).Count!.Value;
}

using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Disa.Functions.Retry;

/// <summary>Asks CloudWatch for the alarm and keeps the answer where the workflow reads it: one call a sweep, not one a message.</summary>
/// <remarks>Natural key: the time since which the alarm is in its state; an older answer never overwrites a newer one.</remarks>
public sealed class Breaker(AmazonCloudWatchClient cloudWatch, AmazonDynamoDBClient dynamoDb, string alarmName, string controlTable, Log log)
{
    public const string Alarm = "ALARM";
    private const string Unknown = "INSUFFICIENT_DATA";
    private const string Id = "breaker";

    /// <param name="change">What EventBridge said, used where CloudWatch does not answer.</param>
    /// <param name="now">The sweep's time.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>The state by which to act.</returns>
    public async Task<string> RefreshAsync(AlarmChange? change, DateTimeOffset now, CancellationToken cancellation)
    {
        var (state, since) = await AskAsync(cancellation).ConfigureAwait(false) ?? FromEvent(change) ?? (null, null);
        if (state is null)
        {
            return await ReadAsync(cancellation).ConfigureAwait(false);
        }

        return await KeepAsync(state, since ?? now, now, cancellation).ConfigureAwait(false)
            ? state
            : await ReadAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<(string? State, DateTimeOffset? Since)?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await cloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [alarmName] }, cancellation).ConfigureAwait(false);
            if (answer.MetricAlarms.FirstOrDefault() is { StateValue: { } state } alarm)
            {
                return (state, alarm.StateUpdatedTimestamp is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null);
            }

            log.Write("warn", "There is no such alarm: sending goes on.", ("alarm", alarmName));
            return (Unknown, null);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            log.Write("warn", "CloudWatch did not answer for the alarm.", ("alarm", alarmName), ("text", e.Message));
            return null;
        }
    }

    private (string? State, DateTimeOffset? Since)? FromEvent(AlarmChange? change) =>
        change is { State.Value: { } state } && change.AlarmName == alarmName
            ? (state, Instant.TryParse(change.State.Timestamp?.Replace("+0000", "Z", StringComparison.Ordinal), out var since) ? since : null)
            : null;

    private async Task<bool> KeepAsync(string state, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            await dynamoDb.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = controlTable,
                    Key = Key(),
                    UpdateExpression = "SET #state = :state, #since = :since, #checked = :now, #alarm = :alarm",
                    ConditionExpression = "attribute_not_exists(#since) OR #since <= :since",
                    ExpressionAttributeNames = new() { ["#state"] = "state", ["#since"] = "since", ["#checked"] = "checkedAt", ["#alarm"] = "alarmName" },
                    ExpressionAttributeValues = new()
                    {
                        [":state"] = new() { S = state },
                        [":since"] = new() { S = Instant.Text(since) },
                        [":now"] = new() { S = Instant.Text(now) },
                        [":alarm"] = new() { S = alarmName },
                    },
                },
                cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>The record; without one nothing has failed yet.</summary>
    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        var response = await dynamoDb.GetItemAsync(new GetItemRequest { TableName = controlTable, Key = Key(), ConsistentRead = true }, cancellation).ConfigureAwait(false);
        return response.Item?.GetValueOrDefault("state")?.S ?? Unknown;
    }

    private static Dictionary<string, AttributeValue> Key() => new() { ["id"] = new() { S = Id } };
}

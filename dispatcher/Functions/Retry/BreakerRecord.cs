using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Retry;

/// <summary>The breaker as the workflow reads it, in the item "breaker" of the control table.</summary>
public sealed record BreakerRecord
{
    /// <summary>ALARM (open) and RAMP (closing) hold; OK and INSUFFICIENT_DATA send.</summary>
    public string State { get; init; } = BreakerState.Unknown;

    /// <summary>Since when the alarm is in the state that this record has taken note of.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Closed by probes while the alarm is still In Alarm: the workflow reports failures at once, for the alarm will not tell of them again.</summary>
    public bool Watch { get; init; }

    /// <summary>While closing: how many messages the next step takes.</summary>
    public int Ramp { get; init; }

    /// <summary>No probe before this time.</summary>
    public DateTimeOffset? ProbeAfter { get; init; }

    /// <summary>The probe, or the step of closing, that is in progress.</summary>
    public string? ProbeToken { get; init; }

    /// <summary>After this time it counts as lost.</summary>
    public DateTimeOffset? ProbeUntil { get; init; }

    /// <summary>Grows with each write, so that of two at once one has to look again.</summary>
    public long Version { get; init; }
}

/// <summary>Reads and writes the record.</summary>
public sealed class BreakerStore(AmazonDynamoDBClient client, string controlTable, string alarmName)
{
    private const string Id = "breaker";

    /// <summary>The record; without one nothing has failed yet.</summary>
    public async Task<BreakerRecord> ReadAsync(CancellationToken cancellation)
    {
        var response = await client
            .GetItemAsync(
                new GetItemRequest
                {
                    TableName = controlTable,
                    Key = Key(),
                    ConsistentRead = true,
                },
                cancellation
            )
            .ConfigureAwait(false);
        var item = response.Item ?? [];
        return new()
        {
            State = item.GetValueOrDefault("state")?.S ?? BreakerState.Unknown,
            Since = Time("since"),
            Watch = item.GetValueOrDefault("watch")?.BOOL == true,
            Ramp = (int)Number("ramp"),
            ProbeAfter = Time("probeAfter"),
            ProbeToken = item.GetValueOrDefault("probeToken")?.S,
            ProbeUntil = Time("probeUntil"),
            Version = Number("version"),
        };

        DateTimeOffset? Time(string name) => Instant.TryParse(item.GetValueOrDefault(name)?.S, out var time) ? time : null;
        long Number(string name) =>
            long.TryParse(item.GetValueOrDefault(name)?.N, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>False when someone else wrote it since it was read.</summary>
    public async Task<bool> WriteAsync(BreakerRecord record, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        var item = Key();
        item["state"] = new() { S = record.State };
        item["alarmName"] = new() { S = alarmName };
        item["checkedAt"] = new() { S = Instant.Text(now) };
        item["watch"] = new() { BOOL = record.Watch };
        item["ramp"] = new() { N = record.Ramp.ToString(CultureInfo.InvariantCulture) };
        item["version"] = new() { N = (record.Version + 1).ToString(CultureInfo.InvariantCulture) };
        foreach (
            var (name, time) in new[] { ("since", record.Since), ("probeAfter", record.ProbeAfter), ("probeUntil", record.ProbeUntil) }
        )
        {
            if (time is { } set)
            {
                item[name] = new() { S = Instant.Text(set) };
            }
        }

        if (record.ProbeToken is { } token)
        {
            item["probeToken"] = new() { S = token };
        }

        var writer = new AttributeValue { S = Guid.NewGuid().ToString("N") };
        item["writer"] = writer;

        try
        {
            await client
                .PutItemAsync(
                    new PutItemRequest
                    {
                        TableName = controlTable,
                        Item = item,
                        ConditionExpression = "attribute_not_exists(#version) OR #version = :seen",
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                        ExpressionAttributeNames = new() { ["#version"] = "version" },
                        ExpressionAttributeValues = new()
                        {
                            [":seen"] = new() { N = record.Version.ToString(CultureInfo.InvariantCulture) },
                        },
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException failed)
        {
            // Applied before, and its answer lost: the probe of this record is this writer's to send.
            return AttributeValues.Has(failed.Item, [new("writer", writer)]);
        }
    }

    private static Dictionary<string, AttributeValue> Key() => new() { ["id"] = new() { S = Id } };
}

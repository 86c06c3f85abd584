using System.Text.Json;
using Amazon.DynamoDBStreams;
using Amazon.DynamoDBStreams.Model;

namespace Disa.Functions.Init;

/// <summary>Reads stream records again that were given up: the queue names their place in the stream, which keeps them for 24 hours.</summary>
/// <remarks>
/// The form of the queue's messages: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html. Natural key: the
/// records' event ids, as if the stream had handed them over.
/// </remarks>
public sealed class GivenUpRecords(AmazonDynamoDBStreamsClient client, Log log)
{
    /// <summary>Pages without a record that are read while looking for the next one: a shard may have many, each costs a call.</summary>
    private const int MaxPages = 100;

    /// <summary>The records that a message of the queue names; none where they are gone from the stream, or it names none.</summary>
    /// <param name="body">The message.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<IReadOnlyList<StreamRecord>> ReadAsync(string body, CancellationToken cancellation)
    {
        if (Place(body) is not { } place)
        {
            // What a schedule could not call: the next run does the same.
            log.Write("info", "A message of the queue names no stream records.", ("text", body));
            return [];
        }

        try
        {
            return await ReadAsync(place, cancellation).ConfigureAwait(false);
        }
        catch (AmazonDynamoDBStreamsException gone) when (gone is TrimmedDataAccessException or ResourceNotFoundException)
        {
            log.Write(
                "error",
                "Records that were given up are gone from the stream; the audit finds their items.",
                ("shard", place.ShardId),
                ("from", place.First),
                ("to", place.Last)
            );
            return [];
        }
    }

    private async Task<IReadOnlyList<StreamRecord>> ReadAsync(ShardPlace place, CancellationToken cancellation)
    {
        var records = new List<StreamRecord>();
        var iterator = (
            await client
                .GetShardIteratorAsync(
                    new GetShardIteratorRequest
                    {
                        StreamArn = place.StreamArn,
                        ShardId = place.ShardId,
                        ShardIteratorType = "AT_SEQUENCE_NUMBER",
                        SequenceNumber = place.First,
                    },
                    cancellation
                )
                .ConfigureAwait(false)
        ).ShardIterator;
        for (var page = 0; iterator is not null && page < MaxPages; page++)
        {
            var answer = await client
                .GetRecordsAsync(new GetRecordsRequest { ShardIterator = iterator }, cancellation)
                .ConfigureAwait(false);
            foreach (var record in answer.Records)
            {
                if (record.Dynamodb is not { SequenceNumber: not null } change)
                {
                    continue;
                }

                if (IsAfter(change.SequenceNumber, place.Last))
                {
                    return records;
                }

                // In a shared table the workflow leaves alone what has no message: no image is needed to tell.
                records.Add(
                    new(record.EventID, record.EventName, new(change.Keys, change.ApproximateCreationDateTime, change.SequenceNumber))
                );
                if (change.SequenceNumber == place.Last)
                {
                    return records;
                }
            }

            iterator = answer.NextShardIterator;
        }

        return records;
    }

    /// <summary>Sequence numbers are whole numbers of up to forty digits.</summary>
    private static bool IsAfter(string number, string other) =>
        number.Length != other.Length ? number.Length > other.Length : string.CompareOrdinal(number, other) > 0;

    private static ShardPlace? Place(string body)
    {
        try
        {
            return JsonElement.Parse(body).TryGetProperty("DDBStreamBatchInfo", out var info)
                ? new(
                    info.GetProperty("streamArn").GetString()!,
                    info.GetProperty("shardId").GetString()!,
                    info.GetProperty("startSequenceNumber").GetString()!,
                    info.GetProperty("endSequenceNumber").GetString()!
                )
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private sealed record ShardPlace(string StreamArn, string ShardId, string First, string Last);
}

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record GetRecordsRequest(string? ShardIterator, int? Limit);

internal sealed record GetRecordsResponse(List<JsonElement> Records, string? NextShardIterator);

/// <summary>The next records of a shard: up to 1,000 or 1 MB.</summary>
internal sealed class GetRecords(Clock clock, StreamReader reader, ShardIterators iterators)
{
    private const int MaxBytes = 1024 * 1024;

    public GetRecordsResponse Run(GetRecordsRequest request, Caller caller)
    {
        new Checks()
            .NotNull("shardIterator", request.ShardIterator)
            .AtLeast("limit", request.Limit, 1)
            .AtMost("limit", request.Limit, 1000)
            .Throw();
        var iterator = iterators.Parse(request.ShardIterator!) ?? throw Errors.Validation("Invalid ShardIterator");
        var (stream, shard) = reader.Find(iterator.StreamArn, iterator.ShardId);
        var now = clock.GetUtcNow();
        if (now - iterator.Made >= ShardIterator.Life)
        {
            throw new AwsException(
                "ExpiredIteratorException",
                "Iterator expired. The iterator was created at time "
                    + $"{iterator.Made.UtcDateTime:ddd MMM dd HH:mm:ss 'UTC' yyyy} while right now it is {now.UtcDateTime:ddd MMM dd HH:mm:ss 'UTC' yyyy} which is further in the future than the tolerated delay of 15 minutes."
            );
        }

        var records = new List<JsonElement>();
        var bytes = 0;
        var last = iterator.After;
        var key = reader.Key(stream);
        var rows = reader.Rows(stream, shard, iterator.After, request.Limit ?? 1000);
        foreach (var row in rows)
        {
            bytes += row.Value.Length;
            if (records.Count > 0 && bytes > MaxBytes)
            {
                break;
            }

            records.Add(StreamReader.Json(stream, key, row, forLambda: false));
            last = row.Sequence;
        }

        // A closed shard that is read to its end has no next iterator.
        var ended = shard.Last is not null && records.Count == rows.Count && rows.Count < (request.Limit ?? 1000);
        return new GetRecordsResponse(records, ended ? null : iterators.Text(iterator with { After = last, Made = now }));
    }
}

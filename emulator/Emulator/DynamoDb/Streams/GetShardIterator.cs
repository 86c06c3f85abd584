using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record GetShardIteratorRequest(string? StreamArn, string? ShardId, string? ShardIteratorType, string? SequenceNumber);

internal sealed record GetShardIteratorResponse(string ShardIterator);

/// <summary>Where reading begins: an iterator is good for 15 minutes.</summary>
internal sealed class GetShardIterator(Database database, Clock clock, StreamReader reader, ShardIterators iterators)
{
    public GetShardIteratorResponse Run(GetShardIteratorRequest request, Caller caller)
    {
        new Checks()
            .NotNull("shardId", request.ShardId)
            .NotNull("streamArn", request.StreamArn)
            .NotNull("shardIteratorType", request.ShardIteratorType)
            .Length("shardId", request.ShardId, 28, 65)
            .Length("streamArn", request.StreamArn, 37, 1024)
            .OneOf("shardIteratorType", request.ShardIteratorType, "AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON")
            .Length("sequenceNumber", request.SequenceNumber, 21, 40)
            .Throw();
        var bySequence = request.ShardIteratorType is "AT_SEQUENCE_NUMBER" or "AFTER_SEQUENCE_NUMBER";
        if (bySequence != request.SequenceNumber is not null)
        {
            throw Errors.Validation(
                bySequence
                    ? $"The SequenceNumber parameter is required but was not present in the request when ShardIteratorType is {request.ShardIteratorType}"
                    : $"The SequenceNumber parameter must not be present in the request when ShardIteratorType is {request.ShardIteratorType}"
            );
        }

        var (stream, shard) = reader.Find(request.StreamArn!, request.ShardId!);
        var after = request.ShardIteratorType switch
        {
            "TRIM_HORIZON" => 0,
            "LATEST" => database.Read(transaction =>
                transaction.Number("SELECT MAX(sequence) FROM dynamodb_record WHERE stream = $1 AND shard = $2", stream.Space, shard.Number)
            ) ?? 0,
            "AT_SEQUENCE_NUMBER" => Sequence(request.SequenceNumber!, stream, shard) - 1,
            _ => Sequence(request.SequenceNumber!, stream, shard),
        };
        return new GetShardIteratorResponse(
            iterators.Text(new ShardIterator(stream.Arn, shard.Id, after, clock.GetUtcNow(), request.ShardIteratorType == "TRIM_HORIZON"))
        );
    }

    private long Sequence(string text, StreamDocument stream, ShardDocument shard)
    {
        var sequence = StreamReader.Parse(text);
        if (sequence < shard.First || sequence > shard.Last)
        {
            throw Errors.Validation($"Invalid SequenceNumber: {text} is not in the shard {shard.Id}");
        }

        // Trimmed: the number was given out, and what is kept begins behind it.
        var oldest = database.Read(transaction =>
            transaction.Number(
                "SELECT MIN(sequence) FROM dynamodb_record WHERE stream = $1 AND shard = $2 AND created > $3",
                stream.Space,
                shard.Number,
                (clock.GetUtcNow() - StreamWriter.Retention).ToUnixTimeMilliseconds()
            )
        );
        var newest =
            database.Read(transaction => transaction.Number("SELECT seq FROM sqlite_sequence WHERE name = 'dynamodb_record'")) ?? 0;
        return sequence < (oldest ?? newest + 1) && clock.GetUtcNow() - stream.Created > StreamWriter.Retention
            ? throw new AwsException(
                "TrimmedDataAccessException",
                "The operation attempted to read past the oldest stream record in a shard."
            )
            : sequence;
    }
}

/// <summary>A place in a shard: reading goes on behind <paramref name="After"/>.</summary>
/// <param name="Made">From when its 15 minutes count.</param>
/// <param name="FromHorizon">It reads from the oldest that is there, whatever that is.</param>
internal sealed record ShardIterator(string StreamArn, string ShardId, long After, DateTimeOffset Made, bool FromHorizon)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);
}

/// <summary>Iterators as callers have them: the stream's ARN in clear, and a token that says all of it.</summary>
internal sealed class ShardIterators(Tokens tokens)
{
    private const string Kind = "shard iterator";

    /// <summary>Null for a text that GetShardIterator or GetRecords never answered.</summary>
    public ShardIterator? Parse(string text) =>
        tokens.Read(Kind, text[(text.LastIndexOf('|') + 1)..])?.Split('|') is [var arn, var shard, var after, var made, var horizon]
            ? new(
                arn,
                shard,
                long.Parse(after, CultureInfo.InvariantCulture),
                DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(made, CultureInfo.InvariantCulture)),
                horizon == "1"
            )
            : null;

    public string Text(ShardIterator iterator) =>
        $"{iterator.StreamArn}|1|"
        + tokens.Make(
            Kind,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{iterator.StreamArn}|{iterator.ShardId}|{iterator.After}|{iterator.Made.ToUnixTimeMilliseconds()}|{(iterator.FromHorizon ? 1 : 0)}"
            )
        );
}

using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeStreamRequest(string? StreamArn, int? Limit, string? ExclusiveStartShardId);

internal sealed record DescribeStreamResponse(StreamDescription StreamDescription);

internal sealed record StreamDescription(
    string StreamArn,
    string StreamLabel,
    string StreamStatus,
    string StreamViewType,
    DateTimeOffset CreationRequestDateTime,
    string TableName,
    List<KeySchemaElement> KeySchema,
    List<ShardDescription> Shards,
    string? LastEvaluatedShardId
);

internal sealed record ShardDescription(string ShardId, SequenceNumberRange SequenceNumberRange, string? ParentShardId);

internal sealed record SequenceNumberRange(string StartingSequenceNumber, string? EndingSequenceNumber);

/// <summary>A stream and its shards.</summary>
internal sealed class DescribeStream(StreamWriter streams)
{
    public DescribeStreamResponse Run(DescribeStreamRequest request, Caller caller)
    {
        new Checks()
            .NotNull("streamArn", request.StreamArn)
            .Length("streamArn", request.StreamArn, 37, 1024)
            .AtLeast("limit", request.Limit, 1)
            .AtMost("limit", request.Limit, 100)
            .Throw();
        var stream = streams.Find(request.StreamArn!) ?? throw StreamReader.StreamNotFound(request.StreamArn!);
        var limit = request.Limit ?? 100;
        var shards = stream
            .Shards.Where(shard => string.CompareOrdinal(shard.Id, request.ExclusiveStartShardId) > 0)
            .Take(limit + 1)
            .Select(
                (shard, i) =>
                    new ShardDescription(
                        shard.Id,
                        new SequenceNumberRange(StreamReader.Text(shard.First), shard.Last is { } last ? StreamReader.Text(last) : null),
                        null
                    )
            )
            .ToList();
        var more = shards.Count > limit;
        return new DescribeStreamResponse(
            new StreamDescription(
                stream.Arn,
                stream.Label,
                stream.Disabled is null ? "ENABLED" : "DISABLED",
                stream.ViewType,
                stream.Created,
                stream.TableName,
                stream.KeySchema,
                more ? shards[..limit] : shards,
                more ? shards[limit - 1].ShardId : null
            )
        );
    }
}

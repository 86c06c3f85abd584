using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record ListStreamsRequest(string? TableName, int? Limit, string? ExclusiveStartStreamArn);

internal sealed record ListStreamsResponse(List<StreamSummary> Streams, string? LastEvaluatedStreamArn);

internal sealed record StreamSummary(string StreamArn, string TableName, string StreamLabel);

/// <summary>The caller's streams, also those switched off less than 24 hours ago.</summary>
internal sealed class ListStreams(StreamWriter streams)
{
    public ListStreamsResponse Run(ListStreamsRequest request, Caller caller)
    {
        new Checks().Name("tableName", request.TableName).AtLeast("limit", request.Limit, 1).AtMost("limit", request.Limit, 100).Throw();
        var limit = request.Limit ?? 100;
        var found = streams
            .Shelf.List(caller.Scope)
            .Values.Where(stream =>
                (request.TableName is null || stream.TableName == Tables.NameOf(request.TableName))
                && streams.Find(stream.Arn) is not null
                && string.CompareOrdinal(stream.Arn, request.ExclusiveStartStreamArn) > 0
            )
            .OrderBy(stream => stream.Arn, StringComparer.Ordinal)
            .Take(limit + 1)
            .Select(stream => new StreamSummary(stream.Arn, stream.TableName, stream.Label))
            .ToList();
        return found.Count > limit
            ? new ListStreamsResponse(found[..limit], found[limit - 1].StreamArn)
            : new ListStreamsResponse(found, null);
    }
}

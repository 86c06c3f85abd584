using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Microsoft.AspNetCore.Http;

namespace Disa.Emulator.Http;

/// <summary>REST-JSON: the operation is method and path; members travel in path, query, headers and a JSON body.</summary>
internal sealed class RestJsonWire : Wire
{
    public override (Operation Operation, object Request) Decode(AwsService service, WireRequest request)
    {
        var segments = request.Path.Trim('/').Split('/');
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        var all = service.Operations.Values;
        foreach (var operation in all.Where(IsMarked).Concat(all.Where(operation => !IsMarked(operation))))
        {
            if (
                operation.Rest is { } rest
                && rest.Method == request.Method
                && Match(rest.Segments, segments, members)
                && IsMarked(rest, request)
            )
            {
                if (request.Body.Length > rest.BodyLimit)
                {
                    throw new AwsException(
                        "RequestEntityTooLargeException",
                        $"Request must be smaller than {rest.BodyLimit} bytes for the {operation.Name} operation",
                        413
                    );
                }

                return (operation, Read(service, operation, rest, request, members));
            }
        }

        throw AwsException.NotImplemented(
            service.Undone.FirstOrDefault(undone => IsFor(undone.Rest, request, segments)) is { } known
                ? $"{service.SigningName}:{known.Name}"
                : $"{service.SigningName}: {request.Method} {request.Path}"
        );
    }

    public override WireResponse Encode(AwsService service, Operation operation, object response, string requestId)
    {
        var rest = operation.Rest!;
        var body =
            rest.GetPayload is { } payload ? payload(response)
            : operation.Response is null ? default
            : JsonSerializer.SerializeToUtf8Bytes(response, operation.Response);
        return new(rest.GetStatus?.Invoke(response) ?? rest.Status, body.Length == 0 ? null : "application/json", body)
        {
            Headers = rest.GetHeaders is { } headers
                ? headers(response).Where(header => header.Value is not null).Select(header => (header.Name, header.Value!)).ToList()
                : [],
        };
    }

    public override WireResponse EncodeError(AwsService? service, AwsException error, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            var (hasType, hasCapitalMessage) = service?.ErrorShape(error.Code) ?? (true, true);
            if (hasType && error.HasType)
            {
                writer.WriteString("Type", error.StatusCode < 500 ? "User" : "Service");
            }

            writer.WriteString(hasCapitalMessage ? "Message" : "message", error.Message);
            JsonWire.WriteDetails(writer, error);
            writer.WriteEndObject();
        }

        return new(error.StatusCode, "application/json", buffer.WrittenMemory) { Headers = [("x-amzn-ErrorType", error.Code)] };
    }

    /// <summary>By method, path and the query that the path names; whatever date is in front of it, as earlier versions had the operation too.</summary>
    private static bool IsFor(RestBinding rest, WireRequest request, string[] segments)
    {
        var (path, query) = rest.Path.Split('?') is [var before, var after] ? (before, after.Split('=')) : (rest.Path, []);
        var pattern = path.Trim('/').Split('/');
        string[] asked = DateOnly.TryParseExact(segments[0], "yyyy-MM-dd", out _) ? [pattern[0], .. segments[1..]] : segments;
        return rest.Method == request.Method
            && Match(pattern, asked, [])
            && (query.Length == 0 || request.Query().Any(parameter => parameter.Key == query[0] && parameter.Value == query[1]));
    }

    private static bool IsMarked(Operation operation) => operation.Rest?.Marker is not null;

    private static bool IsMarked(RestBinding rest, WireRequest request) =>
        rest.Marker is not { } marker || request.Query().Any(parameter => parameter.Key == marker.Name && parameter.Value == marker.Value);

    private static bool Match(string[] pattern, string[] segments, Dictionary<string, string> members)
    {
        members.Clear();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i].EndsWith("+}", StringComparison.Ordinal))
            {
                members[pattern[i][1..^2]] = Uri.UnescapeDataString(string.Join('/', segments.Skip(i)));
                return segments.Length > i;
            }

            if (i >= segments.Length)
            {
                return false;
            }

            if (pattern[i].StartsWith('{'))
            {
                members[pattern[i][1..^1]] = Uri.UnescapeDataString(segments[i]);
            }
            else if (pattern[i] != segments[i])
            {
                return false;
            }
        }

        return pattern.Length == segments.Length;
    }

    private static object Read(
        AwsService service,
        Operation operation,
        RestBinding rest,
        WireRequest request,
        Dictionary<string, string> path
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (member, value) in path)
            {
                WriteScalar(writer, operation.Request, member, value);
            }

            foreach (
                var group in request.Query().Where(parameter => parameter.Key != rest.Marker?.Name).GroupBy(parameter => parameter.Key)
            )
            {
                if (!rest.Query.TryGetValue(group.Key, out var member))
                {
                    throw AwsException.NotImplemented($"the parameter {group.Key} of {service.SigningName}:{operation.Name}");
                }

                WriteQuery(writer, operation.Request, member, group.Select(parameter => parameter.Value).ToList());
            }

            WriteHeaders(writer, operation, rest, request.Headers);
            writer.WriteEndObject();
        }

        if (rest.SetPayload is { } setPayload)
        {
            var record = RequestJson.Read(buffer.WrittenSpan, service.SigningName, operation);
            setPayload(record, request.Body);
            return record;
        }

        return Members(request.Body) is not { } members ? RequestJson.Read(buffer.WrittenSpan, service.SigningName, operation)
            : buffer.WrittenCount == 2 ? RequestJson.Read(request.Body.Span, service.SigningName, operation)
            : RequestJson.Read(Joined(buffer.WrittenMemory[..^1], members), service.SigningName, operation);
    }

    /// <summary>What is inside the body's object, with the brace that closes it; null where there is nothing inside.</summary>
    private static ReadOnlyMemory<byte>? Members(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        var blanks = " \t\r\n"u8;
        var start = body.Span.IndexOfAnyExcept(blanks);
        if (start < 0 || body.Span[start] != (byte)'{')
        {
            throw new AwsException("SerializationException", "Could not parse request body into json: an object is expected.");
        }

        var members = body[(start + 1)..];
        var first = members.Span.IndexOfAnyExcept(blanks);
        var isEmpty = first >= 0 && members.Span[first] == (byte)'}' && members.Span[(first + 1)..].IndexOfAnyExcept(blanks) < 0;
        return isEmpty ? (ReadOnlyMemory<byte>?)null : members;
    }

    /// <summary>The members from path, query and headers before those of the body, which is not copied.</summary>
    private static ReadOnlySequence<byte> Joined(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> members)
    {
        var first = new Piece(before, 0);
        var last = first.Then(","u8.ToArray()).Then(members);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }

    private static void WriteHeaders(Utf8JsonWriter writer, Operation operation, RestBinding rest, IHeaderDictionary headers)
    {
        foreach (var (header, member) in rest.Headers)
        {
            if (headers.TryGetValue(header, out var value))
            {
                WriteScalar(writer, operation.Request, member, value.ToString());
            }
        }
    }

    private static void WriteQuery(Utf8JsonWriter writer, JsonTypeInfo type, string member, List<string> values)
    {
        var property = type.Properties.FirstOrDefault(property => property.Name == member);
        if (property is not null && type.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Enumerable)
        {
            writer.WriteStartArray(member);
            values.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
            return;
        }

        WriteScalar(writer, type, member, values[^1]);
    }

    private static void WriteScalar(Utf8JsonWriter writer, JsonTypeInfo type, string member, string value)
    {
        writer.WritePropertyName(member);
        var property =
            type.Properties.FirstOrDefault(property => property.Name == member)
            ?? throw new InvalidOperationException($"{type.Type.Name} has no member {member}, which its path binds.");
        Scalars.Write(writer, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, value, member);
    }
}

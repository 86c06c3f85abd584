using System.Buffers;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>Reads an operation's record, and says in AWS's terms why it cannot be read.</summary>
internal static class RequestJson
{
    public static object Read(ReadOnlySpan<byte> json, string service, Operation operation)
    {
        try
        {
            var request = JsonSerializer.Deserialize(json.IsEmpty ? "{}"u8 : json, operation.Request) ?? throw Null();
            NullElements.Refuse(json, operation.Request, request);
            return request;
        }
        catch (JsonException failure) when (JsonFault.UnknownMember(failure) is { } member)
        {
            CheckForm(new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 }));
            throw Refused(member, service, operation);
        }
        catch (JsonException failure)
        {
            throw Unreadable(failure);
        }
    }

    /// <summary>The same where the JSON lies in several pieces, so that a large body need not be copied into one with what goes before it.</summary>
    public static object Read(ReadOnlySequence<byte> json, string service, Operation operation)
    {
        var options = new JsonReaderOptions { MaxDepth = operation.Request.Options.MaxDepth };
        try
        {
            var reader = new Utf8JsonReader(json, options);
            var request = JsonSerializer.Deserialize(ref reader, operation.Request) ?? throw Null();
            if (reader.Read())
            {
                throw new JsonException();
            }

            NullElements.Refuse(operation.Request, request);
            return request;
        }
        catch (JsonException failure) when (JsonFault.UnknownMember(failure) is { } member)
        {
            CheckForm(new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 }));
            throw Refused(member, service, operation);
        }
        catch (JsonException failure)
        {
            throw Unreadable(failure);
        }
    }

    private static AwsException Null() => new("SerializationException", "The request is null.");

    private static AwsException Unreadable(JsonException failure) => new("SerializationException", JsonFault.Explain(failure));

    /// <summary>AWS may know the member; this emulator does not honour it, and says so rather than act as if it did.</summary>
    private static AwsException Refused(string member, string service, Operation operation) =>
        AwsException.NotImplemented($"the parameter {member} of {service}:{operation.Name}");

    /// <summary>An unknown member in what is no JSON at all is the smaller fault.</summary>
    private static void CheckForm(Utf8JsonReader reader)
    {
        try
        {
            while (reader.Read()) { }
        }
        catch (JsonException failure)
        {
            throw Unreadable(failure);
        }
    }
}

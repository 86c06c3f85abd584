using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Http;

/// <summary>Reads an operation's record, and says in AWS's terms why it cannot be read.</summary>
internal static class RequestJson
{
    public static object Read(ReadOnlySpan<byte> json, string service, Operation operation)
    {
        try
        {
            return JsonSerializer.Deserialize(json.IsEmpty ? "{}"u8 : json, operation.Request)
                ?? throw new AwsException("SerializationException", "The request is null.");
        }
        catch (JsonException failure) when (Unmapped(failure) is { } member)
        {
            CheckForm(json);

            // AWS may know the member; this emulator does not honour it, and says so rather than act as if it did.
            throw AwsException.NotImplemented($"the parameter {member} of {service}:{operation.Name}");
        }
        catch (JsonException failure)
        {
            // The reader's own words name a type of this program, which is of no use to the caller.
            throw new AwsException("SerializationException", failure.Message.Contains(nameof(Disa), StringComparison.Ordinal)
                ? $"Unexpected value type in payload at {failure.Path}" : failure.Message);
        }
    }

    /// <summary>An unknown member in what is no JSON at all is the smaller fault.</summary>
    private static void CheckForm(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException failure)
        {
            throw new AwsException("SerializationException", failure.Message);
        }
    }

    private static string? Unmapped(JsonException failure)
    {
        const string marker = "could not be mapped to any .NET member";
        if (!failure.Message.Contains(marker, StringComparison.Ordinal))
        {
            return null;
        }

        var path = failure.Path?.TrimStart('$', '.');
        return string.IsNullOrEmpty(path) ? failure.Message.Split('\'') is [_, var name, ..] ? name : "?" : path;
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>Reads a resource's properties from a template into a room's record.</summary>
public static class TemplateProperties
{
    /// <exception cref="AwsException">A property has the wrong type, or is one that is not honoured here.</exception>
    public static T Read<T>(ResourceRequest request, JsonTypeInfo<T> type)
    {
        try
        {
            return request.Properties.Deserialize(type) ?? throw new JsonException("properties must not be null");
        }
        catch (JsonException failure)
        {
            throw new AwsException(
                "ValidationException",
                $"Properties validation failed for resource {request.LogicalId} with message: {failure.Message}"
            );
        }
    }
}

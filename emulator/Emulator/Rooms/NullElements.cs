using System.Collections;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>Refuses null in lists and maps. AWS's models do not allow it, and the operations do not check for it.</summary>
internal static class NullElements
{
    /// <param name="json">The request as received. If the word null does not occur in it, nothing is checked.</param>
    /// <param name="type">The type of the deserialized request.</param>
    /// <param name="request">The deserialized request.</param>
    /// <exception cref="AwsException">SerializationException.</exception>
    public static void Refuse(ReadOnlySpan<byte> json, JsonTypeInfo type, object request)
    {
        if (json.IndexOf("null"u8) >= 0)
        {
            Refuse(type, request);
        }
    }

    /// <exception cref="AwsException">SerializationException.</exception>
    public static void Refuse(JsonTypeInfo type, object request)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (var property in type.Properties)
                {
                    if (property.Get?.Invoke(request) is { } value && MayHoldNull(property.PropertyType))
                    {
                        Refuse(type.Options.GetTypeInfo(property.PropertyType), value);
                    }
                }

                break;
            case JsonTypeInfoKind.Enumerable when request is IEnumerable list:
                RefuseIn(list, type);
                break;
            case JsonTypeInfoKind.Dictionary when request is IDictionary map:
                RefuseIn(map.Values, type);
                break;
            default:
                break;
        }
    }

    private static void RefuseIn(IEnumerable elements, JsonTypeInfo type)
    {
        foreach (var element in elements)
        {
            Refuse(
                type.Options.GetTypeInfo(type.ElementType!),
                element
                    ?? throw new AwsException(
                        "SerializationException",
                        "Null is not allowed as an element of a list or as a value of a map."
                    )
            );
        }
    }

    private static bool MayHoldNull(Type type) => !type.IsPrimitive && type != typeof(string);
}

using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Sqs;

/// <summary>Properties of templates as the texts that queue and topic attributes are: numbers, booleans and documents too.</summary>
internal static class TemplateText
{
    /// <summary>Null where the template does not set it.</summary>
    public static string? Of(JsonElement properties, string name) =>
        !properties.TryGetProperty(name, out var value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => value.GetRawText(),
            };

    /// <exception cref="AwsException">Not a list of texts.</exception>
    public static List<string> List(JsonElement properties, string name)
    {
        if (!properties.TryGetProperty(name, out var list))
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw new AwsException("ValidationException", $"{name} must be a list of strings.");
    }

    /// <summary>The stack's tags, and over them the resource's own; those that name the stack do not show on queues and topics.</summary>
    public static Dictionary<string, string> Tags(ResourceRequest request)
    {
        var tags = request
            .StackTags.Where(tag => !tag.Key.StartsWith("aws:cloudformation:", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        if (!request.Properties.TryGetProperty("Tags", out var own))
        {
            return tags;
        }

        foreach (
            var tag in own.ValueKind == JsonValueKind.Array
                ? own.EnumerateArray()
                : throw new AwsException("ValidationException", "Tags must be a list of Key and Value.")
        )
        {
            tags[Of(tag, "Key") ?? throw new AwsException("ValidationException", "A tag has no Key.")] = Of(tag, "Value") ?? "";
        }

        return tags;
    }
}

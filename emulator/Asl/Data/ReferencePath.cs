using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>Writing where a reference path points.</summary>
internal static class ReferencePath
{
    /// <summary>The target with the value put in: members on the way are made, array items must be there.</summary>
    public static JsonElement Put(JsonPath path, JsonElement target, JsonElement value) => Put(path, 0, target, target, value);

    private static JsonElement Put(JsonPath path, int depth, JsonElement node, JsonElement whole, JsonElement value)
    {
        if (depth == path.Segments.Length)
        {
            return value;
        }

        switch (path.Segments[depth])
        {
            case NameSegment name when node.ValueKind is JsonValueKind.Object or JsonValueKind.Undefined:
                var child = node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name.Name, out var found) ? found : default;
                return Json.With(node, name.Name, Put(path, depth + 1, child, whole, value));

            case IndexSegment index when node.ValueKind == JsonValueKind.Array && index.Index >= 0 && index.Index < node.GetArrayLength():
                return Json.Array(
                    node.EnumerateArray().Select((item, i) => i == index.Index ? Put(path, depth + 1, item, whole, value) : item)
                );

            default:
                throw new WorkflowException(WorkflowError.ResultPathMatchFailure, Conflict(path.Segments[depth], whole));
        }
    }

    /// <summary>AWS's words for a step that leads nowhere.</summary>
    public static string Conflict(PathSegment step, JsonElement input) =>
        $"Unable to apply step \"{(step is NameSegment name ? name.Name : step.Text)}\" to input {Json.Compact(input)}";
}

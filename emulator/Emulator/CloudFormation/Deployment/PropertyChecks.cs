using System.Text.Json;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Holds resolved properties to what their type declares.</summary>
internal static class PropertyChecks
{
    /// <summary>Null where they fit; AWS's text where they do not.</summary>
    public static string? Violation(IResource type, string logicalId, JsonElement properties)
    {
        var wrong = properties
            .EnumerateObject()
            .Where(p => !type.TakesAny && !type.Properties.ContainsKey(p.Name))
            .Select(p => $"#: extraneous key [{p.Name}] is not permitted")
            .Concat(
                type.Properties.Where(p => p.Value.Required && !properties.TryGetProperty(p.Key, out _))
                    .Select(p => $"#: required key [{p.Key}] not found")
            )
            .ToList();
        return wrong.Count == 0
            ? null
            : $"Properties validation failed for resource {logicalId} with message: [{string.Join(", ", wrong)}]";
    }

    /// <summary>The top-level properties that differ.</summary>
    public static IReadOnlyList<string> Changed(JsonElement before, JsonElement after)
    {
        var names = before.EnumerateObject().Concat(after.EnumerateObject()).Select(p => p.Name).Distinct();
        return
        [
            .. names.Where(name =>
                !before.TryGetProperty(name, out var a) || !after.TryGetProperty(name, out var b) || !JsonElement.DeepEquals(a, b)
            ),
        ];
    }
}

using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>
/// A value of the event. A dot in a name is a path, in patterns and in events: a member <c>a.b</c> is seen as <c>b</c> in an object
/// <c>a</c>, which is then that object's members whose names begin so.
/// </summary>
internal readonly record struct EventView(JsonElement Json, string? Prefix = null)
{
    private static readonly JsonElement Nested = JsonElement.Parse("{}"u8);

    public JsonElement Value => Prefix is null ? Json : Nested;

    public bool IsArray => Prefix is null && Json.ValueKind == JsonValueKind.Array;

    public EventView Get(string name)
    {
        if (Json.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        var full = Prefix is null ? name : Prefix + name;
        if (Json.TryGetProperty(full, out var value))
        {
            return new(value);
        }

        foreach (var member in Json.EnumerateObject())
        {
            if (
                member.Name.Length > full.Length + 1
                && member.Name[full.Length] == '.'
                && member.Name.StartsWith(full, StringComparison.Ordinal)
            )
            {
                return new(Json, full + ".");
            }
        }

        return default;
    }
}

using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>Values are equal as <see cref="JsonElement.DeepEquals(JsonElement, JsonElement)"/> has it; unequal ones mostly differ in their hash.</summary>
internal sealed class JsonValueComparer : IEqualityComparer<JsonElement>
{
    public static readonly JsonValueComparer Instance = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement obj)
    {
        var hash = new HashCode();
        Add(obj, ref hash);
        return hash.ToHashCode();
    }

    private static void Add(JsonElement value, ref HashCode hash)
    {
        hash.Add(value.ValueKind);
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                hash.Add(value.GetString(), StringComparer.Ordinal);
                break;
            case JsonValueKind.Number:
                hash.Add(value.GetDouble()); // 1 and 1.0 are equal
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Add(item, ref hash);
                }

                break;
            case JsonValueKind.Object:
                var members = 0; // in any order
                foreach (var member in value.EnumerateObject())
                {
                    var own = new HashCode();
                    own.Add(member.Name, StringComparer.Ordinal);
                    Add(member.Value, ref own);
                    members ^= own.ToHashCode();
                }

                hash.Add(members);
                break;
        }
    }
}

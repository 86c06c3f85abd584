using System.Text.Json;
using Disa.Jsonata.Values;

namespace Disa.Jsonata;

/// <summary>The variables that an expression finds, without their dollar signs.</summary>
public sealed class JsonataBindings
{
    internal Dictionary<string, Value?> Values { get; } = new(StringComparer.Ordinal);

    /// <param name="value">An undefined one binds nothing.</param>
    public void Add(string name, JsonElement value) => Values[name] = JsonValues.Of(value);

    /// <summary>An object of the members that are defined, none of which is copied.</summary>
    public void Add(string name, params ReadOnlySpan<(string Name, JsonElement Value)> members)
    {
        var made = new ObjectValue();
        foreach (var member in members)
        {
            if (member.Value.ValueKind != JsonValueKind.Undefined)
            {
                made.Set(member.Name, JsonValues.Of(member.Value));
            }
        }

        Values[name] = made;
    }
}

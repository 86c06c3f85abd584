using System.Text.Json;

namespace Disa.Jsonata.Values;

/// <summary>An object whose members keep their order; one of the input is read member by member, when somebody asks.</summary>
internal sealed class ObjectValue : Value
{
    private JsonElement _source;
    private OrderedDictionary<string, Value?>? _members;

    public ObjectValue() => _members = new(StringComparer.Ordinal);

    public ObjectValue(JsonElement source) => _source = source;

    public override string TypeName => "object";

    /// <summary>Undefined where the object is not as it was in the input.</summary>
    public JsonElement Source => _source;

    public OrderedDictionary<string, Value?> Members => _members ??= Read();

    public Value? this[string name]
    {
        get
        {
            if (_members is null)
            {
                return _source.TryGetProperty(name, out var member) ? JsonValues.Of(member) : null;
            }

            return _members.TryGetValue(name, out var value) ? value : null;
        }
    }

    public void Set(string name, Value? value)
    {
        Members[name] = value;
        _source = default;
    }

    public void Remove(string name)
    {
        Members.Remove(name);
        _source = default;
    }

    private OrderedDictionary<string, Value?> Read()
    {
        var members = new OrderedDictionary<string, Value?>(StringComparer.Ordinal);
        foreach (var member in _source.EnumerateObject())
        {
            members[member.Name] = JsonValues.Of(member.Value);
        }

        return members;
    }
}

using System.Text;
using System.Text.Json.Serialization;

namespace Disa.Emulator.DynamoDb;

/// <summary>Attributes by name: an item, a key, a map, or an expression's values.</summary>
[JsonConverter(typeof(ItemConverter))]
internal sealed class Item : Dictionary<string, AttributeValue>
{
    /// <summary>The most that an item may take, in bytes.</summary>
    public const int MaxSize = 400 * 1024;

    public Item()
        : base(StringComparer.Ordinal) { }

    public Item(int capacity)
        : base(capacity, StringComparer.Ordinal) { }

    public Item(Item other)
        : base(other, StringComparer.Ordinal) { }

    /// <summary>Its size in bytes, names included: what limits and capacity units are computed from.</summary>
    public int Size()
    {
        var size = 0;
        foreach (var (name, value) in this)
        {
            size += Encoding.UTF8.GetByteCount(name) + value.Size();
        }

        return size;
    }

    public bool SameAs(Item? other)
    {
        if (other is null || Count != other.Count)
        {
            return false;
        }

        foreach (var (name, value) in this)
        {
            if (!other.TryGetValue(name, out var theirs) || !value.Equals(theirs))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Only the named attributes, those that are there.</summary>
    public Item Only(IEnumerable<string> names)
    {
        var part = new Item();
        foreach (var name in names)
        {
            if (TryGetValue(name, out var value))
            {
                part[name] = value;
            }
        }

        return part;
    }
}

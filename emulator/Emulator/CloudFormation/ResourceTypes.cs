using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>Every resource type by its name; those that templates name themselves are all one.</summary>
internal sealed class ResourceTypes(IReadOnlyDictionary<string, IResource> known, Func<string, IResource> custom)
    : IReadOnlyDictionary<string, IResource>
{
    public IResource this[string key] => TryGetValue(key, out var type) ? type : throw new KeyNotFoundException(key);

    public IEnumerable<string> Keys => known.Keys;

    public IEnumerable<IResource> Values => known.Values;

    public int Count => known.Count;

    public bool ContainsKey(string key) => known.ContainsKey(key) || CustomResource.IsName(key);

    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out IResource value)
    {
        if (known.TryGetValue(key, out value))
        {
            return true;
        }

        value = CustomResource.IsName(key) ? custom(key) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, IResource>> GetEnumerator() => known.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.Collections.Concurrent;

namespace Disa.WebConsole;

/// <summary>Answers that stand for a while, so that a page that is looked at again and again does not ask for them each time.</summary>
internal sealed class ResponseCache
{
    private readonly ConcurrentDictionary<string, (string Version, DateTimeOffset Until, object Value)> values = new(
        StringComparer.Ordinal
    );

    /// <param name="name">What is asked for.</param>
    /// <param name="version">What else it depends on: with another one it is asked for again.</param>
    /// <param name="stands">For how long it stands.</param>
    /// <param name="ask">Asks.</param>
    public async Task<T> Get<T>(string name, string version, TimeSpan stands, Func<Task<T>> ask)
        where T : notnull
    {
        var now = TimeProvider.System.GetUtcNow();
        if (values.TryGetValue(name, out var kept) && kept.Version == version && kept.Until > now)
        {
            return (T)kept.Value;
        }

        var value = await ask().ConfigureAwait(false);
        foreach (var (old, entry) in values)
        {
            if (entry.Until <= now)
            {
                values.TryRemove(old, out _);
            }
        }

        values[name] = (version, now + stands, value);
        return value;
    }
}

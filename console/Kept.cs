using System.Security.Cryptography;

namespace Disa.WebConsole;

/// <summary>
/// What an action leaves for the page after it, kept in memory by a random name: nobody else can put words on a page through its
/// address. Only the newest hundred are kept.
/// </summary>
internal sealed class Kept<T>
    where T : class
{
    private const int Most = 100;
    private readonly Lock gate = new();
    private readonly Dictionary<string, T> values = [];
    private readonly Queue<string> order = new();

    public string Keep(T value)
    {
        var name = RandomNumberGenerator.GetHexString(16, lowercase: true);
        lock (gate)
        {
            values[name] = value;
            order.Enqueue(name);
            if (order.Count > Most)
            {
                values.Remove(order.Dequeue());
            }
        }

        return name;
    }

    public T? Find(string? name)
    {
        lock (gate)
        {
            return name is null ? null : values.GetValueOrDefault(name);
        }
    }
}

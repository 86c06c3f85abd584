using System.Security.Cryptography;

namespace Disa.WebConsole;

/// <summary>Sentences that the page after an action shows, kept here by a random name: nobody else can put words on a page through its address.</summary>
internal sealed class Notes
{
    private const int Kept = 100;
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> texts = [];
    private readonly Queue<string> order = new();

    public string Keep(string text)
    {
        var name = RandomNumberGenerator.GetHexString(16, lowercase: true);
        lock (gate)
        {
            texts[name] = text;
            order.Enqueue(name);
            if (order.Count > Kept)
            {
                texts.Remove(order.Dequeue());
            }
        }

        return name;
    }

    public string? Find(string? name)
    {
        lock (gate)
        {
            return name is null ? null : texts.GetValueOrDefault(name);
        }
    }
}

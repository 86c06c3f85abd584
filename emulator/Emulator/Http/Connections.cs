using System.Globalization;
using Microsoft.AspNetCore.Connections;

namespace Disa.Emulator.Http;

/// <summary>Caps a server's connections: where there are too many, those that have been idle longest are closed.</summary>
internal sealed class Connections(int most)
{
    private const int Usual = 1024;
    private const int Highest = 4096;

    private readonly Lock gate = new();
    private readonly LinkedList<Entry> idle = new(); // longest idle first
    private int count;

    /// <summary>A quarter of the file descriptors that this process may have: the store, functions and their servers need the others.</summary>
    public static int Most()
    {
        var descriptors = Usual;
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines("/proc/self/limits")
                .FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
            var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            descriptors = int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
        }

        return Math.Clamp(descriptors / 4, 16, Highest);
    }

    public Entry Enter(ConnectionContext connection)
    {
        Entry? oldest = null;
        var entry = new Entry(this, connection);
        lock (gate)
        {
            if (++count > most)
            {
                oldest = idle.First?.Value ?? entry; // where all others work, this one has to go
                Take(oldest);
            }

            if (oldest != entry)
            {
                entry.Place = idle.AddLast(entry);
            }
        }

        oldest?.Connection.Abort(new ConnectionAbortedException("There are too many connections."));
        return entry;
    }

    public void Leave(Entry entry)
    {
        lock (gate)
        {
            count--;
            Take(entry);
        }
    }

    private void Take(Entry entry)
    {
        if (entry.Place is { } place)
        {
            idle.Remove(place);
            entry.Place = null;
        }
    }

    /// <summary>One connection.</summary>
    public sealed class Entry(Connections all, ConnectionContext connection)
    {
        public ConnectionContext Connection => connection;

        /// <summary>Among the idle ones; null while it works, or goes.</summary>
        public LinkedListNode<Entry>? Place { get; set; }

        /// <summary>A request is being answered, until what this gives back is disposed.</summary>
        public IDisposable Work()
        {
            lock (all.gate)
            {
                all.Take(this);
            }

            return new Busy(this);
        }

        private void Rest()
        {
            lock (all.gate)
            {
                Place ??= all.idle.AddLast(this);
            }
        }

        private sealed class Busy(Entry entry) : IDisposable
        {
            public void Dispose() => entry.Rest();
        }
    }
}

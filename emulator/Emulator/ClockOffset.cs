using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator;

internal sealed record StoredClock(long OffsetTicks);

/// <summary>How far the clock was moved, kept over a restart.</summary>
internal sealed class ClockOffset(Database database)
{
    private static readonly Scope Everywhere = new("", "");

    private readonly Shelf<StoredClock> shelf = new(database, "disa.clock", ClockOffsetJson.Default.StoredClock);

    public TimeSpan Read() => TimeSpan.FromTicks(shelf.Get(Everywhere, "offset")?.OffsetTicks ?? 0);

    public Task Write(TimeSpan offset) =>
        database.Write(transaction => shelf.Put(transaction, Everywhere, "offset", new StoredClock(offset.Ticks)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredClock))]
internal sealed partial class ClockOffsetJson : JsonSerializerContext;

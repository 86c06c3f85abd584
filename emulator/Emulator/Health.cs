using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator;

/// <summary>What <c>GET /_disa/health</c> answers.</summary>
internal sealed record Health(string Status, DateTimeOffset Now, long OffsetSeconds, string Account)
{
    /// <summary>What does not work as it should, a sentence each; null where all does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary>Where the clock is being moved to; null while it stands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? MovingTo { get; init; }
}

/// <summary>Says how the emulator is: whether it is ready, what is wrong, and where its clock stands.</summary>
internal sealed class HealthReport(Database database, Clock clock, IReadOnlyList<Room> rooms, string account)
{
    private volatile bool ready;

    /// <summary>From now on it is ready: what was to be deployed is.</summary>
    public void MarkReady() => ready = true;

    /// <summary>What <c>GET /_disa/health</c> answers: 503 until all is well.</summary>
    public AdminResponse Check()
    {
        var health = Now();
        return Answer(health, health.Status == "ready" ? 200 : 503);
    }

    /// <summary>The same where nothing was asked about it: always 200.</summary>
    public AdminResponse Say() => Answer(Now(), 200);

    private Health Now()
    {
        string[] problems = [.. rooms.SelectMany(room => room.Problems).Prepend(database.Trouble).OfType<string>()];
        return new Health(
            !ready ? "starting"
                : problems.Length > 0 ? "degraded"
                : "ready",
            clock.GetUtcNow(),
            (long)clock.Offset.TotalSeconds,
            account
        )
        {
            Problems = problems.Length > 0 ? problems : null,
            MovingTo = clock.MovingTo,
        };
    }

    private static AdminResponse Answer(Health health, int status) =>
        new(JsonSerializer.SerializeToUtf8Bytes(health, HealthJson.Default.Health), Status: status);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Health))]
internal sealed partial class HealthJson : JsonSerializerContext;

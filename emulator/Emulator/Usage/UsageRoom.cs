using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Usage;

/// <summary>What <c>GET /_disa/usage</c> answers, and what is kept.</summary>
/// <param name="Since">When counting began.</param>
/// <param name="Lines">What was used since.</param>
/// <param name="Standing">What there is now, and is billed by the month.</param>
internal sealed record UsageReport(DateTimeOffset Since, IReadOnlyList<UsageLine> Lines, IReadOnlyList<UsageLine> Standing);

/// <summary>
/// What was used, at <c>/_disa/usage</c>. It is kept at a stop, and a minute after the first use that is not kept yet: a
/// <c>kill -9</c> loses what was counted in its last minute.
/// </summary>
internal sealed class UsageRoom : Room
{
    private static readonly Scope Everywhere = new("", "");
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    private readonly Database database;
    private readonly Clock clock;
    private readonly UsageMeter meter;
    private readonly Shelf<UsageReport> kept;
    private ITimer? timer;
    private int waiting;

    public UsageRoom(Database database, Clock clock, UsageMeter meter)
    {
        (this.database, this.clock, this.meter) = (database, clock, meter);
        kept = new Shelf<UsageReport>(database, "disa.usage", UsageJson.Default.UsageReport);
        if (kept.Get(Everywhere, "usage") is { } before)
        {
            meter.Restore(before.Lines, before.Since);
        }
    }

    public override IEnumerable<AwsService> Services => [];

    public override IEnumerable<AdminEndpoint> AdminEndpoints =>
        [
            new("GET", "usage", (_, _) => Task.FromResult(Shown())),
            new(
                "POST",
                "usage/reset",
                async (_, _) =>
                {
                    meter.Reset();
                    await Keep().ConfigureAwait(false);
                    return Shown();
                }
            ),
        ];

    public override void Start() => meter.Counted = Remember;

    public override async ValueTask DisposeAsync()
    {
        meter.Counted = () => { };
        timer?.Dispose();
        await Keep().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private AdminResponse Shown() => new(JsonSerializer.SerializeToUtf8Bytes(Report(), UsageJson.Default.UsageReport));

    private UsageReport Report() => new(meter.Since, meter.Lines, meter.Standing);

    /// <summary>Real time: it is no business of the emulator's clock when something is kept.</summary>
    private void Remember()
    {
        if (Interlocked.Exchange(ref waiting, 1) == 0)
        {
            timer?.Dispose();
            timer = clock.Wall.CreateTimer(static room => _ = ((UsageRoom)room!).Keep(), this, Lateness, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task Keep()
    {
        try
        {
            Volatile.Write(ref waiting, 0);
            var report = Report();
            await database
                .WriteLast<object?>(transaction =>
                {
                    kept.Put(transaction, Everywhere, "usage", report);
                    return null;
                })
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ObjectDisposedException or IOException)
        {
            // The store is gone first: what was kept before stands.
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UsageReport))]
internal sealed partial class UsageJson : JsonSerializerContext;

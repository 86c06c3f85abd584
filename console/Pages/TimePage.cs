using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>The emulator's clock, and buttons that move it.</summary>
internal static class TimePage
{
    private static readonly (string Span, string Words)[] Moves = [("1m", "1 minute"), ("5m", "5 minutes"), ("1h", "1 hour"), ("1d", "1 day")];

    public static async Task<Page> Get(Visit visit)
    {
        var health = await Health(visit).ConfigureAwait(false);
        var waits = await Backlog.Read(visit.Session, visit.Deployment, visit.Now, visit.Cancellation).ConfigureAwait(false);
        return new Page("Time", "time", Html.Of(
            $"""
            <h1>Time</h1>
            <p class="bigclock">{Show.Exact(health.Now)} <span>UTC</span></p>
            <p>{(health.OffsetSeconds == 0 ? "The emulator's clock goes with this machine's." : $"The emulator's clock is {Show.Span(TimeSpan.FromSeconds(health.OffsetSeconds))} ahead of this machine's.")}
            It is moved forward only, through everything that falls due on the way: schedules run, alarms are evaluated, retries are sent, leases end.</p>
            {visit.Act("advance", Html.Of(
                $"""
                <div class="actions">{Moves.Select(move => Html.Of($"""<button name="span" value="{move.Span}">+ {move.Words}</button>"""))}</div>
                """))}
            {visit.Act("advance", Html.Of($"""<label>By another span <input name="span" required pattern="[+]?([0-9]+[smhd])+" placeholder="1h30m" size="10"></label> <button>Move</button>"""))}
            <section aria-labelledby="due"><h2 id="due">What falls due</h2>
            {Show.Facts(
                ("due now", Html.Of($"{waits.Due}")),
                ("due later", Html.Of($"{waits.Later}")),
                ("the first of them", waits.NextLater is null ? Html.None : Show.Time(waits.NextLater)))}</section>
            """));
    }

    public static async Task<string> Advance(Visit visit)
    {
        await Health(visit).ConfigureAwait(false);
        var span = Duration.Parse(visit.Needed("span"));
        var health = await visit.Session.Emulator.Advance(span, visit.Cancellation).ConfigureAwait(false);
        return visit.Back($"The emulator's clock shows {health.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC.", "time");
    }

    private static async Task<Health> Health(Visit visit) => await EmulatorApi.HealthOrNone(visit.Session, visit.Cancellation).ConfigureAwait(false)
        ?? throw new MisuseException($"{visit.Session.Target.Describe()} has a clock that nobody moves: only the emulator's can be moved.");
}

using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>The emulator's clock, buttons that move it, and what happens by itself next.</summary>
internal static class TimePage
{
    private static readonly (string Span, string Words)[] Moves = [("1m", "1 minute"), ("5m", "5 minutes"), ("1h", "1 hour"), ("1d", "1 day")];

    public static async Task<Page> Get(Visit visit)
    {
        var health = await Health(visit).ConfigureAwait(false);
        var waits = await Backlog.Read(visit.Session, visit.Deployment, visit.Now, visit.Cancellation).ConfigureAwait(false);
        var upcoming = await visit.Session.Emulator.Upcoming(visit.Cancellation).ConfigureAwait(false);
        return new Page("Time", "time", Html.Of(
            $"""
            <h1>Time</h1>
            <p class="bigclock">{Show.Exact(health.Now)} <span>UTC</span></p>
            <p>{(health.OffsetSeconds == 0
                ? "The emulator's clock matches this machine's."
                : $"The emulator's clock is {Show.Span(TimeSpan.FromSeconds(health.OffsetSeconds))} ahead of this machine's.")}
            It only moves forward, through everything that falls due on the way: schedules run, alarms are evaluated, retries are sent, leases end.</p>
            {(visit.Site.ClockMoves.Failure is { } failure ? Html.Of($"""<p class="verdict bad"><strong>The last move failed:</strong> {failure}</p>""") : Html.None)}
            {(health.MovingTo is { } target ? Moving(visit, health, target) : Buttons(visit))}
            <section aria-labelledby="messages"><h2 id="messages">Messages</h2>
            {Show.Facts(
                ("due now", Html.Of($"{waits.Due}")),
                ("due later", Html.Of($"{waits.Later}")),
                ("the first of them", waits.NextLater is null ? Html.None : Show.Time(waits.NextLater)))}
            {Messages(waits)}</section>
            <section aria-labelledby="due"><h2 id="due">What happens next</h2>{Upcomings(upcoming)}</section>
            """));
    }

    public static async Task<string> Advance(Visit visit)
    {
        await Health(visit).ConfigureAwait(false);
        var span = Duration.Parse(visit.RequiredFormValue("span"));
        return await visit.Site.ClockMoves.Begin(span, visit.Cancellation).ConfigureAwait(false) is { } health
            ? visit.Back($"The emulator's clock shows {Words(health.Now)} UTC.", "time")
            : Links.To("time");
    }

    /// <summary>Stops a move where it is, whoever began it.</summary>
    public static async Task<string> Stop(Visit visit)
    {
        await Health(visit).ConfigureAwait(false);
        var health = await visit.Session.Emulator.StopTime(visit.Cancellation).ConfigureAwait(false);
        return visit.Back($"The emulator's clock was stopped at {Words(health.Now)} UTC.", "time");
    }

    private static Html Buttons(Visit visit) => Html.Of(
        $"""
        {visit.Act("advance", Html.Of(
            $"""
            <div class="actions">{Moves.Select(move => Html.Of($"""<button name="span" value="{move.Span}">+ {move.Words}</button>"""))}</div>
            """))}
        {visit.Act("advance", Html.Of(
            $"""
            <label>Custom duration <input name="span" required pattern="[+]?([0-9]+[smhd])+" placeholder="1h30m" size="10"></label>
            <button>Move</button>
            """))}
        """);

    private static Html Moving(Visit visit, Health health, DateTimeOffset target) => Html.Of(
        $"""
        <div class="verdict wait" role="status"><p><strong>The clock is moving to {Words(target)} UTC.</strong>
        {Show.Span(target - health.Now)} to go.</p>
        {visit.Act("stop-clock", Html.Of($"<button>Stop it here</button>"))}</div>
        """);

    private static Html Messages(Backlog waits) => Html.When(waits.Earliest.Count > 0,
        $"""
        <table class="stack">
        <caption class="hidden">Messages that are due first</caption>
        <thead><tr><th scope="col">Message</th><th scope="col">Due</th></tr></thead>
        <tbody>{waits.Earliest.Select(message => Html.Of(
            $"""
            <tr><th scope="row"><a href="{Links.To("message", ("id", message.Id))}">{message.Id}</a></th>
            <td data-name="Due">{Show.Time(message.Due)}</td></tr>
            """))}</tbody>
        </table>
        """);

    private static Html Upcomings(IReadOnlyList<Upcoming> upcoming) => upcoming.Count == 0
        ? Html.Of($"""<p class="empty">Nothing is scheduled.</p>""")
        : Html.Of(
            $"""
            <table class="stack" id="upcoming">
            <caption class="hidden">Schedules, alarm evaluations, retries and executions, by time</caption>
            <thead><tr><th scope="col">What</th><th scope="col">Kind</th><th scope="col">When</th></tr></thead>
            <tbody>{upcoming.Select(next => Html.Of(
                $"""
                <tr><th scope="row">{next.Name}</th><td data-name="Kind">{next.Kind} <span class="type">{next.Service}</span></td>
                <td data-name="When">{Show.Time(next.At)}</td></tr>
                """))}</tbody>
            </table>
            """);

    private static string Words(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static async Task<Health> Health(Visit visit) => await EmulatorApi.HealthOrNone(visit.Session, visit.Cancellation).ConfigureAwait(false)
        ?? throw new UsageException($"{visit.Session.Target.Describe()} has no clock to move: only the emulator has one.");
}
